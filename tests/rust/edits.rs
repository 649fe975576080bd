//! Edits over real HTTP against the simulator: read, change, write back.

use crate::simulated::{World, client, email_rule, organization, start, world};
use configcat_management::edit::EditError;
use configcat_management::models::{
    ConnectionPreferencesInput, CreateSetting, CreateTag, EnvironmentId, ProxyProfileInput,
    ProxyProfileSelectionRuleInput, SettingId, SettingType, SettingValue, UpdateCondition,
    UpdateEvaluationFormula, UpdateTargetingRule, WebhookHeaderInput, WebhookInput, WebhookNotificationInput,
};
use configcat_management::{Client, Error, ErrorKind, Field, blocking};
use configcat_simulator::Simulator;
use configcat_simulator::testing::journal::Query;
use serde_json::{Value, json};

/// Returns the bodies of the calls of an operation.
fn sent(simulator: &Simulator, operation: &str) -> Vec<Value> {
    let query = Query { operation: Some(operation.into()), ..Query::default() };
    simulator.journal(&query).into_iter().filter_map(|entry| entry.request_body).collect()
}

async fn flag(client: &Client, world: &World, key: &str, ty: SettingType) -> SettingId {
    let input = CreateSetting::new(key, key, ty);
    client.settings().create(&world.v2.config_id, input).await.unwrap().setting_id
}

/// A boolean flag with three rules.
async fn flag_with_rules(client: &Client) -> (EnvironmentId, SettingId) {
    let world = world(client).await;
    let id = flag(client, &world, "darkMode", SettingType::Boolean).await;
    let at = world.environment.environment_id;
    let rules = vec![email_rule(true), email_rule(false), email_rule(true)];
    let input = UpdateEvaluationFormula::new(false).targeting_rules(rules);
    client.flag_values().replace(&at, id, input).await.unwrap();
    (at, id)
}

#[tokio::test]
async fn edit_sends_only_what_changed() {
    let (simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let wanted = false;
    let after = client
        .flag_values()
        .edit(&at, id, |draft| {
            if let Field::Value(rules) = &mut draft.targeting_rules {
                rules[2].value = wanted.into();
            }
        })
        .reason("Launch")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.targeting_rules[2].value.as_ref().unwrap().value, Some(SettingValue::Boolean(false)));
    let change = json!({ "op": "replace", "path": "/targetingRules/2/value/boolValue", "value": false });
    assert_eq!(sent(&simulator, "flag_values.patch"), [json!([change])]);
    let query = Query { operation: Some("flag_values.patch".into()), ..Query::default() };
    let [entry] = simulator.journal(&query).try_into().unwrap();
    assert!(entry.query.contains("reason=Launch") && entry.query.contains("latestVersionId="), "{entry:?}");
}

#[tokio::test]
async fn reordered_rules_are_sent_as_a_move() {
    let (simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let values = client.flag_values();
    let rule = |n: usize| {
        let mut rule = email_rule(true);
        let Field::Value(conditions) = &mut rule.conditions else { panic!("no conditions") };
        let UpdateCondition::User(user) = &mut conditions[0] else { panic!("no user condition") };
        user.comparison_attribute = format!("Email{n}");
        rule
    };
    let rules = UpdateEvaluationFormula::new(false).targeting_rules((0..4).map(rule).collect::<Vec<_>>());
    let before = values.replace(&at, id, rules).await.unwrap();
    let edited = values.edit(&at, id, |draft| {
        let Field::Value(rules) = &mut draft.targeting_rules else { panic!("no rules") };
        rules.rotate_left(1);
    });
    let after = edited.await.unwrap().unwrap();
    assert_eq!(after.targeting_rules[3], before.targeting_rules[0]);
    assert_eq!(after.targeting_rules[..3], before.targeting_rules[1..]);
    let moved = json!([{ "op": "move", "from": "/targetingRules/0", "path": "/targetingRules/3" }]);
    assert_eq!(sent(&simulator, "flag_values.patch"), [moved]);
}

#[tokio::test]
async fn unchanged_draft_sends_nothing() {
    let (simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let edited = client.flag_values().edit(&at, id, |draft| draft.default_value = false.into());
    assert!(edited.await.unwrap().is_none());
    let edit = client.flag_values().begin_edit(&at, id).await.unwrap();
    assert!(edit.changes().unwrap().is_empty());
    assert!(edit.commit().await.unwrap().is_none());
    drop(client.flag_values().begin_edit(&at, id).await.unwrap());
    assert!(sent(&simulator, "flag_values.patch").is_empty());
}

#[tokio::test]
async fn conflict_error_has_all_states_and_the_patch() {
    let (_simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let mut edit = client.flag_values().begin_edit(&at, id).rebase(5).await.unwrap();
    edit.targeting_rules = Field::Value(Vec::new());
    let theirs = UpdateEvaluationFormula::new(false).targeting_rules(vec![email_rule(true)]);
    let theirs = client.flag_values().replace(&at, id, theirs).await.unwrap();
    let base = edit.base().clone();
    let error = edit.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.error().status()), (ErrorKind::Conflict, Some(409)));
    let EditError::Conflict(conflict) = error else { panic!("{error:?}") };
    assert_eq!((&conflict.base, &conflict.theirs), (&base, &theirs));
    assert_eq!(conflict.mine.targeting_rules, Field::Value(Vec::new()));
    let patch = json!([{ "op": "replace", "path": "/targetingRules", "value": [] }]);
    assert_eq!(json!(conflict.patch), patch);
    assert_eq!(client.flag_values().get(&at, id).await.unwrap(), theirs, "nothing was changed");
    let error = Error::from(EditError::Conflict(conflict));
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn rebase_keeps_changes_of_other_members() {
    let (simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let values = client.flag_values();
    let others = |attribute: &'static str| {
        let (values, at) = (values.clone(), at.clone());
        async move {
            let change =
                values.edit(at, id, |draft| draft.percentage_evaluation_attribute = attribute.into());
            change.await.unwrap().unwrap();
        }
    };
    let mut edit = values.begin_edit(&at, id).await.unwrap();
    edit.default_value = true.into();
    others("Country").await;
    let error = edit.commit().await.unwrap_err();
    assert!(error.conflict().is_some(), "not rebased unless asked: {error}");

    let mut edit = values.begin_edit(&at, id).rebase(1).await.unwrap();
    edit.default_value = true.into();
    others("Plan").await;
    let after = edit.commit().await.unwrap().unwrap();
    assert_eq!(after.default_value.value, Some(SettingValue::Boolean(true)));
    assert_eq!(after.percentage_evaluation_attribute.as_deref(), Some("Plan"));
    let mine = json!([{ "op": "replace", "path": "/defaultValue/boolValue", "value": true }]);
    let attempts = sent(&simulator, "flag_values.patch").into_iter().filter(|body| *body == mine);
    assert_eq!(attempts.count(), 3);
}

#[tokio::test]
async fn whole_numbers_are_accepted_by_decimal_flags() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let id = flag(&client, &world, "discount", SettingType::Double).await;
    let at = &world.environment.environment_id;
    let edited = client.flag_values().edit(at, id, |draft| draft.default_value = 3.into());
    let after = edited.await.unwrap().unwrap();
    assert_eq!(after.default_value.value, Some(SettingValue::Double(3.0)));
}

#[tokio::test]
async fn state_that_was_read_can_be_written_back() {
    let (_simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let state = client.flag_values().get(&at, id).await.unwrap();
    let draft = UpdateEvaluationFormula::from(state.clone());
    assert_eq!(draft.targeting_rules.as_ref().value().map(Vec::len), Some(3));
    let replaced = client.flag_values().replace(&at, id, draft).await.unwrap();
    assert_eq!(replaced.targeting_rules, state.targeting_rules);
    assert_eq!(replaced.default_value, state.default_value);
}

#[tokio::test]
async fn value_is_edited_by_sdk_key_too() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let id = flag(&client, &world, "darkMode", SettingType::Boolean).await;
    let at = &world.environment.environment_id;
    let keys = client.sdk_keys().get(&world.v2.config_id, at).await.unwrap();
    let edited = client
        .flag_values_by_sdk_key()
        .edit("darkMode", |draft| draft.default_value = true.into())
        .sdk_key(&*keys.primary);
    edited.await.unwrap().unwrap();
    let after = client.flag_values().get(at, id).await.unwrap();
    assert_eq!(after.default_value.value, Some(SettingValue::Boolean(true)));
}

#[tokio::test]
async fn v1_value_setting_webhook_and_profile_are_edited() {
    let (simulator, client) = start().await;
    let world = world(&client).await;
    let at = &world.environment.environment_id;

    let input = CreateSetting::new("Old", "old", SettingType::Double);
    let id = client.settings().create(&world.v1.config_id, input).await.unwrap().setting_id;
    let edited = client.values().edit(at, id, |draft| draft.value = 2.into());
    assert_eq!(edited.await.unwrap().unwrap().value, SettingValue::Double(2.0));
    let keys = client.sdk_keys().get(&world.v1.config_id, at).await.unwrap();
    let edited = client.values_by_sdk_key().edit("old", |draft| draft.value = 2.5.into());
    assert_eq!(edited.sdk_key(&*keys.primary).await.unwrap().unwrap().value, SettingValue::Double(2.5));

    let tag = client.tags().create(&world.product.product_id, CreateTag::new("ops")).await.unwrap().tag_id;
    let edited = client.settings().edit(id, |draft| draft.tags = vec![tag].into());
    assert_eq!(edited.await.unwrap().unwrap().tags[0].tag_id, tag);
    let edited = client.settings().edit(id, |draft| draft.tags = vec![tag].into());
    assert!(edited.await.unwrap().is_none());

    let input = WebhookInput::new("https://example.com/hook")
        .web_hook_headers(vec![WebhookHeaderInput::new("X-Key", "secret").is_secure(true)]);
    let hook = client.webhooks().create(&world.v2.config_id, at, input).await.unwrap();
    let edited = client.webhooks().edit(hook.webhook_id, |draft| draft.content = "changed".into());
    assert_eq!(edited.await.unwrap().unwrap().content.as_deref(), Some("changed"));

    let selects = ProxyProfileSelectionRuleInput::new().product_id_filter(world.product.product_id.clone());
    let input = ProxyProfileInput::new("Edge")
        .connection_preferences(
            ConnectionPreferencesInput::new()
                .sdk_poll_interval(60)
                .webhook_notification(WebhookNotificationInput::new("https://proxy.example.com")),
        )
        .sdk_key_selection_rules(vec![selects]);
    let profile = client.proxy_profiles().create(organization(&client).await, input).await.unwrap();
    let edited = client.proxy_profiles().edit(&profile.proxy_profile_id, |draft| draft.name = "Far".into());
    let after = edited.await.unwrap().unwrap();
    assert_eq!(after.connection_preferences, profile.connection_preferences);
    assert_eq!(after.sdk_key_selection_rules, profile.sdk_key_selection_rules);
    for (operation, calls) in
        [("values.patch", 1), ("settings.patch", 1), ("webhooks.patch", 1), ("proxy_profiles.patch", 1)]
    {
        let bodies = sent(&simulator, operation);
        assert_eq!(bodies.len(), calls, "{operation}");
        assert!(bodies.iter().all(|body| body.as_array().unwrap().len() == 1), "{operation}: {bodies:?}");
    }
}

#[test]
fn blocking_client_edits_and_rebases() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_simulator, shared, at, id) = runtime.block_on(async {
        let simulator = Simulator::builder().start().await.unwrap();
        let client = client(&simulator);
        let (at, id) = flag_with_rules(&client).await;
        (simulator, client, at, id)
    });
    let values = blocking::Client::from(shared).flag_values();
    let mut seen = 0;
    let edited = values.edit(&at, id, |draft| {
        seen += 1;
        draft.default_value = true.into();
    });
    assert!(edited.reason("Launch").send().unwrap().is_some());
    assert_eq!(seen, 1);
    let mut edit = values.begin_edit(&at, id).rebase(1).send().unwrap();
    edit.default_value = false.into();
    values.edit(&at, id, |draft| draft.percentage_evaluation_attribute = "Plan".into()).send().unwrap();
    let after = edit.commit().unwrap().unwrap();
    assert_eq!(after.default_value.value, Some(SettingValue::Boolean(false)));
    assert_eq!(after.percentage_evaluation_attribute.as_deref(), Some("Plan"));
}

#[tokio::test]
async fn error_of_a_call_is_no_conflict() {
    let (_simulator, client) = start().await;
    let (at, id) = flag_with_rules(&client).await;
    let error = client.flag_values().edit(&at, 1, |_| ()).await.unwrap_err();
    assert_eq!((error.kind(), error.conflict().is_none()), (ErrorKind::NotFound, true));
    let edited = client.flag_values().edit(&at, id, |draft| draft.default_value = "text".into());
    let error = edited.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest, "{error}");
}

#[test]
fn plain_values_are_accepted_by_setters() {
    let rule = UpdateTargetingRule::new().value(true);
    assert_eq!(serde_json::to_value(&rule).unwrap(), json!({ "value": { "boolValue": true } }));
    let text = UpdateTargetingRule::new().value("x").value;
    assert_eq!(serde_json::to_value(text).unwrap(), json!({ "stringValue": "x" }));
    let numbers = [UpdateTargetingRule::new().value(1), UpdateTargetingRule::new().value(1.5)];
    let numbers = serde_json::to_value(numbers).unwrap();
    assert_eq!(numbers, json!([{ "value": { "intValue": 1 } }, { "value": { "doubleValue": 1.5 } }]));
}
