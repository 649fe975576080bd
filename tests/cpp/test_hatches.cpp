// Tests escape hatches: extra headers, requests by method and path, what errors and responses tell.

#include "testing.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>

using namespace configcat::management;

namespace {

const std::string TOKEN = "s3cr3t/t0ken+value";

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

std::string journal(const Simulator &simulator) {
    std::string text = simulator.admin("GET", "/journal").second;
    simulator.admin("DELETE", "/journal");
    return text;
}

std::string header(const std::vector<std::pair<std::string, std::string>> &headers, const std::string &name) {
    auto found = std::find_if(headers.begin(), headers.end(), [&](const auto &pair) { return pair.first == name; });
    return found == headers.end() ? "" : found->second;
}

void recording_is_played_back_without_a_request() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.cassette = "cassette-cpp-" + simulator.url().substr(simulator.url().rfind(':') + 1) + ".jsonl";
    CHECK(Client(options).me().get().send().email == "simulator@example.com");
    journal(simulator);
    {
        Client player(options);
        // The name of the user is a part of the credentials.
        CHECK(player.me().get().send().email == "***@example.com");
        CHECK(player.me().get().try_send().error().kind() == ErrorKind::configuration);
    }
    CHECK(!contains(journal(simulator), "/v1/me"));
    CHECK(std::remove(options.cassette->c_str()) == 0);
}

void operations_can_be_called_by_name() {
    Simulator simulator("demo");
    Client client(options_for(simulator));
    auto products = client.products().list().send();
    Json created = client.call("tags.create").with("product_id", products.at(0).product_id).with("name", "ops").send();
    Document tag = Document::parse(created.text());
    CHECK(tag.value()["name"].text() == "ops");
    client.call("tags.delete").with("tag_id", tag.value()["tagId"].integer()).send();
    CHECK(client.call("me.get").send_response().http_status == 200);
    auto unknown = thrown<BadRequestError>([&] { client.call("tags.paint").send(); });
    CHECK(contains(unknown.what(), "unknown operation \"tags.paint\""));
    auto misspelt = thrown<BadRequestError>([&] { client.call("tags.create").with("nam", "ops").send(); });
    CHECK(contains(misspelt.what(), "did you mean name?"));
}

void unknown_fields_of_a_response_are_readable() {
    Simulator simulator;
    Client client(options_for(simulator));
    simulator.admin("POST", "/faults",
                    R"({"operation":"me.get","body":{"email":"a@example.com","fullName":"A","shoeSize":{"eu":42}}})");
    auto response = client.me().get().send_response();
    CHECK(response.value.full_name == "A");
    Document body = Document::parse(response.body);
    CHECK(body.value().at("shoeSize.eu").integer() == 42);
    Json value = client.call("me.get").send();
    CHECK(contains(value.text(), R"("shoeSize":{"eu":42})"));
}

void log_handler_receives_lines_until_it_is_removed() {
    Simulator simulator;
    Client client(options_for(simulator));
    std::vector<std::string> lines;
    set_log(LogLevel::debug, [&](LogLevel level, std::string_view line) {
        CHECK(level == LogLevel::debug);
        lines.emplace_back(line);
        // Exceptions are ignored, and so is this, which would wait for itself.
        set_log(LogLevel::debug, {});
    });
    client.me().get().send();
    CHECK(lines.size() == 1 && contains(lines[0], "status=200") && !contains(lines[0], "simulator"));
    set_log(LogLevel::info, [&](LogLevel, std::string_view line) { lines.emplace_back(line); });
    client.me().get().send();
    CHECK(lines.size() == 1);
    set_log(LogLevel::debug, nullptr);
    client.me().get().send();
    CHECK(lines.size() == 1);
}

void listener_receives_the_rate_limit_after_each_call() {
    Simulator simulator("demo", "50/60");
    Client client(options_for(simulator));
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::int64_t> seen;
    auto wait_for = [&](std::int64_t remaining) {
        std::unique_lock<std::mutex> lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(10), [&] { return !seen.empty() && seen.back() == remaining; });
    };
    client.on_rate_limit([&](const RateLimit &limit) {
        std::lock_guard<std::mutex> lock(mutex);
        seen.push_back(limit.remaining.value_or(-1));
        changed.notify_all();
        throw std::runtime_error("ignored");
    });
    CHECK(wait_for(-1));
    client.me().get().send();
    CHECK(wait_for(49));
    client.on_rate_limit(nullptr);
    client.me().get().send();
    std::lock_guard<std::mutex> lock(mutex);
    CHECK(seen.back() == 49 && client.rate_limit().remaining == 48);
}

void requests_are_sent_through_the_proxy() {
    Simulator simulator;
    Options options = options_for(simulator);
    // The simulator is the proxy of a host that does not exist.
    options.base_url = "http://configcat.invalid";
    options.allow_http = true;
    options.proxy = simulator.url();
    CHECK(Client(options).me().get().send().email == "simulator@example.com");
    options.root_certificates = {"no certificate"};
    CHECK(contains(thrown<ConfigurationError>([&] { Client refused(options); }).what(), "root_certificate"));
}

void header_of_a_call_replaces_that_of_the_client() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.headers = {{"X-Team", "from-client"}};
    Client client(options);
    client.me().get().send();
    CHECK(contains(journal(simulator), "from-client"));
    client.me().get().header("x-team", "from-call").send();
    std::string seen = journal(simulator);
    CHECK(contains(seen, "from-call") && !contains(seen, "from-client"));
}

void header_that_the_client_sets_is_refused_before_sending() {
    Simulator simulator;
    Client client(options_for(simulator));
    for (const char *name : {"Authorization", "Host", "CONTENT-LENGTH", "Accept"}) {
        auto error = thrown<BadRequestError>([&] { client.me().get().header(name, TOKEN).send(); });
        std::string message = error.what();
        CHECK(contains(message, "header \"" + std::string(name) + "\" is set by the client") && !contains(message, TOKEN));
        Options options = options_for(simulator);
        options.headers = {{name, TOKEN}};
        CHECK(contains(thrown<ConfigurationError>([&] { Client refused(options); }).what(), "is set by the client"));
    }
    for (const std::string &value : {std::string("a\nb"), std::string("a\0b", 3)}) {
        auto error = thrown<BadRequestError>([&] { client.me().get().header("X-Note", value).send(); });
        CHECK(contains(error.what(), "\"X-Note\" has a value with a line break"));
    }
    CHECK(!contains(journal(simulator), "/v1/me"));
}

void raw_request_reads_and_writes() {
    Simulator simulator;
    Client client(options_for(simulator));
    auto organizations = client.organizations().list().send();
    std::string path = "/v1/organizations/" + organizations.at(0).organization_id + "/products";
    auto created = client.request("POST", path).body(Json::raw(R"({"name":"Raw"})")).send_response();
    CHECK(created.http_status == 201 && contains(created.value.text(), R"("name":"Raw")"));
    CHECK(contains(created.body, R"("name":"Raw")") && created.attempts == 1);
    Json me = client.request("GET", "/v1/me").query("a b", "1&2").send();
    CHECK(contains(me.text(), "simulator@example.com"));
    CHECK(contains(journal(simulator), R"("query":"a%20b=1%262")"));
    CHECK(contains(client.request("GET", "/v1/me").send_async().get().text(), "simulator@example.com"));
    auto missing = client.request("GET", "/v1/nothing").try_send();
    CHECK(!missing && missing.error().kind() == ErrorKind::not_found);
    CHECK(missing.error().operation() == "GET /v1/nothing" && missing.error().method() == "GET");
    auto error = thrown<BadRequestError>([&] { client.request("GET", "/v1/../me").send(); });
    CHECK(contains(error.what(), "no segment . or .."));
}

void raw_requests_are_paced_and_retried_like_others() {
    Simulator simulator;
    Client client(options_for(simulator));
    simulator.admin("POST", "/faults", R"({"path":"/v1/me","status":429,"retryAfter":1,"times":1})");
    auto response = client.request("GET", "/v1/me").send_response();
    CHECK(response.attempts == 2 && response.waited >= std::chrono::milliseconds(900));
    simulator.admin("POST", "/faults", R"({"path":"/v1/nothing","reset":"before","times":1})");
    auto lost = thrown<ConnectionError>([&] { client.request("POST", "/v1/nothing").body(nullptr).send(); });
    CHECK(lost.attempts() == 1 && lost.maybe_applied());
}

void error_has_masked_headers_method_and_path_template() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.headers = {{"X-Gateway", "Bearer " + TOKEN}};
    Client client(options);
    simulator.admin("POST", "/faults", R"({"status":400,"headers":{"x-echo":")" + TOKEN + R"("},"body":")" + TOKEN + R"("})");
    auto error = thrown<BadRequestError>([&] { client.configs().get("08d5a03c-feb7-af1e-a1fa-40b3329f8bed").send(); });
    CHECK(error.method() == "GET" && error.path_template() == "/v1/configs/{configId}");
    CHECK(header(error.headers(), "x-echo") == "***");
    CHECK(!contains(error.body(), "s3cr3t") && !contains(error.what(), "s3cr3t"));
}

void typed_response_has_its_body() {
    Simulator simulator;
    Client client(options_for(simulator));
    auto response = client.me().get().send_response();
    CHECK(contains(response.body, response.value.email) && header(response.headers, "content-type") != "");
}

void unusable_client_certificate_is_refused() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.client_certificate = "-----BEGIN CERTIFICATE-----";
    auto error = thrown<ConfigurationError>([&] { Client refused(options); });
    CHECK(contains(error.what(), "invalid client_certificate: it holds no private key"));
}

} // namespace

int main() {
    return run({
        {"recording_is_played_back_without_a_request", recording_is_played_back_without_a_request},
        {"operations_can_be_called_by_name", operations_can_be_called_by_name},
        {"unknown_fields_of_a_response_are_readable", unknown_fields_of_a_response_are_readable},
        {"log_handler_receives_lines_until_it_is_removed", log_handler_receives_lines_until_it_is_removed},
        {"listener_receives_the_rate_limit_after_each_call", listener_receives_the_rate_limit_after_each_call},
        {"requests_are_sent_through_the_proxy", requests_are_sent_through_the_proxy},
        {"header_of_a_call_replaces_that_of_the_client", header_of_a_call_replaces_that_of_the_client},
        {"header_that_the_client_sets_is_refused_before_sending", header_that_the_client_sets_is_refused_before_sending},
        {"raw_request_reads_and_writes", raw_request_reads_and_writes},
        {"raw_requests_are_paced_and_retried_like_others", raw_requests_are_paced_and_retried_like_others},
        {"error_has_masked_headers_method_and_path_template", error_has_masked_headers_method_and_path_template},
        {"typed_response_has_its_body", typed_response_has_its_body},
        {"unusable_client_certificate_is_refused", unusable_client_certificate_is_refused},
    });
}
