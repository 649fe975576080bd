//! The public API over real HTTP against the simulator.

use crate::support::calls_that_stay;
use configcat_management::models::{
    ComparisonValue, Condition, CreateConfig, CreateEnvironment, CreateProduct, CreateSetting, CreateTag,
    EvaluationVersion, JsonPatch, OrganizationId, SettingType, SettingValue, UpdateComparisonValueList,
    UpdateCondition, UpdateEvaluationFormula, UpdateFlagValue, UpdateSettingValue, UpdateTargetingRule,
};
use configcat_management::rules::when;
use configcat_management::{Client, ErrorKind, Field, blocking};
use configcat_simulator::testing::faults::Fault;
use configcat_simulator::{RateLimit, Simulator};
use futures_util::TryStreamExt as _;
use std::time::Duration;

pub async fn start() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = client(&simulator);
    (simulator, client)
}

pub fn client(simulator: &Simulator) -> Client {
    Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).build().unwrap()
}

pub async fn organization(client: &Client) -> OrganizationId {
    client.organizations().list().await.unwrap()[0].organization_id.clone()
}

/// A product with one environment and a config of each version.
pub struct World {
    pub product: configcat_management::models::Product,
    pub environment: configcat_management::models::Environment,
    pub v1: configcat_management::models::Config,
    pub v2: configcat_management::models::Config,
}

pub async fn world(client: &Client) -> World {
    let product =
        client.products().create(organization(client).await, CreateProduct::new("Shop")).await.unwrap();
    let environment = client
        .environments()
        .create(&product.product_id, CreateEnvironment::new("Production"))
        .await
        .unwrap();
    let v1 = client.configs().create(&product.product_id, CreateConfig::new("Old")).await.unwrap();
    let input = CreateConfig::new("New").evaluation_version(EvaluationVersion::V2);
    let v2 = client.configs().create(&product.product_id, input).await.unwrap();
    World { product, environment, v1, v2 }
}

pub fn email_rule(value: impl Into<UpdateFlagValue>) -> UpdateTargetingRule {
    UpdateTargetingRule::serve(value).condition(when::email().contains_any_of(["@example.com"]))
}

#[tokio::test]
async fn resources_are_listed_updated_and_deleted_in_cascade() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    assert_eq!(world.v1.evaluation_version, EvaluationVersion::V1);
    let products = client.products();
    let update = configcat_management::models::UpdateProduct::new().description("Sells things");
    let changed = products.update(&world.product.product_id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.description.as_deref()), ("Shop", Some("Sells things")));
    let names: Vec<String> =
        client.configs().list(&world.product.product_id).await.unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["Old", "New"]);
    products.delete(&world.product.product_id).await.unwrap();
    for error in [
        client.configs().get(&world.v1.config_id).await.unwrap_err(),
        client.products().get(&world.product.product_id).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(404)));
    }
    assert!(products.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn flag_can_be_switched_on_and_targeted() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let input = CreateSetting::new("Dark mode", "darkMode", SettingType::Boolean).hint("Night owls");
    let flag = client.settings().create(&world.v2.config_id, input).await.unwrap();
    let values = client.flag_values();
    let at = &world.environment.environment_id;
    let before = values.get(at, flag.setting_id).await.unwrap();
    assert_eq!(before.default_value.value, Some(SettingValue::Boolean(false)));
    let input = UpdateEvaluationFormula::new(false).targeting_rules(vec![email_rule(true)]);
    let after = values
        .replace(at, flag.setting_id, input)
        .latest_version_id(&before.last_version_id)
        .reason("launch")
        .await
        .unwrap();
    assert_ne!(after.last_version_id, before.last_version_id);
    let Condition::User(user) = &after.targeting_rules[0].conditions[0] else { panic!("{after:?}") };
    assert!(matches!(&user.comparison_value, ComparisonValue::List(list) if list.len() == 1));

    let stale = values
        .replace(at, flag.setting_id, UpdateEvaluationFormula::new(true))
        .latest_version_id(&before.last_version_id)
        .await
        .unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Conflict);

    let patch = JsonPatch::new().replace("/defaultValue/boolValue", true);
    let patched = values.patch(at, flag.setting_id, patch.clone()).await.unwrap().unwrap();
    assert_eq!(patched.default_value.value, Some(SettingValue::Boolean(true)));
    assert_eq!(patched.targeting_rules, after.targeting_rules);
    assert!(values.patch(at, flag.setting_id, patch).await.unwrap().is_none(), "nothing changed: 204");

    let keys = client.sdk_keys().get(&world.v2.config_id, at).await.unwrap();
    let by_key = client.flag_values_by_sdk_key().get("darkMode").sdk_key(&*keys.primary).await.unwrap();
    assert_eq!(by_key, patched);
}

#[tokio::test]
async fn diff_yields_a_patch_that_the_service_accepts() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let flag = client
        .settings()
        .create(&world.v2.config_id, CreateSetting::new("Limit", "limit", SettingType::Int))
        .await
        .unwrap();
    let at = &world.environment.environment_id;
    let before = UpdateEvaluationFormula::new(0).targeting_rules(vec![email_rule(1)]);
    client.flag_values().replace(at, flag.setting_id, before.clone()).await.unwrap();
    let after = UpdateEvaluationFormula::new(0).targeting_rules(vec![email_rule(1), email_rule(2)]);
    let patch = configcat_management::patch::diff(&before, &after).unwrap();
    assert_eq!(patch.len(), 1);
    let patched = client.flag_values().patch(at, flag.setting_id, patch).await.unwrap().unwrap();
    assert_eq!(patched.targeting_rules.len(), 2);
}

#[tokio::test]
async fn v1_values_have_their_own_endpoints() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let flag = client
        .settings()
        .create(&world.v1.config_id, CreateSetting::new("Greeting", "greeting", SettingType::String))
        .await
        .unwrap();
    let at = &world.environment.environment_id;
    let set = client.values().replace(at, flag.setting_id, UpdateSettingValue::new("hello")).await.unwrap();
    assert_eq!(set.value, "hello".into());
    let all = client.values().get_all(&world.v1.config_id, at).await.unwrap();
    assert_eq!(all.setting_values[0].value, "hello".into());
    let error = client.values().get_all(&world.v2.config_id, at).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    let error = client.flag_values().get(at, flag.setting_id).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
}

#[tokio::test]
async fn absent_null_and_value_are_distinct() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    let tag = client.tags().create(&world.product.product_id, CreateTag::new("ops")).await.unwrap();
    let input = CreateSetting::new("A", "a", SettingType::Boolean).hint("why").tags(vec![tag.tag_id]);
    let flag = client.settings().create(&world.v2.config_id, input).await.unwrap();
    assert_eq!(flag.tags[0].name, "ops");
    let renamed =
        client.settings().patch(flag.setting_id, JsonPatch::new().replace("/name", "B")).await.unwrap();
    assert_eq!((renamed.hint.as_deref(), renamed.tags.len()), (Some("why"), 1));
    let replace = configcat_management::models::ReplaceSetting::new("C").hint(Field::Null);
    let replaced = client.settings().replace(flag.setting_id, replace).await.unwrap();
    assert_eq!((replaced.hint, replaced.tags.len()), (None, 0));
}

#[tokio::test]
async fn invalid_input_is_rejected_before_sending() {
    let (simulator, client) = start().await;
    let error = client.products().get("not-a-uuid").await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::BadRequest, None, 0));
    assert!(error.to_string().contains("product_id: must be a UUID, not \"not-a-uuid\""), "{error}");
    let world = world(&client).await;
    let error = client
        .configs()
        .create(&world.product.product_id, CreateConfig::new("x".repeat(256)))
        .await
        .unwrap_err();
    assert_eq!(error.field_errors()["name"], ["must have at most 255 characters, not 256"]);
    drop(simulator);
}

#[tokio::test]
async fn all_violations_of_a_call_are_reported_in_order() {
    let (_simulator, client) = start().await;
    let condition = |attribute: &str, hint: usize| {
        let item = UpdateComparisonValueList::new("x").hint("é".repeat(hint));
        when::attribute(attribute).contains_any_of([item])
    };
    let rule =
        |conditions: Vec<UpdateCondition>| UpdateTargetingRule::new().conditions(conditions).value(true);
    let rules = vec![rule(vec![condition("a", 1500)]), rule(vec![condition("b", 1), condition("", 1501)])];
    let nothing = UpdateFlagValue::variation("not-a-uuid");
    let formula = UpdateEvaluationFormula::new(nothing).targeting_rules(rules);
    let error = client.flag_values().replace("nor-this", 7, formula).await.unwrap_err();
    assert_eq!(
        error.message(),
        "not sent: environment_id: must be a UUID, not \"nor-this\"; \
         default_value.predefined_variation_id: must be a UUID, not \"not-a-uuid\"; \
         targeting_rules[1].conditions[1].user_condition.comparison_attribute: must have at least 1 character, not 0; \
         targeting_rules[1].conditions[1].user_condition.comparison_value.list_value[0].hint: must have at most 1500 \
         characters, not 1501"
    );
}

#[tokio::test]
async fn errors_carry_status_and_fields() {
    let (simulator, good) = start().await;
    let bad = Client::builder().credentials("simulator", "wrong").base_url(simulator.url()).build().unwrap();
    assert_eq!(bad.me().get().await.unwrap_err().kind(), ErrorKind::Authentication);
    let world = world(&good).await;
    let input = || CreateSetting::new("A", "twice", SettingType::Boolean);
    good.settings().create(&world.v2.config_id, input()).await.unwrap();
    let error = good.settings().create(&world.v2.config_id, input()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::BadRequest, Some(400)));
    assert!(error.field_errors()["key"][0].contains("already in use"), "{error}");
    simulator.add_fault(Fault { status: Some(501), ..Fault::default() }).unwrap();
    let pending = good.segments().list(&world.product.product_id).await.unwrap_err();
    assert_eq!((pending.kind(), pending.status(), pending.attempts()), (ErrorKind::Server, Some(501), 1));
}

#[tokio::test]
async fn audit_log_pages_contain_every_change() {
    let (_simulator, client) = start().await;
    let world = world(&client).await;
    for n in 0..7 {
        client.tags().create(&world.product.product_id, CreateTag::new(format!("t{n}"))).await.unwrap();
    }
    let logs = client.audit_logs();
    let entries: Vec<_> =
        logs.list(&world.product.product_id).page_size(3).items().try_collect().await.unwrap();
    assert_eq!(entries.len(), 11);
    assert!(entries.is_sorted_by(|a, b| a.audit_log_id > b.audit_log_id));
    let pages: Vec<_> =
        logs.list(&world.product.product_id).page_size(3).page_number(3).pages().try_collect().await.unwrap();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
    let error = logs.list(&world.product.product_id).page_size(101).await.unwrap_err();
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn response_reports_attempts_wait_and_rate_limit() {
    let simulator = Simulator::builder()
        .rate_limit(RateLimit { limit: 5, window: Duration::from_secs(1) })
        .start()
        .await
        .unwrap();
    let client = client(&simulator);
    let first = client.me().get().with_response().await.unwrap();
    assert_eq!((first.status, first.attempts, first.rate_limit.remaining), (200, 1, Some(4)));
    assert_eq!(first.value.email, "simulator@example.com");
    let mut waited = Duration::ZERO;
    for _ in 0..9 {
        let response = client.me().get().with_response().await.unwrap();
        assert_eq!(response.attempts, 1, "the rate limiter must prevent 429");
        waited += response.waited;
    }
    assert!(waited > Duration::from_millis(500), "{waited:?}");
}

#[test]
fn blocking_client_has_the_same_api() {
    let _running = calls_that_stay();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let simulator = runtime.block_on(async { Simulator::builder().start().await.unwrap() });
    let client = blocking::Client::from(client(&simulator));
    let organization = client.organizations().list().send().unwrap()[0].organization_id.clone();
    let product = client.products().create(organization, CreateProduct::new("Shop")).send().unwrap();
    let response = client.products().list().with_response().send().unwrap();
    assert_eq!(response.value.first(), Some(&product));
    let entries = client.audit_logs().list(&product.product_id).page_size(1).items();
    assert_eq!(entries.map(Result::unwrap).count(), 1);
    let rejected = runtime.block_on(async { client.me().get().send().unwrap_err() });
    assert_eq!(rejected.kind(), ErrorKind::Configuration);
}
