// Tests edits of the typed client against the simulator: what is sent, what is not, and conflicts.

#include "testing.hpp"

using namespace configcat::management;

namespace {

using Conflict = EditConflictError<SettingFormula, UpdateEvaluationFormula>;

struct Fixture {
    Simulator simulator;
    Client client{options_for(simulator)};
    Product product = client.products().list().send().at(0);
    Config config = client.configs().list(product.product_id).send().at(0);
    std::string environment = client.environments().list(product.product_id).send().at(0).environment_id;
    std::int32_t flag = client.settings().create(config.config_id, CreateSetting("E", "edited", SettingType::boolean)).send().setting_id;

    auto edit() { return client.flag_values().edit(environment, flag).reason("test"); }
    std::int64_t patches() {
        Document counted = Document::parse(simulator.admin("GET", "/journal/count?operation=flag_values.patch").second);
        return counted.value()["count"].integer();
    }
};

UpdateTargetingRule rule(bool value) {
    return rules::serve(value, {when::email().is_one_of({"a@example.com"})});
}

void lambda_changes_the_draft() {
    Fixture f;
    auto after = f.edit().send([](UpdateEvaluationFormula &draft) {
        draft.default_value = UpdateFlagValue(true);
        draft.targeting_rules = std::vector<UpdateTargetingRule>{rule(true)};
    });
    CHECK(after && std::get<bool>(after->default_value.value->variant()) && after->targeting_rules.size() == 1);
    auto edit = f.edit().begin();
    edit.draft.targeting_rules->at(0).value = UpdateFlagValue(false);
    CHECK(edit.changes().size() == 1);
    auto state = edit.commit();
    CHECK(state && !std::get<bool>(state->targeting_rules.at(0).value->value->variant()));
    CHECK(f.patches() == 2);
}

void draft_must_be_taken_by_reference() {
    using Draft = UpdateEvaluationFormula;
    auto reference = [](Draft &) {};
    auto deduced = [](auto &draft) { draft.default_value = UpdateFlagValue(true); };
    auto copy = [](Draft) {};
    auto deduced_copy = [](auto draft) { draft.default_value = UpdateFlagValue(true); };
    auto constant = [](const Draft &) {};
    static_assert(detail::takes_reference<decltype(reference), Draft> && detail::takes_reference<decltype(deduced), Draft>);
    static_assert(detail::takes_reference<std::function<void(Draft &)>, Draft> && detail::takes_reference<void (*)(Draft &), Draft>);
    static_assert(!detail::takes_reference<decltype(copy), Draft> && !detail::takes_reference<decltype(deduced_copy), Draft>);
    static_assert(!detail::takes_reference<decltype(constant), Draft> && !detail::takes_reference<int, Draft>);
    Fixture f;
    CHECK(f.edit().send(deduced) && f.patches() == 1);
}

void flag_is_turned_on_and_off_and_by_percentage() {
    Fixture f;
    (void)f.edit().send([](UpdateEvaluationFormula &draft) { draft.targeting_rules = std::vector<UpdateTargetingRule>{rule(true)}; });
    auto edit = f.edit().begin();
    edit.turn_on();
    CHECK(edit.changes().size() == 1);
    auto state = edit.commit();
    CHECK(state && std::get<bool>(state->default_value.value->variant()) && state->targeting_rules.size() == 1);
    auto split = f.edit().begin();
    split.set_percentage(20);
    state = split.commit();
    CHECK(state && state->targeting_rules.size() == 2 && state->targeting_rules[1].percentage_options[0].percentage == 20);
    auto off = f.edit().begin();
    off.turn_off();
    state = off.commit();
    CHECK(state && !std::get<bool>(state->default_value.value->variant()) && state->targeting_rules.size() == 1);
    CHECK(std::string(thrown<BadRequestError>([&] { f.edit().begin().set_percentage(101); }).what()).find("must be 0 to 100") !=
          std::string::npos);
}

void rules_of_every_type_fit_on_a_line() {
    Fixture f;
    std::int32_t needed =
        f.client.settings().create(f.config.config_id, CreateSetting("N", "needed", SettingType::string)).send().setting_id;
    UpdateEvaluationFormula formula(false);
    formula.targeting_rules = std::vector<UpdateTargetingRule>{
        rules::serve(true, {when::attribute("Age").number_less(18), when::country().equals("Norway")}),
        rules::split({{20, true}, {80, false}}, {when::flag(needed).does_not_equal("new")}),
    };
    auto state = f.client.flag_values().replace(f.environment, f.flag, formula).reason("test").send();
    CHECK(state.targeting_rules.size() == 2);
    const std::vector<Condition> &first = state.targeting_rules[0].conditions;
    CHECK(first[0].user_condition && first[0].user_condition->comparison_value.double_value == 18);
    CHECK(first[1].user_condition && first[1].user_condition->comparison_value.string_value == "Norway");
    const std::vector<Condition> &second = state.targeting_rules[1].conditions;
    CHECK(second[0].prerequisite_flag_condition && second[0].prerequisite_flag_condition->prerequisite_setting_id == needed);
    formula.targeting_rules->at(0).conditions->at(0).segment_condition = UpdateSegmentCondition(f.environment, SegmentComparator::is_in);
    auto refused = thrown<BadRequestError>([&] { f.client.flag_values().replace(f.environment, f.flag, formula).send(); });
    CHECK(std::string(refused.what()).find("targetingRules[0].conditions[0]: must have exactly one of") != std::string::npos);
}

void unchanged_draft_sends_nothing() {
    Fixture f;
    CHECK(!f.edit().send([](UpdateEvaluationFormula &) {}));
    CHECK(!f.edit().send([](auto &draft) { draft.default_value = UpdateFlagValue(false); }));
    struct Stop {};
    try {
        (void)f.edit().send([](UpdateEvaluationFormula &draft) {
            draft.default_value = UpdateFlagValue(true);
            throw Stop();
        });
        CHECK(false);
    } catch (const Stop &) {
    }
    CHECK(f.patches() == 0);
}

void conflict_has_all_states_and_the_patch() {
    Fixture f;
    auto edit = f.edit().rebase(5).begin();
    edit.draft.default_value = UpdateFlagValue(true);
    UpdateEvaluationFormula theirs(UpdateFlagValue(true));
    theirs.targeting_rules = std::vector<UpdateTargetingRule>{rule(false)};
    f.client.flag_values().replace(f.environment, f.flag, theirs).send();
    auto error = thrown<Conflict>([&] { (void)edit.commit(); });
    CHECK(error.kind() == ErrorKind::conflict && error.http_status() == 409);
    CHECK(error.base().targeting_rules.empty() && error.theirs().targeting_rules.size() == 1);
    CHECK(std::get<bool>(error.mine().default_value.value->variant()) && error.patch().size() == 1);
}

void rebase_keeps_changes_of_other_members() {
    Fixture f;
    auto others = [&](const char *attribute) {
        (void)f.edit().send([&](UpdateEvaluationFormula &draft) { draft.percentage_evaluation_attribute = attribute; });
    };
    auto refused = f.edit().begin();
    refused.draft.default_value = UpdateFlagValue(true);
    others("Country");
    (void)thrown<ConflictError>([&] { (void)refused.commit(); });
    auto edit = f.edit().rebase(1).begin();
    edit.draft.default_value = UpdateFlagValue(true);
    others("Plan");
    auto after = edit.commit();
    CHECK(after && std::get<bool>(after->default_value.value->variant()));
    CHECK(after->percentage_evaluation_attribute == "Plan");
}

void every_resource_with_a_patch_is_edited() {
    Fixture f;
    auto tag = f.client.tags().create(f.product.product_id, CreateTag("ops")).send();
    auto setting = f.client.settings().edit(f.flag).send([&](ReplaceSetting &draft) {
        draft.hint = "edited";
        draft.tags = std::vector<std::int64_t>{tag.tag_id};
    });
    CHECK(setting && setting->hint == "edited" && setting->tags.size() == 1);
    CHECK(!f.client.settings().edit(f.flag).send([&](ReplaceSetting &draft) { draft.hint = "edited"; }));
    auto hook = f.client.webhooks().create(f.config.config_id, f.environment, WebhookInput("https://example.com/hook")).send();
    auto changed = f.client.webhooks().edit(hook.webhook_id).send([](WebhookInput &draft) { draft.content = "text"; });
    CHECK(changed && changed->content == "text" && changed->url == "https://example.com/hook");
}

void diff_of_models_has_wire_names() {
    Fixture f;
    UpdateEvaluationFormula before(UpdateFlagValue(false));
    UpdateEvaluationFormula after(UpdateFlagValue(true));
    auto patched = f.client.flag_values().patch(f.environment, f.flag, JsonPatch::diff(before, after)).send();
    CHECK(patched && std::get<bool>(patched->default_value.value->variant()));
    CHECK(JsonPatch::diff(after, after).empty());
}

void models_of_responses_can_be_constructed() {
    // As in a test of a function that reads rules.
    Condition condition;
    UserCondition user;
    user.comparison_attribute = "Email";
    user.comparator = UserComparator::text_equals;
    user.comparison_value.string_value = "a@example.com";
    condition.user_condition = user;
    CHECK(condition.user_condition->comparison_value.string_value == "a@example.com");
    CHECK(!condition.segment_condition && !condition.prerequisite_flag_condition);
}

} // namespace

int main() {
    return run({{"lambda_changes_the_draft", lambda_changes_the_draft},
                {"draft_must_be_taken_by_reference", draft_must_be_taken_by_reference},
                {"unchanged_draft_sends_nothing", unchanged_draft_sends_nothing},
                {"conflict_has_all_states_and_the_patch", conflict_has_all_states_and_the_patch},
                {"rebase_keeps_changes_of_other_members", rebase_keeps_changes_of_other_members},
                {"every_resource_with_a_patch_is_edited", every_resource_with_a_patch_is_edited},
                {"diff_of_models_has_wire_names", diff_of_models_has_wire_names},
                {"flag_is_turned_on_and_off_and_by_percentage", flag_is_turned_on_and_off_and_by_percentage},
                {"rules_of_every_type_fit_on_a_line", rules_of_every_type_fit_on_a_line},
                {"models_of_responses_can_be_constructed", models_of_responses_can_be_constructed}});
}
