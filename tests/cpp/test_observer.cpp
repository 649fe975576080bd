// Tests observers, credential providers, and changes of the network.

#include "testing.hpp"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

using namespace configcat::management;

namespace {

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

/// A copy of an event that outlives it.
struct Seen {
    Event event;
    std::string request;
};

void events_have_call_method_and_path_template() {
    Simulator simulator;
    Options options = options_for(simulator);
    std::vector<Seen> seen;
    options.observer = [&](const Event &event) {
        std::string request(event.method);
        seen.push_back({event, request.append(" ").append(event.path_template)});
    };
    Client client(options);
    const auto product = client.products().list().send().front();
    seen.clear();
    simulator.admin("POST", "/faults", R"({"operation":"configs.list","status":503,"times":1})");
    client.configs().list(product.product_id).send();
    std::vector<ccm_event_kind> kinds;
    for (const auto &[event, request] : seen) {
        kinds.push_back(event.kind);
        CHECK(event.call == seen.front().event.call);
        CHECK(request == "GET /v1/products/{productId}/configs");
    }
    const std::vector<ccm_event_kind> expected = {CCM_EVENT_ATTEMPT, CCM_EVENT_OUTCOME, CCM_EVENT_WAIT_RETRY,
                                                  CCM_EVENT_ATTEMPT, CCM_EVENT_OUTCOME, CCM_EVENT_FINISHED};
    CHECK(kinds == expected);
    CHECK(seen[1].event.error == CCM_SERVER && seen[1].event.will_retry);
    CHECK(seen[4].event.error == CCM_OK && !seen[4].event.will_retry && seen[4].event.response_bytes > 100);
    const Event &end = seen[5].event;
    CHECK(end.attempt == 2 && end.http_status == 200 && end.error == CCM_OK);
    CHECK(end.backoff.count() > 0 && end.time >= end.backoff + end.waited);
}

void headers_of_an_attempt_are_made_for_each_one() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.attempt_headers = [](const Event &attempt) {
        std::vector<std::pair<std::string, std::string>> headers;
        headers.emplace_back("X-Token", "token-of-attempt-" + std::to_string(attempt.attempt));
        headers.emplace_back("X-Operation", attempt.operation);
        return headers;
    };
    Client client(options);
    Fault fault;
    fault.status = 503;
    fault.times = 1;
    simulator.add_fault(fault);
    client.me().get().send();
    const std::string journal = simulator.journal("me.get");
    CHECK(contains(journal, "token-of-attempt-1") && contains(journal, "token-of-attempt-2"));
    simulator.clear_journal();
    options.attempt_headers = [](const Event &) -> std::vector<std::pair<std::string, std::string>> { throw 7; };
    Client(options).me().get().send();
    CHECK(simulator.requests("me.get") == 1 && !contains(simulator.journal("me.get"), "token-of"));
    options.attempt_headers = [](const Event &) {
        return std::vector<std::pair<std::string, std::string>>{{"Authorization", "mine"}};
    };
    auto error = thrown<BadRequestError>([&] { Client(options).me().get().send(); });
    CHECK(contains(error.what(), "is set by the client"));
}

void provider_is_called_once_per_call() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.username = options.password = std::nullopt;
    std::atomic<int> calls{0};
    options.credentials = [&] {
        calls++;
        return Credentials{"simulator", "simulator"};
    };
    Client client(options);
    CHECK(client.me().get().send().email == "simulator@example.com");
    CHECK(client.me().get().send().email == "simulator@example.com");
    CHECK(calls == 2);
}

void exception_of_a_provider_is_an_authentication_error() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.credentials = []() -> Credentials { throw std::runtime_error("the vault is sealed"); };
    auto error = thrown<AuthenticationError>([&] { Client(options).me().get().send(); });
    CHECK(contains(error.what(), "the vault is sealed"));
    options.credentials = []() -> Credentials { throw 7; };
    error = thrown<AuthenticationError>([&] { Client(options).me().get().send(); });
    CHECK(contains(error.what(), "the function threw an exception"));
}

void network_change_retries_a_stalled_attempt() {
    Simulator simulator;
    Client client(options_for(simulator));
    simulator.admin("POST", "/faults", R"({"operation":"me.get","delayMs":30000,"times":1})");
    auto call = std::async(std::launch::async, [&] { return client.me().get().send().email; });
    while (client.usage().requests == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    client.network_changed();
    CHECK(call.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
    CHECK(call.get() == "simulator@example.com");
}

} // namespace

int main() {
    return run({
        {"events_have_call_method_and_path_template", events_have_call_method_and_path_template},
        {"headers_of_an_attempt_are_made_for_each_one", headers_of_an_attempt_are_made_for_each_one},
        {"provider_is_called_once_per_call", provider_is_called_once_per_call},
        {"exception_of_a_provider_is_an_authentication_error", exception_of_a_provider_is_an_authentication_error},
        {"network_change_retries_a_stalled_attempt", network_change_retries_a_stalled_attempt},
    });
}
