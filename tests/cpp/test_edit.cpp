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
    UpdateTargetingRule rule;
    UpdateComparisonValue list;
    list.list_value = std::vector<UpdateComparisonValueList>{UpdateComparisonValueList("a@example.com")};
    UpdateCondition condition;
    condition.user_condition = UpdateUserCondition("Email", UserComparator::is_one_of, list);
    rule.conditions = std::vector<UpdateCondition>{condition};
    rule.value = UpdateFlagValue(value);
    return rule;
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

} // namespace

int main() {
    return run({{"lambda_changes_the_draft", lambda_changes_the_draft},
                {"unchanged_draft_sends_nothing", unchanged_draft_sends_nothing},
                {"conflict_has_all_states_and_the_patch", conflict_has_all_states_and_the_patch},
                {"rebase_keeps_changes_of_other_members", rebase_keeps_changes_of_other_members},
                {"every_resource_with_a_patch_is_edited", every_resource_with_a_patch_is_edited},
                {"diff_of_models_has_wire_names", diff_of_models_has_wire_names}});
}
