// The typed client against the simulator: values, three states, enums, errors, futures, pages, time.

#include "testing.hpp"

#include <atomic>
#include <thread>

using namespace configcat::management;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    Simulator simulator;
    Client client{options_for(simulator)};
    Product product = client.products().list().send().at(0);
    Config config = client.configs().list(product.product_id).send().at(0);
};

void a_flag_is_made_changed_and_deleted() {
    Fixture f;
    CreateSetting wish("From C++", "fromCpp", SettingType::boolean);
    wish.hint = "made by a test";
    Setting flag = f.client.settings().create(f.config.config_id, wish).send();
    CHECK(flag.key == "fromCpp" && flag.setting_type == SettingType::boolean && flag.hint == "made by a test");
    CHECK(flag.created_at && *flag.created_at > Timestamp(std::chrono::hours(24 * 365 * 50)));
    Setting patched =
        f.client.settings().patch(flag.setting_id, JsonPatch().replace("/hint", nullptr).replace("/name", "Better")).send();
    CHECK(!patched.hint && patched.name == "Better");
    f.client.settings().delete_(flag.setting_id).send();
    auto error = thrown<NotFoundError>([&] { (void)f.client.settings().get(flag.setting_id).send(); });
    CHECK(error.kind() == ErrorKind::not_found && error.http_status() == 404 && error.operation() == "settings.get");
    CHECK(!error.is_retryable());
}

void values_keep_their_type() {
    Fixture f;
    auto environment = f.client.environments().list(f.product.product_id).send().at(0);
    Setting text = f.client.settings().create(f.config.config_id, CreateSetting("T", "aText", SettingType::string)).send();
    UpdateEvaluationFormula formula(UpdateFlagValue("hello"));
    auto written = f.client.flag_values().replace(environment.environment_id, text.setting_id, formula).reason("test").send();
    CHECK(std::get<std::string>(written.default_value.value->variant()) == "hello");
    // What was read can be written again.
    UpdateEvaluationFormula again(written.default_value);
    auto same = f.client.flag_values().replace(environment.environment_id, text.setting_id, again).reason("again").send();
    CHECK(same.default_value.value == written.default_value.value);
}

void absent_null_and_value_differ() {
    CHECK(to_json(UpdateConfig()) == "{}");
    Field<std::string> field;
    CHECK(field.is_absent());
    field = nullptr;
    CHECK(field.is_null() && !field.has_value());
    field = "x";
    CHECK(field.has_value() && *field == "x");
    UpdateConfig config;
    config.description = nullptr;
    CHECK(to_json(config) == R"({"description":null})");
}

void an_enum_keeps_what_it_does_not_know() {
    Enum<SettingType> type("matrix");
    CHECK(type == SettingType::unknown && !type.is_known() && type.text() == "matrix");
    CHECK(Enum<SettingType>("int").value() == SettingType::int_);
    Enum<SettingType> known = SettingType::double_;
    CHECK(known.text() == "double" && known.is_known() && known != type);
    switch (known) {
    case SettingType::double_: break;
    default: CHECK(false);
    }
}

void times_keep_every_digit() {
    auto document = Document::parse(R"(["2026-11-23T09:24:55.1234567Z","0001-01-01T00:00:00Z","9999-12-30T21:59:59.9999999Z","x"])");
    auto time = document.value()[0].timestamp();
    CHECK(time && time->time_since_epoch().count() % 10'000'000 == 1234567);
    for (std::size_t i = 0; i < 3; i++) {
        Timestamp moment = document.value()[i].timestamp().value();
        auto again = Document::parse("[" + detail::json(moment) + "]");
        CHECK(again.value()[0].timestamp() == moment);
    }
    CHECK(!document.value()[3].timestamp());
}

void errors_are_values_too() {
    Fixture f;
    Result<Setting> result = f.client.settings().create(f.config.config_id, CreateSetting("", "k", SettingType::boolean)).try_send();
    CHECK(!result && result.error().kind() == ErrorKind::bad_request && result.error().attempts() == 0);
    CHECK(result.error().field_errors().size() == 1 && result.error().field_errors()[0].field == "name");
    CHECK(thrown<BadRequestError>([&] { (void)result.value(); }).field_errors()[0].message.find("1") != std::string::npos);
    Result<std::vector<Product>> good = f.client.products().list().try_send();
    CHECK(good && good->size() == good.value().size());
    // A text that is no text is found where it is written.
    auto misuse = thrown<MisuseError>([&] { (void)f.client.settings().create(f.config.config_id, CreateSetting("\xff", "k", SettingType::boolean)).send(); });
    CHECK(std::string(misuse.what()).find("UTF-8") != std::string::npos);
    CHECK(f.client.settings().create(f.config.config_id, CreateSetting("\xff", "k", SettingType::boolean)).try_send().error().kind() == ErrorKind::misuse);
}

void the_password_is_never_said() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.password = "hunter2-wrong";
    auto error = thrown<AuthenticationError>([&] { (void)Client(options).products().list().send(); });
    CHECK(std::string(error.what()).find("hunter2") == std::string::npos);
    options.username.reset();
    options.base_url = "http://example.com";
    auto refused = thrown<ConfigurationError>([&] { Client client(options); });
    CHECK(std::string(refused.what()).find("in clear") != std::string::npos);
}

void futures_and_callbacks_end() {
    Fixture f;
    std::vector<std::future<std::vector<Config>>> futures;
    for (int i = 0; i < 20; i++) {
        futures.push_back(f.client.configs().list(f.product.product_id).send_async());
    }
    for (auto &future : futures) {
        CHECK(!future.get().empty());
    }
    auto failing = f.client.configs().list("00000000-0000-4000-8000-000000000000").send_async();
    thrown<NotFoundError>([&] { (void)failing.get(); });
    Queue queue;
    int ended = 0;
    for (int i = 0; i < 20; i++) {
        (void)f.client.me().get().queue(queue).send_async([&](Result<Me> me) { ended += me.has_value(); });
    }
    CHECK(queue.fd() >= 0 && queue.run() == 20 && ended == 20);
}

void a_call_can_be_cancelled() {
    Fixture f;
    CHECK(f.simulator.admin("POST", "/faults", R"({"operation":"me.get","delayMs":20000})").first / 100 == 2);
    std::atomic<int> cancelled{0};
    Pending pending = f.client.me().get().send_async(
        [&](Result<Me> me) { cancelled = !me && me.error().kind() == ErrorKind::cancelled; });
    CHECK(!pending.wait(20ms));
    pending.cancel();
    CHECK(pending.wait(5s) && cancelled == 1);
    thrown<TimeoutError>([&] { (void)f.client.me().get().timeout(50ms).send(); });
}

void pages_are_a_range() {
    Fixture f;
    for (int i = 0; i < 5; i++) {
        CreateTag tag("tag " + std::to_string(i));
        (void)f.client.tags().create(f.product.product_id, tag).send();
    }
    std::size_t count = 0;
    for (const AuditLogEntry &entry : f.client.audit_logs().list(f.product.product_id).page_size(2).items()) {
        CHECK(entry.audit_log_id > 0);
        count++;
    }
    CHECK(count >= 5);
}

void a_response_has_everything_around_the_value() {
    Fixture f;
    auto response = f.client.products().list().send_response();
    CHECK(response.http_status == 200 && response.attempts == 1 && !response.value.empty() && !response.headers.empty());
    CHECK(f.client.usage().requests >= 3 && f.client.rate_limit().in_flight == 0);
    Json json = f.client.call("products.get").with("product_id", f.product.product_id).send();
    Document document = Document::parse(json.text());
    CHECK(document.value()["productId"].text() == f.product.product_id);
}

void an_observer_sees_attempts() {
    Simulator simulator;
    Options options = options_for(simulator);
    std::atomic<int> attempts{0};
    options.observer = [&](const Event &event) { attempts += event.kind == CCM_EVENT_ATTEMPT && event.operation == "me.get"; };
    {
        Client client(options);
        (void)client.me().get().send();
    }
    CHECK(attempts == 1);
}

void many_threads_share_a_client() {
    Fixture f;
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) {
        threads.emplace_back([&] {
            for (int k = 0; k < 25; k++) {
                good += f.client.me().get().try_send().has_value();
            }
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    CHECK(good == 200);
}

void webhooks_and_patches() {
    WebhookVerifier verifier({"configcat_whsk_test"});
    CHECK(!verifier.verify("id", "1669629035", "signature", "{}"));
    CHECK(JsonPatch::diff(R"({"a":1})", R"({"a":2})").size() == 1 && JsonPatch::diff("[]", "[]").empty());
    auto error = thrown<BadRequestError>([] { (void)JsonPatch::diff("{", "{}"); });
    CHECK(std::string(error.what()).find("before is not JSON") != std::string::npos);
}

} // namespace

int main() {
    return run({{"a_flag_is_made_changed_and_deleted", a_flag_is_made_changed_and_deleted},
                {"values_keep_their_type", values_keep_their_type},
                {"absent_null_and_value_differ", absent_null_and_value_differ},
                {"an_enum_keeps_what_it_does_not_know", an_enum_keeps_what_it_does_not_know},
                {"times_keep_every_digit", times_keep_every_digit},
                {"errors_are_values_too", errors_are_values_too},
                {"the_password_is_never_said", the_password_is_never_said},
                {"futures_and_callbacks_end", futures_and_callbacks_end},
                {"a_call_can_be_cancelled", a_call_can_be_cancelled},
                {"pages_are_a_range", pages_are_a_range},
                {"a_response_has_everything_around_the_value", a_response_has_everything_around_the_value},
                {"an_observer_sees_attempts", an_observer_sees_attempts},
                {"many_threads_share_a_client", many_threads_share_a_client},
                {"webhooks_and_patches", webhooks_and_patches}});
}
