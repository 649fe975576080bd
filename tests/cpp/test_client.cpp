// Tests the typed client against the simulator: values, fields, enums, timestamps, errors, futures, pages.

#include "testing.hpp"

#include <atomic>
#include <map>
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

void flag_can_be_created_patched_and_deleted() {
    Fixture f;
    CreateSetting body("From C++", "fromCpp", SettingType::boolean);
    body.hint = "made by a test";
    Setting flag = f.client.settings().create(f.config.config_id, body).send();
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

void flag_value_round_trips_with_its_type() {
    Fixture f;
    auto environment = f.client.environments().list(f.product.product_id).send().at(0);
    Setting text = f.client.settings().create(f.config.config_id, CreateSetting("T", "aText", SettingType::string)).send();
    UpdateEvaluationFormula formula(UpdateFlagValue("hello"));
    auto written = f.client.flag_values().replace(environment.environment_id, text.setting_id, formula).reason("test").send();
    CHECK(std::get<std::string>(written.default_value.value->variant()) == "hello");
    // A value from a response can be sent back.
    UpdateEvaluationFormula again(written.default_value);
    auto same = f.client.flag_values().replace(environment.environment_id, text.setting_id, again).reason("again").send();
    CHECK(same.default_value.value == written.default_value.value);
}

void field_distinguishes_absent_null_and_value() {
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

void enum_preserves_unknown_values() {
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

void timestamp_round_trips_with_100_ns_precision() {
    auto document = Document::parse(R"(["2026-11-23T09:24:55.1234567Z","0001-01-01T00:00:00Z","9999-12-30T21:59:59.9999999Z","x"])");
    auto time = document.value()[0].timestamp();
    CHECK(time && time->time_since_epoch().count() % 10'000'000 == 1234567);
    for (std::size_t i = 0; i < 3; i++) {
        Timestamp timestamp = document.value()[i].timestamp().value();
        auto again = Document::parse("[" + detail::json(timestamp) + "]");
        CHECK(again.value()[0].timestamp() == timestamp);
    }
    CHECK(!document.value()[3].timestamp());
    CHECK(to_string(*time) == "2026-11-23T09:24:55.1234567Z");
}

void try_send_returns_errors_as_values() {
    Fixture f;
    Result<Setting> result = f.client.settings().create(f.config.config_id, CreateSetting("", "k", SettingType::boolean)).try_send();
    CHECK(!result && result.error().kind() == ErrorKind::bad_request && result.error().attempts() == 0);
    CHECK(result.error().field_errors().size() == 1 && result.error().field_errors()[0].field == "name");
    CHECK(thrown<BadRequestError>([&] { (void)result.value(); }).field_errors()[0].message.find("1") != std::string::npos);
    Result<std::vector<Product>> good = f.client.products().list().try_send();
    CHECK(good && good->size() == good.value().size());
    // A string that is not UTF-8 is reported before sending.
    auto misuse = thrown<MisuseError>([&] { (void)f.client.settings().create(f.config.config_id, CreateSetting("\xff", "k", SettingType::boolean)).send(); });
    CHECK(std::string(misuse.what()).find("UTF-8") != std::string::npos);
    CHECK(f.client.settings().create(f.config.config_id, CreateSetting("\xff", "k", SettingType::boolean)).try_send().error().kind() == ErrorKind::misuse);
}

void error_messages_do_not_contain_password() {
    Simulator simulator;
    Options options = options_for(simulator);
    options.password = "hunter2-wrong";
    auto error = thrown<AuthenticationError>([&] { (void)Client(options).products().list().send(); });
    CHECK(std::string(error.what()).find("hunter2") == std::string::npos);
    options.base_url = "http://example.com";
    auto refused = thrown<ConfigurationError>([&] { Client client(options); });
    CHECK(std::string(refused.what()).find("unencrypted") != std::string::npos);
    CHECK(std::string(refused.what()).find("hunter2") == std::string::npos);
}

void futures_and_callbacks_complete() {
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
    int completed = 0;
    for (int i = 0; i < 20; i++) {
        (void)f.client.me().get().queue(queue).send_async([&](Result<Me> me) { completed += me.has_value(); });
    }
    CHECK(queue.fd() >= 0 && queue.run() == 20 && completed == 20);
}

void call_can_be_cancelled_or_time_out() {
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

void paged_items_span_all_pages() {
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

void pages_are_fetched_one_by_one() {
    Fixture f;
    for (int i = 0; i < 5; i++) {
        (void)f.client.tags().create(f.product.product_id, CreateTag("tag " + std::to_string(i))).send();
    }
    auto pages = f.client.audit_logs().list(f.product.product_id).page_size(2).pages();
    std::uint64_t before = f.client.usage().requests;
    CHECK(pages.next()->size() == 2 && f.client.usage().requests == before + 1);
    std::size_t items = 2;
    while (auto page = pages.next()) {
        items += page->size();
    }
    CHECK(items >= 5 && !pages.next());
}

void items_are_found_by_name() {
    Fixture f;
    CHECK(f.client.products().find("Web Shop").send().product_id == f.product.product_id);
    Config config = f.client.configs().find(f.product.product_id, "Storefront").send();
    Setting flag = f.client.settings().find(config.config_id, "newCheckout").send();
    CHECK(f.client.settings().find(config.config_id, "New checkout").send_async().get().setting_id == flag.setting_id);
    auto missing = thrown<NotFoundError>([&] { (void)f.client.products().find("web shp").timeout(10s).send(); });
    CHECK(std::string(missing.what()).find("did you mean 'Web Shop'?") != std::string::npos);
    for (int i = 0; i < 2; i++) {
        (void)f.client.tags().create(f.product.product_id, CreateTag("twin")).send();
    }
    Result<Tag> ambiguous = f.client.tags().find(f.product.product_id, "twin").try_send();
    CHECK(!ambiguous && ambiguous.error().kind() == ErrorKind::conflict);
    CHECK(std::string(ambiguous.error().what()).find("2 have the name 'twin': use an id, one of ") != std::string::npos);
    auto empty = thrown<BadRequestError>([&] { (void)f.client.settings().find(config.config_id, "").send(); });
    CHECK(empty.attempts() == 0 && empty.field_errors()[0].field == "key_or_name");
}

std::vector<Request<Product>> gets(const Fixture &f, int count, int missing) {
    std::vector<Request<Product>> calls;
    for (int i = 0; i < count; i++) {
        calls.push_back(f.client.products().get(i == missing ? "20000000-0000-4000-8000-00000000ffff" : f.product.product_id));
    }
    return calls;
}

void bulk_outcomes_are_in_order_and_errors_isolated() {
    Fixture f;
    std::size_t reported = 0;
    BulkOptions options;
    options.concurrency = 8;
    options.progress = [&](std::size_t done, std::size_t total) { return ++reported == done && total == 50; };
    BulkResult<Product> result = bulk(gets(f, 50, 17), options);
    CHECK(result.size() == 50 && !result.empty() && reported == 50);
    std::size_t index = 0;
    for (const Outcome<Product> &outcome : result) {
        CHECK(outcome.index == index++ && outcome.result.has_value() == (outcome.index != 17));
    }
    CHECK(result.failed().size() == 1 && result.at(17).result.error().kind() == ErrorKind::not_found);
    thrown<NotFoundError>([&] { (void)result.values(); });
    CHECK(bulk(gets(f, 3, -1)).values().at(2).name == f.product.name);
    CHECK(bulk(std::vector<Request<Product>>{}).empty());
}

void bulk_can_be_cancelled_and_checks_concurrency() {
    Fixture f;
    BulkOptions options;
    options.concurrency = 1;
    options.progress = [](std::size_t done, std::size_t) { return done < 4; };
    auto calls = gets(f, 10, -1);
    BulkResult<Product> result = bulk(calls, options);
    CHECK(result.size() == 10 && result.failed().size() == 6 && result.at(3).result);
    CHECK(result.at(9).result.error().kind() == ErrorKind::cancelled && f.client.rate_limit().in_flight == 0);
    // Requests can be sent again.
    CHECK(bulk(calls).failed().empty());
    options.concurrency = 0;
    auto refused = thrown<BadRequestError>([&] { (void)bulk(calls, options); });
    CHECK(std::string(refused.what()) == "concurrency: must be at least 1, not 0");
}

void response_contains_status_headers_and_attempts() {
    Fixture f;
    auto response = f.client.products().list().send_response();
    CHECK(response.http_status == 200 && response.attempts == 1 && !response.value.empty() && !response.headers.empty());
    CHECK(f.client.usage().requests >= 3 && f.client.rate_limit().in_flight == 0);
    Json json = f.client.call("products.get").with("product_id", f.product.product_id).send();
    Document document = Document::parse(json.text());
    CHECK(document.value()["productId"].text() == f.product.product_id);
}

void observer_receives_attempts() {
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

void threads_can_share_a_client() {
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

void webhook_headers_are_signed() {
    std::map<std::string, std::string> headers;
    for (const auto &[name, value] : webhook_signed_headers({"configcat_whsk_one", "configcat_whsk_two"}, "{}")) {
        headers[name] = value;
    }
    CHECK(headers.size() == 3);
    auto verified = [&](const char *key, const char *body) {
        return WebhookVerifier({key}).verify(headers["X-ConfigCat-Webhook-ID"], headers["X-ConfigCat-Webhook-Timestamp"],
                                             headers["X-ConfigCat-Webhook-Signature-V1"], body);
    };
    CHECK(verified("configcat_whsk_one", "{}") && verified("configcat_whsk_two", "{}"));
    CHECK(!verified("configcat_whsk_one", "{ }") && !verified("other", "{}"));
    std::chrono::system_clock::time_point then(std::chrono::milliseconds(1669629035900));
    headers.clear();
    for (const auto &[name, value] : webhook_signed_headers({"key"}, "", "id-1", then)) {
        headers[name] = value;
    }
    CHECK(headers["X-ConfigCat-Webhook-ID"] == "id-1" && headers["X-ConfigCat-Webhook-Timestamp"] == "1669629035");
    auto early = thrown<Error>([&] { (void)webhook_signed_headers({"key"}, "", {}, then - std::chrono::hours(24 * 365 * 60)); });
    CHECK(std::string(early.what()).find("timestamp") != std::string::npos);
    auto none = thrown<Error>([] { (void)webhook_signed_headers({""}, "{}"); });
    CHECK(std::string(none.what()).find("key") != std::string::npos);
}

void webhook_and_patch_failures_are_reported() {
    WebhookVerifier verifier({"configcat_whsk_test"});
    CHECK(!verifier.verify("id", "1669629035", "signature", "{}"));
    WebhookVerifier negative({"configcat_whsk_test"}, std::chrono::seconds(-1));
    auto misuse = thrown<Error>([&] { (void)negative.verify("id", "1669629035", "signature", "{}"); });
    CHECK(std::string(misuse.what()) == "tolerance must not be negative, not -1 s");
    for (const std::vector<std::string> &keys : {std::vector<std::string>{}, {""}}) {
        auto keyless = thrown<MisuseError>([&] { (void)WebhookVerifier(keys).verify("id", "1669629035", "signature", "{}"); });
        CHECK(std::string(keyless.what()).find("signing key") != std::string::npos);
    }
    CHECK(JsonPatch::diff_json(R"({"a":1})", R"({"a":2})").size() == 1 && JsonPatch::diff_json("[]", "[]").empty());
    auto error = thrown<BadRequestError>([] { (void)JsonPatch::diff_json("{", "{}"); });
    CHECK(std::string(error.what()).find("before is not JSON") != std::string::npos);
}

} // namespace

int main() {
    return run({{"flag_can_be_created_patched_and_deleted", flag_can_be_created_patched_and_deleted},
                {"flag_value_round_trips_with_its_type", flag_value_round_trips_with_its_type},
                {"field_distinguishes_absent_null_and_value", field_distinguishes_absent_null_and_value},
                {"enum_preserves_unknown_values", enum_preserves_unknown_values},
                {"timestamp_round_trips_with_100_ns_precision", timestamp_round_trips_with_100_ns_precision},
                {"try_send_returns_errors_as_values", try_send_returns_errors_as_values},
                {"error_messages_do_not_contain_password", error_messages_do_not_contain_password},
                {"futures_and_callbacks_complete", futures_and_callbacks_complete},
                {"call_can_be_cancelled_or_time_out", call_can_be_cancelled_or_time_out},
                {"paged_items_span_all_pages", paged_items_span_all_pages},
                {"pages_are_fetched_one_by_one", pages_are_fetched_one_by_one},
                {"items_are_found_by_name", items_are_found_by_name},
                {"bulk_outcomes_are_in_order_and_errors_isolated", bulk_outcomes_are_in_order_and_errors_isolated},
                {"bulk_can_be_cancelled_and_checks_concurrency", bulk_can_be_cancelled_and_checks_concurrency},
                {"response_contains_status_headers_and_attempts", response_contains_status_headers_and_attempts},
                {"observer_receives_attempts", observer_receives_attempts},
                {"threads_can_share_a_client", threads_can_share_a_client},
                {"webhook_headers_are_signed", webhook_headers_are_signed},
                {"webhook_and_patch_failures_are_reported", webhook_and_patch_failures_are_reported}});
}
