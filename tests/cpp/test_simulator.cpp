// Tests the simulator in the process of a test: faults, journal, clock, seed.

#include "testing.hpp"

#include <algorithm>
#include <locale>
#include <random>

using namespace configcat::management;

namespace {

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

void typed_faults_apply_to_their_requests() {
    Simulator simulator;
    Client client(options_for(simulator));
    Fault fault;
    fault.operation = "me.get";
    fault.status = 429;
    fault.retry_after = std::chrono::seconds(7);
    fault.times = 1;
    fault.headers = {{"X-Note", "a \"quoted\"\ttext"}};
    fault.body = "{\"message\":\"slow down\"}";
    simulator.add_fault(fault);
    auto error = thrown<RateLimitedError>([&] { client.me().get().max_attempts(1).send(); });
    CHECK(error.is_retryable() && error.attempts() == 1 && error.retry_after() == std::chrono::seconds(7));
    CHECK(contains(error.what(), "slow down"));
    CHECK(client.me().get().send().full_name != "");
    fault.times.reset();
    simulator.add_fault(fault);
    simulator.clear_faults();
    client.me().get().max_attempts(1).send();
    Fault invalid;
    invalid.probability = 2;
    CHECK(contains(thrown<std::runtime_error>([&] { simulator.add_fault(invalid); }).what(), "probability"));
}

void probability_is_exact_in_every_locale() {
    struct Comma : std::numpunct<char> {
        [[nodiscard]] char do_decimal_point() const override { return ','; }
    };
    Simulator simulator;
    Fault fault;
    fault.status = 503;
    fault.probability = 0.0000001;
    const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
    const std::string json = fault.json();
    std::locale::global(before);
    CHECK(contains(json, "\"probability\":9.99") || contains(json, "\"probability\":1e-07"));
    simulator.add_fault(fault);
    CHECK(contains(simulator.admin("GET", "/faults").second, "1e-7"));
}

void journal_counts_and_lists_requests() {
    Simulator simulator;
    Client client(options_for(simulator));
    client.me().get().send();
    client.products().list().send();
    CHECK(simulator.requests() == 2 && simulator.requests("me.get") == 1 && simulator.requests("products.*") == 1);
    CHECK(contains(simulator.journal("me.get"), "\"path\":\"/v1/me\"") && !contains(simulator.journal("me.get"), "/v1/products"));
    simulator.clear_journal();
    CHECK(simulator.requests() == 0);
}

void clock_can_be_advanced() {
    Simulator simulator("demo", "1/3600");
    Options options = options_for(simulator);
    options.rate_limit = RateLimitPolicy::off;
    options.max_attempts = 1;
    Client client(options);
    client.me().get().send();
    thrown<RateLimitedError>([&] { client.me().get().send(); });
    simulator.freeze_clock();
    simulator.advance_clock(std::chrono::hours(2));
    client.me().get().send();
    simulator.resume_clock();
}

void seed_plants_what_it_describes() {
    Simulator simulator(R"({"organizations":[{"name":"Mine","products":[{"name":"P"}]}]})");
    Client client(options_for(simulator));
    auto products = client.products().list().send();
    CHECK(products.size() == 1 && products[0].name == "P");
    auto error = thrown<std::runtime_error>([] { Simulator broken(R"({"organizations":[{"nam":"x"}]})"); });
    CHECK(contains(error.what(), "organizations[0].nam"));
}

void settings_of_the_simulator_apply() {
    SimulatorOptions settings;
    settings.username = "owner";
    settings.password = "pa\"ss";
    settings.rate_limit = "50/60";
    settings.rate_limit_reset = RateLimitReset::epoch;
    settings.journal = 2;
    settings.webhooks_anywhere = true;
    settings.state = (std::filesystem::temp_directory_path() / ("simulator-cpp-" + std::to_string(std::random_device()()))).string();
    std::uint16_t port = 0;
    {
        Simulator simulator(settings);
        CHECK(simulator.username() == "owner" && simulator.password() == "pa\"ss");
        port = static_cast<std::uint16_t>(std::stoi(simulator.url().substr(simulator.url().rfind(':') + 1)));
        Client client(options_for(simulator));
        for (int i = 0; i < 3; i++) {
            (void)client.tags().create(client.products().list().send().at(0).product_id, CreateTag("kept")).send();
        }
        auto response = client.me().get().send_response();
        CHECK(simulator.requests() == 2 && response.rate_limit.remaining == 43);
        auto reset = std::find_if(response.headers.begin(), response.headers.end(), [](const auto &h) { return h.first == "x-rate-limit-reset"; });
        CHECK(reset != response.headers.end() && std::stoll(reset->second) > 1600000000);
    }
    settings.rate_limit.clear();
    settings.journal = 0;
    settings.port = port;
    {
        Simulator again(settings);
        CHECK(again.url().find(":" + std::to_string(port)) != std::string::npos);
        Client client(options_for(again));
        CHECK(client.tags().list(client.products().list().send().at(0).product_id).send().size() >= 3);
        CHECK(again.requests() == 0 && !client.rate_limit().remaining);
    }
    std::filesystem::remove_all(settings.state);
    settings = {};
    settings.rate_limit = "many";
    CHECK(contains(thrown<std::runtime_error>([&] { Simulator refused(settings); }).what(), "rate_limit"));
}

} // namespace

int main() {
    return run({{"typed_faults_apply_to_their_requests", typed_faults_apply_to_their_requests},
                {"probability_is_exact_in_every_locale", probability_is_exact_in_every_locale},
                {"journal_counts_and_lists_requests", journal_counts_and_lists_requests},
                {"clock_can_be_advanced", clock_can_be_advanced},
                {"seed_plants_what_it_describes", seed_plants_what_it_describes},
                {"settings_of_the_simulator_apply", settings_of_the_simulator_apply}});
}
