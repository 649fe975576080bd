//! Models of responses that tests of users create with the feature `testing`.

use configcat_management::models::{
    Condition, Product, SettingFormula, SettingValue, UpdateEvaluationFormula,
};
use configcat_management::testing::build;
use serde_json::json;

/// Code of a user, which depends on models of responses.
fn is_on(state: &SettingFormula) -> bool {
    state.default_value.value == Some(SettingValue::Boolean(true))
}

#[test]
fn model_has_default_values_and_what_a_test_sets() {
    let on: SettingFormula = build(|state: &mut SettingFormula| state.default_value = true.into());
    assert!(is_on(&on));
    assert!(!is_on(&SettingFormula::default()));
    let shop: Product = build(|product: &mut Product| product.name = "Shop".into());
    assert_eq!((shop.name.as_str(), shop.description.as_deref(), shop.order), ("Shop", None, 0));
    assert_eq!(Condition::default(), Condition::Unknown(configcat_management::models::Extra::new()));
}

#[test]
fn default_values_can_be_written_and_read() {
    let state = SettingFormula::default();
    let json = serde_json::to_value(&state).unwrap();
    assert_eq!(json["environment"]["environmentId"], json!(""));
    assert_eq!(serde_json::from_value::<SettingFormula>(json).unwrap(), state);
    let draft = UpdateEvaluationFormula::from(state);
    assert_eq!(serde_json::to_value(draft).unwrap()["targetingRules"], json!([]));
}
