//! Targeting rules on a line, and flags that are turned on and off, over real HTTP against the simulator.

use crate::simulated::{World, start, world};
use configcat_management::models::{
    Condition, CreatePredefinedVariation, CreateSegment, CreateSetting, EnvironmentId, RolloutRuleComparator,
    SettingId, SettingType, SettingValue, UpdateCondition, UpdateEvaluationFormula,
    UpdateRolloutPercentageItem, UpdateRolloutRule, UpdateSettingValue, UpdateTargetingRule, UserComparator,
};
use configcat_management::rules::{ComparisonType, when};
use configcat_management::{Client, ErrorKind};
use serde_json::json;

async fn flag(client: &Client, world: &World, key: &str, ty: SettingType) -> SettingId {
    let input = CreateSetting::new(key, key, ty);
    client.settings().create(&world.v2.config_id, input).await.unwrap().setting_id
}

async fn served(client: &Client, at: &EnvironmentId, id: SettingId) -> (Option<SettingValue>, usize) {
    let state = client.flag_values().get(at, id).await.unwrap();
    (state.default_value.value, state.targeting_rules.len())
}

#[tokio::test]
async fn every_comparator_is_accepted_with_its_type() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let id = flag(&client, &world, "checkout", SettingType::Boolean).await;
    let at = &world.environment.environment_id;
    let version = when::attribute("Version");
    let conditions = [
        when::email().ends_with_any_of(["@example.com"]),
        when::country().equals("Norway"),
        when::identifier().sensitive_is_one_of(vec![String::from("a")]),
        version.sem_ver_less("2.0.0"),
        version.number_greater_or_equals(17),
        version.date_time_before(1_700_000_000),
        version.array_contains_any_of(["a", "b"]),
    ];
    let rule = conditions.into_iter().fold(UpdateTargetingRule::serve(true), UpdateTargetingRule::condition);
    let formula = UpdateEvaluationFormula::new(false).targeting_rules(vec![rule]);
    let state = client.flag_values().replace(at, id, formula).await.unwrap();
    let comparators: Vec<UserComparator> = state.targeting_rules[0]
        .conditions
        .iter()
        .filter_map(|condition| condition.user_condition().map(|user| user.comparator.clone()))
        .collect();
    assert_eq!(
        comparators,
        [
            UserComparator::TextEndsWithAnyOf,
            UserComparator::TextEquals,
            UserComparator::SensitiveIsOneOf,
            UserComparator::SemVerLess,
            UserComparator::NumberGreaterOrEquals,
            UserComparator::DateTimeBefore,
            UserComparator::ArrayContainsAnyOf,
        ]
    );
    assert_eq!(UserComparator::SemVerLess.takes(), Some(ComparisonType::String));
}

#[tokio::test]
async fn segments_prerequisites_and_splits_fit_on_a_line() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;
    let id = flag(&client, &world, "checkout", SettingType::Boolean).await;
    let needed = flag(&client, &world, "basket", SettingType::String).await;
    let testers = CreateSegment::new("Testers", "Email", RolloutRuleComparator::Contains, "@example.com");
    let testers = client.segments().create(&world.product.product_id, testers).await.unwrap();
    let rules = vec![
        UpdateTargetingRule::serve(true).condition(when::segment(&testers.segment_id).is_not_in()),
        UpdateTargetingRule::split([(20, true), (80, false)]).condition(when::flag(needed).equals("new")),
        UpdateTargetingRule::split([(1, true), (99, false)]),
    ];
    let formula = UpdateEvaluationFormula::new(false).targeting_rules(rules);
    let state = client.flag_values().replace(at, id, formula).await.unwrap();
    let [first, second, last] = &*state.targeting_rules else { panic!("{state:?}") };
    assert!(
        matches!(&first.conditions[..], [Condition::Segment(segment)] if segment.segment_id == testers.segment_id)
    );
    assert!(
        matches!(&second.conditions[..], [Condition::PrerequisiteFlag(flag)] if flag.prerequisite_setting_id == needed)
    );
    assert_eq!((second.percentage_options.len(), last.percentage_options[1].percentage), (2, 99));
}

#[tokio::test]
async fn condition_without_a_member_is_refused_before_it_is_sent() {
    let (simulator, client) = start().await;
    let rule = UpdateTargetingRule::serve(true)
        .condition(when::email().equals("a"))
        .condition(UpdateCondition::Unknown(configcat_management::models::Extra::new()));
    let formula = UpdateEvaluationFormula::new(false).targeting_rules(vec![rule]);
    let at = EnvironmentId::new("08d86d63-2726-47cd-8bfc-59608ecb91e2");
    let error = client.flag_values().replace(at, 1, formula).await.unwrap_err();
    assert_eq!(
        error.message(),
        "not sent: targeting_rules[0].conditions[1]: must have exactly one of user_condition, segment_condition, \
         prerequisite_flag_condition, not none"
    );
    let query = configcat_simulator::testing::journal::Query {
        operation: Some("flag_values.replace".into()),
        ..Default::default()
    };
    assert!(simulator.journal(&query).is_empty());
}

#[tokio::test]
async fn flag_is_turned_on_and_off_and_by_percentage() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;
    let id = flag(&client, &world, "checkout", SettingType::Boolean).await;
    let rule = UpdateTargetingRule::serve(true).condition(when::email().contains_any_of(["@example.com"]));
    let formula = UpdateEvaluationFormula::new(false).targeting_rules(vec![rule]);
    client.flag_values().replace(at, id, formula).await.unwrap();

    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    edit.turn_on().unwrap();
    let change = json!([{ "op": "replace", "path": "/defaultValue/boolValue", "value": true }]);
    assert_eq!(json!(edit.changes().unwrap()), change);
    edit.commit().await.unwrap();
    assert_eq!(served(&client, at, id).await, (Some(SettingValue::Boolean(true)), 1));

    for percentage in [20, 100] {
        let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
        edit.set_percentage(percentage).unwrap();
        let state = edit.commit().await.unwrap().unwrap();
        let [_, split] = &*state.targeting_rules else { panic!("{state:?}") };
        let options = split.percentage_options.iter();
        let options: Vec<_> = options.map(|option| (option.percentage, option.value.value.clone())).collect();
        let expected = [(percentage, true), (100 - percentage, false)];
        assert_eq!(options, expected.map(|(percentage, value)| (percentage, Some(value.into()))));
    }

    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    edit.turn_off().unwrap();
    edit.commit().await.unwrap();
    assert_eq!(
        served(&client, at, id).await,
        (Some(SettingValue::Boolean(false)), 1),
        "the split is removed"
    );
    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    edit.turn_off().unwrap();
    assert!(edit.changes().unwrap().is_empty(), "it is off already");
}

#[tokio::test]
async fn flag_of_a_v1_config_is_turned_on_and_off() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;
    let input = CreateSetting::new("old", "Old", SettingType::Boolean);
    let id = client.settings().create(&world.v1.config_id, input).await.unwrap().setting_id;
    let rule = UpdateRolloutRule::new(true)
        .comparison_attribute("Email")
        .comparator(RolloutRuleComparator::Contains)
        .comparison_value("@example.com");
    let items = [UpdateRolloutPercentageItem::new(100, false)];
    let value = UpdateSettingValue::new(false).rollout_rules([rule]).rollout_percentage_items(items);
    client.values().replace(at, id, value).await.unwrap();

    let mut edit = client.values().begin_edit(at, id).await.unwrap();
    edit.turn_on().unwrap();
    let state = edit.commit().await.unwrap().unwrap();
    assert_eq!(state.value, SettingValue::Boolean(true));
    assert_eq!((state.rollout_rules.len(), state.rollout_percentage_items.len()), (1, 0));

    let mut edit = client.values().begin_edit(at, id).await.unwrap();
    edit.set_percentage(5).unwrap();
    let state = edit.commit().await.unwrap().unwrap();
    let items = state.rollout_percentage_items.iter();
    let items: Vec<_> = items.map(|item| (item.percentage, item.value.clone())).collect();
    assert_eq!(items, [(5, true.into()), (95, false.into())]);
}

#[tokio::test]
async fn flags_that_are_not_boolean_cannot_be_turned_on() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;
    let id = flag(&client, &world, "colour", SettingType::String).await;
    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    let error = edit.turn_on().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(error.message(), "cannot turn on the flag colour: its type is string, not boolean");
    let error = edit.set_percentage(5).unwrap_err();
    assert_eq!(
        error.message(),
        "cannot set the percentage of the flag colour: its type is string, not boolean"
    );
    assert!(edit.changes().unwrap().is_empty());

    let id = flag(&client, &world, "checkout", SettingType::Boolean).await;
    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    let error = edit.set_percentage(101).unwrap_err();
    assert_eq!(error.message(), "percentage: must be 0 to 100, not 101");
}

#[tokio::test]
async fn predefined_variations_are_turned_on_by_their_id() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;
    let variations = vec![
        CreatePredefinedVariation::new(false).name("Off"),
        CreatePredefinedVariation::new(true).name("On"),
    ];
    let input =
        CreateSetting::new("checkout", "Checkout", SettingType::Boolean).predefined_variations(variations);
    let id = client.settings().create(&world.v2.config_id, input).await.unwrap().setting_id;
    let mut edit = client.flag_values().begin_edit(at, id).await.unwrap();
    let on = edit.base().setting.predefined_variations[1].predefined_variation_id.clone();
    edit.turn_on().unwrap();
    let state = edit.commit().await.unwrap().unwrap();
    assert_eq!(state.default_value.predefined_variation_id, Some(on));
}
