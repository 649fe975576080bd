// Tests the types of values: integers of every type, enums, fields and ids.

#include "testing.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>
#include <unordered_set>

using namespace configcat::management;

namespace {

template <class I>
void integer_converts() {
    const I five{5};
    CHECK(Json(five).text() == "5" && Json(five) == Json(5));
    CHECK(std::get<std::int32_t>(SettingValue(five).variant()) == 5);
    CHECK(to_json(UpdateFlagValue(five)) == R"({"value":5})");
    CHECK(SettingId(five) == 5 && PermissionGroupId(five) == 5);
    detail::Arguments arguments;
    arguments.set("n", five);
    CHECK(arguments.json() == R"({"n":5})");
    CHECK(!JsonPatch().add("/n", five).empty());
    CHECK(rules::serve(five, {}).value.has_value());
}

void integers_of_every_type_convert() {
    integer_converts<signed char>();
    integer_converts<unsigned char>();
    integer_converts<short>();
    integer_converts<unsigned short>();
    integer_converts<int>();
    integer_converts<unsigned>();
    integer_converts<long>();
    integer_converts<unsigned long>();
    integer_converts<long long>();
    integer_converts<unsigned long long>();
    CHECK(std::get<double>(SettingValue(0.5F).variant()) == 0.5 && Json(0.5F).text() == "0.5");
    CHECK(std::get<bool>(SettingValue(true).variant()) && Json(true).text() == "true");
    CHECK(std::get<std::string>(SettingValue("x").variant()) == "x");
    CHECK(Json(std::uint64_t{18446744073709551615U}).text() == "18446744073709551615");
    detail::Arguments arguments;
    arguments.set("n", std::uint64_t{18446744073709551615U});
    CHECK(arguments.json() == R"({"n":18446744073709551615})");
}

void integers_out_of_range_are_refused_with_the_range() {
    auto value = thrown<BadRequestError>([] { SettingValue refused(std::int64_t{3000000000}); });
    CHECK(std::string(value.what()) == "value of a flag: must be -2147483648 to 2147483647, not 3000000000");
    auto negative = thrown<BadRequestError>([] { SettingValue refused(std::int64_t{-3000000000}); });
    CHECK(std::string(negative.what()).find("not -3000000000") != std::string::npos);
    auto id = thrown<BadRequestError>([] { SettingId refused(std::uint64_t{3000000000}); });
    CHECK(std::string(id.what()) == "setting_id: must be -2147483648 to 2147483647, not 3000000000");
}

void pointers_and_characters_are_not_values() {
    static_assert(!std::is_constructible_v<SettingValue, int *>);
    static_assert(!std::is_constructible_v<SettingValue, std::nullptr_t>);
    static_assert(!std::is_constructible_v<UpdateFlagValue, const Client *>);
    static_assert(!std::is_constructible_v<Json, int *>);
    static_assert(!std::is_constructible_v<SettingId, char>);
    static_assert(!std::is_constructible_v<SettingId, bool>);
    static_assert(!std::is_constructible_v<SettingId, double>);
    CHECK(Json(nullptr).text() == "null");
}

void enums_compare_in_both_orders() {
    Enum<SettingType> type = SettingType::boolean;
    const Enum<SettingType> same("boolean");
    const Enum<SettingType> unknown("matrix");
    CHECK(type == SettingType::boolean && SettingType::boolean == type && type == same);
    CHECK(type != SettingType::string && SettingType::string != type && type != unknown);
    CHECK(!(SettingType::string == type) && !(SettingType::boolean != type));
    std::optional<Enum<SettingType>> optional = type;
    CHECK(optional == SettingType::boolean && SettingType::boolean == optional && SettingType::string != optional);
    Field<Enum<SettingType>> field = type;
    CHECK(field == SettingType::boolean && SettingType::boolean == field && SettingType::string != field);
    // Unknown strings are different values of sorted containers.
    std::set<Enum<SettingType>> sorted{type, same, unknown, Enum<SettingType>("tensor")};
    CHECK(sorted.size() == 3 && sorted.count(SettingType::boolean) == 1);
}

void field_has_a_value_or_a_fallback() {
    Field<std::string> field;
    CHECK(field.value_or("fallback") == "fallback");
    field = nullptr;
    CHECK(field.value_or("fallback") == "fallback" && field != Field<std::string>());
    field = "value";
    CHECK(field.value_or("fallback") == "value" && Field<std::string>("moved").value_or("") == "moved");
    CHECK(field == "value" && "value" == field);
    field.reset();
    CHECK(field.is_absent() && !field.is_null());
    CHECK(Field<std::int32_t>(5).value_or(7) == 5 && Field<bool>().value_or(true));
}

void field_takes_a_list_in_braces_but_no_size() {
    CreateSetting body("New checkout", "newCheckout", SettingType::boolean);
    const TagId checkout = 2001;
    body.tags = {checkout, 2002};
    CHECK(body.tags->size() == 2 && body.tags->at(0) == 2001);
    body.tags = {2003};
    CHECK(*body.tags == std::vector<std::int64_t>{2003});
    body.tags = nullptr;
    CHECK(body.tags.is_null());
    body.tags = {};
    body.order = 1;
    body.order = {};
    CHECK(body.tags.is_absent() && body.order.is_absent());
    UpdateEvaluationFormula formula(false);
    formula.targeting_rules = {rules::serve(true, {when::country().equals("Norway")}), rules::split({{20, true}, {80, false}})};
    CHECK(formula.targeting_rules->size() == 2);
    // The constructor of std::vector would make a list of 2001 zeros.
    static_assert(!std::is_assignable_v<Field<std::vector<std::int64_t>> &, int>);
    static_assert(!std::is_constructible_v<Field<std::vector<std::int64_t>>, int>);
    static_assert(std::is_assignable_v<Field<std::string> &, std::string_view>);
}

void flag_values_are_compared_and_written() {
    const std::optional<SettingValue> on(true);
    CHECK(on == true && on != false && on != std::optional<SettingValue>() && on != 1);
    CHECK(SettingValue(5) == 5 && SettingValue(5) != 5.0 && SettingValue("x") == "x" && SettingValue(0.5) == 0.5);
    std::ostringstream out;
    out << *on << ' ' << SettingValue(false) << ' ' << SettingValue("a text") << ' ' << SettingValue(5) << ' ' << SettingValue(0.5);
    CHECK(out.str() == "true false a text 5 0.5");
}

void ids_of_other_entities_do_not_convert() {
    static_assert(!std::is_constructible_v<ProductId, ConfigId> && !std::is_assignable_v<ProductId &, ConfigId>);
    static_assert(!std::is_constructible_v<SettingId, TagId> && !std::is_constructible_v<TagId, SettingId>);
    static_assert(!std::is_constructible_v<Field<ConfigId>, ProductId>);
    static_assert(!std::is_constructible_v<std::optional<SegmentId>, ProductId>);
    using Configs = decltype(std::declval<Client>().configs());
    static_assert(std::is_invocable_v<decltype(&Configs::list), Configs, ProductId>);
    static_assert(std::is_invocable_v<decltype(&Configs::list), Configs, const char *>);
    static_assert(std::is_invocable_v<decltype(&Configs::list), Configs, std::string>);
    static_assert(std::is_invocable_v<decltype(&Configs::list), Configs, std::string_view>);
    static_assert(!std::is_invocable_v<decltype(&Configs::list), Configs, ConfigId>);
    static_assert(!std::is_constructible_v<when::Segment, EnvironmentId>);
}

void ids_are_strings_and_numbers() {
    ProductId product = "p-1";
    std::string text = product;
    std::string_view view = product;
    CHECK(text == "p-1" && view == "p-1" && product == "p-1" && "p-1" == product && product == text && product == ProductId(text));
    CHECK("/v1/products/" + product + "/configs" == "/v1/products/p-1/configs" && product.size() == 3);
    SettingId flag = 5345;
    std::int32_t number = flag;
    CHECK(number == 5345 && flag == 5345 && 5345 == flag && flag == SettingId(5345) && flag < 6000 && std::to_string(flag) == "5345");
    std::ostringstream out;
    out << product << ' ' << flag;
    CHECK(out.str() == "p-1 5345");
    std::unordered_set<ProductId> products{product, ProductId("p-2"), ProductId(text)};
    std::map<SettingId, int> flags{{flag, 1}, {SettingId(1), 2}};
    CHECK(products.size() == 2 && flags.begin()->first == 1 && std::unordered_set<SettingId>{flag}.count(5345) == 1);
    CHECK(detail::json(product) == "\"p-1\"" && detail::json(flag) == "5345" && Json(flag).text() == "5345");
    CHECK(Json(product).text() == "\"p-1\"");
}

} // namespace

int main() {
    return run({{"integers_of_every_type_convert", integers_of_every_type_convert},
                {"integers_out_of_range_are_refused_with_the_range", integers_out_of_range_are_refused_with_the_range},
                {"pointers_and_characters_are_not_values", pointers_and_characters_are_not_values},
                {"enums_compare_in_both_orders", enums_compare_in_both_orders},
                {"field_has_a_value_or_a_fallback", field_has_a_value_or_a_fallback},
                {"field_takes_a_list_in_braces_but_no_size", field_takes_a_list_in_braces_but_no_size},
                {"flag_values_are_compared_and_written", flag_values_are_compared_and_written},
                {"ids_of_other_entities_do_not_convert", ids_of_other_entities_do_not_convert},
                {"ids_are_strings_and_numbers", ids_are_strings_and_numbers}});
}
