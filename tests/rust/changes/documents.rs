//! Documents as text.

use super::{SHOP, document};
use configcat_management::ErrorKind;
use configcat_management::changes::Document;

#[test]
fn documents_survive_yaml_and_json() {
    let shop = document(SHOP);
    assert_eq!(Document::from_json(&shop.to_json()).unwrap(), shop);
    assert_eq!(Document::from_yaml(&shop.to_yaml()).unwrap(), shop);
    assert!(shop.to_yaml().contains("textEndsWithAnyOf"), "{}", shop.to_yaml());
}

#[test]
fn mistakes_are_refused_with_their_places() {
    let cases = [
        ("product: A\nconfgs: []", "unknown field of a product, did you mean configs?"),
        ("product: A\ntags: [{ nam: x }]", "tags[0].nam: unknown field of a tag, did you mean name?"),
        ("product: A\ntags: [{ color: x }]", "name of the tag is missing"),
        ("product: A\ntags: [{ name: x }, { name: x }]", "tags[1]: \"x\" is a duplicate"),
        (
            "product: A\nenvironments: [{ name: x, reasonRequired: 1 }]",
            "environments[0].reasonRequired: must be a boolean",
        ),
        (
            "product: A\nconfigs: [{ name: c, settings: [{ key: k, settingType: bool }] }]",
            "configs[0].settings[0].settingType",
        ),
        (
            "product: A\nconfigs: [{ name: c, settings: [{ key: k, values: { T: { default: 1, rulse: [] } } }] }]",
            "configs[0].settings[0].values.T: unknown field rulse, did you mean rules?",
        ),
        (
            "product: A\nconfigs: [{ name: c, settings: [{ key: k, values: { T: { default: 1, rules: [{ if: [{ user: E, isOneof: [a], isNotOneOf: [b] }], serve: 1 }] } } }] }]",
            "rules[0].if[0]: a condition on an attribute has exactly one comparator",
        ),
        (
            "product: A\nconfigs: [{ name: c, settings: [{ key: k, values: { T: { default: 1, rules: [{ if: [{ user: E, isOneOff: [a] }], serve: 1 }] } } }] }]",
            "unknown comparator \"isOneOff\", did you mean isOneOf?",
        ),
        (
            "product: A\nconfigs: [{ name: c, settings: [{ key: k, values: { T: { default: 1, rules: [{ serve: [{ percentage: 50, value: 1 }] }] } } }] }]",
            "add up to 100, not 50",
        ),
        ("tags: []", "name of the product is missing"),
    ];
    for (text, expected) in cases {
        let error = Document::from_yaml(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest);
        assert!(error.to_string().contains(expected), "{text}\n{error}");
        assert!(error.to_string().contains("line "), "{error}");
    }
}

#[test]
fn wire_form_of_values_is_accepted() {
    let text = r#"{ "product": "A", "configs": [{ "name": "c", "settings": [{ "key": "k", "values": {
        "T": {
            "defaultValue": { "boolValue": false },
            "targetingRules": [
                { "conditions": [{ "userCondition": { "comparisonAttribute": "Email", "comparator": "isOneOf",
                    "comparisonValue": { "listValue": [{ "value": "a" }, { "value": "b", "hint": "B" }] } } }],
                  "percentageOptions": [], "value": { "boolValue": true } },
                { "conditions": [{ "segmentCondition": { "segmentId": "s", "comparator": "isNotIn" } }],
                  "percentageOptions": [{ "percentage": 100, "value": { "boolValue": true } }] }],
            "percentageEvaluationAttribute": "Country" },
        "U": { "value": true, "rolloutRules": [{ "comparisonAttribute": "Email", "comparator": "contains",
            "comparisonValue": "@", "value": true }],
            "rolloutPercentageItems": [{ "percentage": 100, "value": false }] } } }] }] }"#;
    let same = document(
        "
product: A
configs:
  - name: c
    settings:
      - key: k
        values:
          T:
            default: false
            rules:
              - if: [{ user: Email, isOneOf: [a, { value: b, hint: B }] }]
                serve: true
              - if: [{ segment: s, comparator: isNotIn }]
                serve: [{ percentage: 100, value: true }]
            percentageAttribute: Country
          U:
            default: true
            rules:
              - if: [{ user: Email, contains: \"@\" }]
                serve: true
              - serve: [{ percentage: 100, value: false }]
",
    );
    assert_eq!(Document::from_json(text).unwrap(), same);
}

#[test]
fn deep_nesting_is_refused() {
    for depth in [60, 90, 100_000] {
        let deep = format!(
            "{{\"product\": \"A\", \"configs\": [{{\"name\": {}{}}}]}}",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        assert_eq!(Document::from_json(&deep).unwrap_err().kind(), ErrorKind::BadRequest);
        assert_eq!(Document::from_yaml(&deep).unwrap_err().kind(), ErrorKind::BadRequest);
    }
}

/// The schema for editors, which is checked in. `UPDATE_SCHEMA=1` writes it.
#[test]
fn checked_in_schema_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/document.schema.json");
    let schema = configcat_management::changes::document_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, format!("{schema:#}\n")).unwrap();
    }
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(kept == schema, "docs/document.schema.json is stale: UPDATE_SCHEMA=1 writes it");
}
