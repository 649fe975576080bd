// Tests the headers in C++20: lists with pages and values are ranges.

#include "testing.hpp"

#include <algorithm>
#include <ranges>

using namespace configcat::management;

namespace {

using Entries = Items<AuditLogEntry>;

static_assert(std::ranges::input_range<Entries> && std::input_iterator<Entries::Iterator>);
static_assert(std::ranges::input_range<Pages<AuditLogEntry>>);
static_assert(std::ranges::forward_range<Value> && std::forward_iterator<Value::Iterator>);
static_assert(std::ranges::random_access_range<const BulkResult<Me>>);

void items_are_an_input_range() {
    Simulator simulator;
    Client client(options_for(simulator));
    auto product = client.products().list().send().at(0).product_id;
    for (int i = 0; i < 5; i++) {
        (void)client.tags().create(product, CreateTag("tag " + std::to_string(i))).send();
    }
    auto request = client.audit_logs().list(product).page_size(2);
    std::size_t count = 0;
    for (std::int64_t id : request.items() | std::views::transform(&AuditLogEntry::audit_log_id) | std::views::take(3)) {
        CHECK(id > 0);
        count++;
    }
    CHECK(count == 3);
    auto items = request.items();
    CHECK(std::ranges::count_if(items, [](const AuditLogEntry &entry) { return entry.audit_log_id > 0; }) >= 5);
    auto pages = request.pages();
    CHECK(std::ranges::all_of(pages, [](const auto &page) { return page.size() <= 2; }));
}

void values_are_a_forward_range() {
    Document document = Document::parse(R"([{"n":1},{"n":2},{"n":3}])");
    auto large = [](Value value) { return value["n"].integer() > 1; };
    auto found = document.value() | std::views::filter(large);
    CHECK(std::ranges::distance(found) == 2 && std::ranges::distance(found) == 2);
}

void enums_and_ids_compare_in_cpp20() {
    const Enum<SettingType> type = SettingType::boolean;
    CHECK(type == SettingType::boolean && SettingType::boolean == type && type != SettingType::string);
    const ProductId product = "p";
    CHECK(product == "p" && "p" == product && product == ProductId("p") && SettingId(5) == 5 && 5 == SettingId(5));
    const Field<std::string> field = "x";
    CHECK(field == "x" && "x" == field && field == field);
}

} // namespace

int main() {
    return run({{"items_are_an_input_range", items_are_an_input_range},
                {"values_are_a_forward_range", values_are_a_forward_range},
                {"enums_and_ids_compare_in_cpp20", enums_and_ids_compare_in_cpp20}});
}
