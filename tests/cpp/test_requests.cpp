// Tests requests that are kept in variables: changed, sent again, iterated in several loops.

#include "testing.hpp"

#include <algorithm>
#include <type_traits>

using namespace configcat::management;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    Simulator simulator;
    Client client{options_for(simulator)};
    Product product = client.products().list().send().at(0);

    Fixture() {
        for (int i = 0; i < 5; i++) {
            (void)client.tags().create(product.product_id, CreateTag("tag " + std::to_string(i))).send();
        }
    }
};

void named_requests_are_changed_and_sent_again() {
    Fixture f;
    auto request = f.client.audit_logs().list(f.product.product_id);
    request.page_size(2);
    std::vector<std::int64_t> first;
    for (int page = 1; page <= 2; page++) {
        request.page_number(page).timeout(30s);
        auto entries = request.send().data.value();
        CHECK(entries.size() == 2);
        first.push_back(entries.at(0).audit_log_id);
    }
    CHECK(first[0] != first[1]);
    // Sent as it is, from a constant, and through every other function.
    const auto &constant = request;
    CHECK(constant.send().data->at(0).audit_log_id == first[1]);
    CHECK(constant.try_send()->data->at(0).audit_log_id == first[1]);
    CHECK(constant.send_response().value.data->at(0).audit_log_id == first[1]);
    CHECK(constant.send_async().get().data->at(0).audit_log_id == first[1]);
}

void setters_return_the_request_that_they_change() {
    Fixture f;
    auto request = f.client.audit_logs().list(f.product.product_id);
    using List = decltype(request);
    static_assert(std::is_same_v<decltype(request.page_size(1)), List &>);
    static_assert(std::is_same_v<decltype(request.timeout(1s)), List &>);
    static_assert(std::is_same_v<decltype(request.with("page_size", 1)), List &>);
    // The setter of a temporary request returns a value, which a reference keeps alive.
    static_assert(std::is_same_v<decltype(std::move(request).page_size(1)), List>);
    static_assert(std::is_same_v<decltype(std::move(request).timeout(1s)), List>);
    CHECK(&request.page_size(2).max_attempts(2).header("X-Note", "a") == &request);
    auto &&kept = f.client.audit_logs().list(f.product.product_id).page_size(1).timeout(30s);
    CHECK(kept.send().data->size() == 1);
    auto raw = f.client.request("GET", "/v1/me");
    CHECK(&raw.query("a", "1").body(nullptr) == &raw);
    auto edit = f.client.settings().edit(1);
    CHECK(&edit.timeout(1s).max_attempts(1).rebase(1) == &edit);
}

void invalid_arguments_can_be_corrected() {
    Fixture f;
    auto request = f.client.call("tags.create").with("product_id", f.product.product_id).with("name", "\xff");
    CHECK(request.try_send().error().kind() == ErrorKind::misuse);
    thrown<MisuseError>([&] { (void)request.send_async([](Result<Json>) {}); });
    thrown<MisuseError>([&] { (void)request.send_response(); });
    request.with("name", "corrected");
    CHECK(request.send().text().find("corrected") != std::string::npos);
}

void call_owns_the_name_of_its_operation() {
    Fixture f;
    auto request = [&] {
        std::string name = "products.";
        name += "list";
        return f.client.call(name);
    }();
    std::string other = "products.none";
    CHECK(request.send().text().find(f.product.name) != std::string::npos);
    auto unknown = thrown<BadRequestError>([&] { (void)f.client.call("products.lst").send(); });
    CHECK(std::string(unknown.what()).find("did you mean products.list?") != std::string::npos);
}

std::vector<std::int64_t> all_ids(const Fixture &f) {
    std::vector<std::int64_t> ids;
    AuditLogPage page = f.client.audit_logs().list(f.product.product_id).send();
    for (const auto &entry : page.data.value()) {
        ids.push_back(entry.audit_log_id);
    }
    return ids;
}

void items_continue_after_a_loop_was_left() {
    Fixture f;
    const std::vector<std::int64_t> expected = all_ids(f);
    CHECK(expected.size() >= 5);
    for (std::size_t stop : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        auto request = f.client.audit_logs().list(f.product.product_id).page_size(2);
        auto items = request.items();
        std::vector<std::int64_t> ids;
        for (const auto &entry : items) {
            ids.push_back(entry.audit_log_id);
            if (ids.size() == stop) break;
        }
        // Asking whether there are more reads nothing.
        CHECK(items.begin() != items.end() && items.begin() != items.end());
        for (const auto &entry : items) {
            ids.push_back(entry.audit_log_id);
        }
        CHECK(ids == expected && items.begin() == items.end());
    }
}

void items_continue_after_a_failed_page() {
    Fixture f;
    const std::vector<std::int64_t> expected = all_ids(f);
    auto items = f.client.audit_logs().list(f.product.product_id).page_size(2).max_attempts(1).items();
    std::vector<std::int64_t> ids;
    Fault fault;
    fault.operation = "audit_logs.list";
    fault.skip = 1;
    fault.times = 1;
    fault.status = 503;
    f.simulator.add_fault(fault);
    thrown<ServerError>([&] {
        for (const auto &entry : items) {
            ids.push_back(entry.audit_log_id);
        }
    });
    CHECK(ids.size() == 2);
    for (const auto &entry : items) {
        ids.push_back(entry.audit_log_id);
    }
    CHECK(ids == expected);
}

void pages_are_a_range_that_can_be_continued() {
    Fixture f;
    const std::vector<std::int64_t> expected = all_ids(f);
    auto pages = f.client.audit_logs().list(f.product.product_id).page_size(2).pages();
    std::vector<std::int64_t> ids;
    auto add = [&](const std::vector<AuditLogEntry> &page) {
        for (const auto &entry : page) {
            ids.push_back(entry.audit_log_id);
        }
    };
    add(*pages.begin());
    CHECK(ids.size() == 2);
    for (const auto &page : pages) {
        add(page);
    }
    CHECK(ids == expected && pages.begin() == pages.end());
}

void iterators_work_with_algorithms() {
    Fixture f;
    auto items = f.client.audit_logs().list(f.product.product_id).page_size(2).items();
    auto third = all_ids(f).at(2);
    auto found = std::find_if(items.begin(), items.end(), [&](const auto &entry) { return entry.audit_log_id == third; });
    CHECK(found != items.end() && found->audit_log_id == third && (*found++).audit_log_id == third);
    Document document = Document::parse("[1,2,3,4]");
    auto values = document.value();
    CHECK(std::count_if(values.begin(), values.end(), [](Value value) { return value.integer() > 1; }) == 3);
    auto at = values.begin();
    CHECK((*at++).integer() == 1 && (*at).integer() == 2 && Value::Iterator() == values.end());
}

void clients_and_documents_are_created_without_exceptions() {
    Simulator simulator;
    Options options = options_for(simulator);
    Result<Client> client = Client::create(options);
    CHECK(client && client->me().get().send().email == "simulator@example.com");
    options.base_url = "ftp://x";
    Result<Client> refused = Client::create(options);
    CHECK(!refused && refused.error().kind() == ErrorKind::configuration);
    CHECK(Document::try_parse("[1]")->value()[0].integer() == 1);
    CHECK(Document::try_parse("[").error().kind() == ErrorKind::decode);
    auto pages = client->audit_logs().list("00000000-0000-4000-8000-000000000000").pages();
    CHECK(pages.try_next().error().kind() == ErrorKind::not_found);
    CHECK(client->settings().edit(123456).try_send([](ReplaceSetting &) {}).error().kind() == ErrorKind::not_found);
}

void requests_of_several_operations_share_a_bulk() {
    Fixture f;
    const EnvironmentId test = "30000000-0000-4000-8000-000000000001";
    std::vector<Request<SettingFormula>> calls;
    calls.push_back(f.client.flag_values().replace(test, 3001, UpdateEvaluationFormula(false)).reason("Night").header("X-Note", "a"));
    calls.push_back(f.client.flag_values().get(test, 3001));
    BulkOptions options;
    options.concurrency = 1;
    for (const SettingFormula &formula : bulk(calls, options).values()) {
        CHECK(formula.default_value.value == false);
    }
    const std::string journal = f.simulator.journal("flag_values.replace");
    CHECK(journal.find("reason=Night") != std::string::npos && journal.find("[\"x-note\",\"a\"]") != std::string::npos);
    static_assert(!std::is_constructible_v<Request<Json>, RawRequest> && std::is_constructible_v<Request<Json>, DynamicRequest>);
    static_assert(!std::is_constructible_v<Request<Setting>, Request<Product>>);
}

void incomplete_options_are_configuration_errors() {
    Options options;
    options.username = "ada";
    CHECK(std::string(thrown<ConfigurationError>([&] { Client refused(options); }).what()) == "username is set, but not password");
    options.username.reset();
    options.password = "ada";
    CHECK(std::string(thrown<ConfigurationError>([&] { Client refused(options); }).what()) == "password is set, but not username");
    options.username = "ada";
    options.max_attempts = 0;
    auto none = thrown<ConfigurationError>([&] { Client refused(options); });
    CHECK(std::string(none.what()) == "max_attempts must be at least 1, not 0");
}

} // namespace

int main() {
    return run({{"named_requests_are_changed_and_sent_again", named_requests_are_changed_and_sent_again},
                {"setters_return_the_request_that_they_change", setters_return_the_request_that_they_change},
                {"invalid_arguments_can_be_corrected", invalid_arguments_can_be_corrected},
                {"call_owns_the_name_of_its_operation", call_owns_the_name_of_its_operation},
                {"items_continue_after_a_loop_was_left", items_continue_after_a_loop_was_left},
                {"items_continue_after_a_failed_page", items_continue_after_a_failed_page},
                {"pages_are_a_range_that_can_be_continued", pages_are_a_range_that_can_be_continued},
                {"iterators_work_with_algorithms", iterators_work_with_algorithms},
                {"requests_of_several_operations_share_a_bulk", requests_of_several_operations_share_a_bulk},
                {"incomplete_options_are_configuration_errors", incomplete_options_are_configuration_errors},
                {"clients_and_documents_are_created_without_exceptions", clients_and_documents_are_created_without_exceptions}});
}
