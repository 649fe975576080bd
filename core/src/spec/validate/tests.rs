//! Violations of invalid values, both in memory and while they are serialized.

use super::*;
use crate::schema::flag_values::UPDATE_EVALUATION_FORMULA;
use crate::schema::products::CREATE_PRODUCT;
use crate::spec::{Field, Schema};
use serde_json::json;

fn messages(value: &Value, schema: &'static Schema) -> Vec<String> {
    let ty = Type::Object(schema);
    let found = check(value, &ty, Enums::Closed);
    assert_eq!(write(value, &ty, Enums::Closed).unwrap().1, found);
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn violation_names_the_field_the_limit_and_the_value() {
    let long = json!({ "name": "", "description": "x".repeat(1001), "order": 3_000_000_000_i64 });
    assert_eq!(
        messages(&long, &CREATE_PRODUCT),
        [
            "name: must have at least 1 character, not 0",
            "description: must have at most 1000 characters, not 1001",
            "order: must be -2147483648 to 2147483647, not 3000000000",
        ]
    );
}

#[test]
fn lengths_are_counted_in_characters() {
    assert!(messages(&json!({ "name": "é".repeat(1000) }), &CREATE_PRODUCT).is_empty());
}

#[test]
fn violation_path_includes_list_indexes() {
    let body = json!({
        "defaultValue": { "boolValue": true },
        "targetingRules": [{ "conditions": [{ "userCondition": { "comparator": "isLike", "comparisonValue": {} } }] }]
    });
    let found = messages(&body, &UPDATE_EVALUATION_FORMULA);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "targetingRules[0].conditions[0].userCondition.comparisonAttribute: is required");
    assert!(found[1].starts_with("targetingRules[0].conditions[0].userCondition.comparator: must be one of"));
}

#[test]
fn unknown_enum_value_is_accepted_by_open_enums_only() {
    let body = json!({ "comparator": "isLike", "comparisonAttribute": "Email", "comparisonValue": { "stringValue": "a" } });
    let ty = Type::Object(&crate::schema::flag_values::UPDATE_USER_CONDITION);
    assert!(check(&body, &ty, Enums::Open).is_empty());
    assert_eq!(check(&body, &ty, Enums::Closed).len(), 1);
}

#[test]
fn exactly_one_member_of_a_condition_is_set() {
    let ty = Type::Object(&crate::schema::flag_values::UPDATE_CONDITION);
    let segment = json!({ "segmentId": "00000000-0000-4000-8000-000000000001", "comparator": "isIn" });
    let flag = json!({
        "prerequisiteSettingId": 1, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true }
    });
    let members = "must have exactly one of userCondition, segmentCondition, prerequisiteFlagCondition, not";
    for (condition, problem) in [
        (json!({ "segmentCondition": segment }), None),
        (json!({ "userCondition": null, "segmentCondition": segment }), None),
        (json!({ "companyCondition": {} }), None),
        (json!({}), Some("none")),
        (json!({ "userCondition": null, "companyCondition": null }), Some("none")),
        (
            json!({ "segmentCondition": segment, "prerequisiteFlagCondition": flag }),
            Some("segmentCondition, prerequisiteFlagCondition"),
        ),
    ] {
        let found = check(&condition, &ty, Enums::Open);
        assert_eq!(write(&condition, &ty, Enums::Open).unwrap().1, found);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, Vec::from_iter(problem.map(|set| format!("{members} {set}"))), "{condition}");
        assert!(check(&condition, &ty, Enums::Closed).is_empty(), "{condition}");
    }
}

#[test]
fn missing_field_is_reported_in_schema_order() {
    let body = json!({ "targetingRules": 5, "percentageEvaluationAttribute": true });
    assert_eq!(
        messages(&body, &UPDATE_EVALUATION_FORMULA),
        [
            "defaultValue: is required",
            "targetingRules: must be a list, not 5",
            "percentageEvaluationAttribute: must be a string, not true",
        ]
    );
}

#[test]
fn value_of_wrong_type_is_truncated_in_the_message() {
    let shown = |name: Value| messages(&json!({ "name": name }), &CREATE_PRODUCT);
    assert_eq!(shown(json!(null)), ["name: must not be null"]);
    assert_eq!(shown(json!([{}, 1])), ["name: must be a string, not a list"]);
    assert_eq!(shown(json!({ "a": [] })), ["name: must be a string, not an object"]);
    assert_eq!(shown(json!(-1.5)), ["name: must be a string, not -1.5"]);
    // With quotes, 62 characters are exactly the limit, and 63 are truncated.
    for (length, shown) in [(62, "x\"".to_owned()), (63, "x…".to_owned())] {
        let found = messages(&json!({ "name": "x", "order": "x".repeat(length) }), &CREATE_PRODUCT);
        assert_eq!(
            found,
            [format!("order: must be a whole number, not \"{}{shown}", "x".repeat(length.min(63) - 1))]
        );
    }
    let long = json!({ "name": "x", "order": "\"".repeat(70) });
    let quotes = "\\\"".repeat(31);
    assert_eq!(
        messages(&long, &CREATE_PRODUCT),
        [format!("order: must be a whole number, not \"{quotes}\\…")]
    );
}

#[test]
fn every_type_accepts_its_values_and_rejects_others() {
    const TEXT: Type = Type::String { min: 1, max: Some(3) };
    const THREE: Type = Type::String { min: 3, max: Some(4) };
    const BYTE: Type = Type::Integer { min: -128, max: 127 };
    let uuid = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed";
    for (ty, good, bad, wanted) in [
        (Type::Boolean, json!([true, false]), json!([0, "true", null, {}]), "must be a boolean"),
        (BYTE, json!([-128, 0, 127]), json!([1.5, "1", true, null, []]), "must be a whole number"),
        (BYTE, json!([]), json!([-129, 128, u32::MAX]), "must be -128 to 127"),
        (BYTE, json!([]), json!([u64::MAX]), "must be a whole number"),
        (Type::Number, json!([-1, 0, 1.5, u64::MAX]), json!(["1", true, null, []]), "must be a number"),
        (TEXT, json!(["a", "äöü"]), json!([1, true, null, []]), "must be a string"),
        (TEXT, json!([]), json!(["", "abcd"]), "must have at "),
        (THREE, json!(["abc", "äöü", "🚦🚦🚦🚦"]), json!(["", "öü", "🚦🚦", "äöüäö"]), "must have at "),
        (Type::Uuid, json!([uuid, uuid.to_uppercase()]), json!(["x", 1, null]), "must be a UUID"),
        (
            Type::Timestamp,
            json!(["2026-11-23T09:24:55Z"]),
            json!(["today", 1, null]),
            "must be a date and time",
        ),
        (
            Type::Timestamp,
            json!(["0001-01-01T00:00:00Z", "9999-12-30T00:00:00Z"]),
            json!(["0000-12-31T23:59:59Z", "-009999-01-02T01:59:59Z"]),
            "must be in the years 1 to 9999",
        ),
        (
            Type::Value,
            json!([true, "x", 1, 1.5]),
            json!([null, [], {}]),
            "must be a boolean, a string or a number",
        ),
        (Type::Any, json!([true, "x", 1, null, [], { "a": 1 }]), json!([]), ""),
        (Type::Enum(&["on", "off"]), json!(["on"]), json!(["On", "", 1, null]), "must be "),
        (Type::List(&BYTE), json!([[], [1, 2]]), json!([1, "x", null, {}]), "must be a list"),
        (Type::List(&BYTE), json!([]), json!([[1, "x", 2]]), "[1]: must be a whole number"),
        (Type::Map(&BYTE), json!([{}, { "a": 1 }]), json!([1, "x", null, []]), "must be an object"),
        (Type::Map(&BYTE), json!([]), json!([{ "a": 1, "b": "x" }]), "b: must be a whole number"),
    ] {
        let check = |value: &Value| {
            let found = check(value, &ty, Enums::Closed);
            assert_eq!(write(value, &ty, Enums::Closed).unwrap().1, found, "{value}");
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for value in good.as_array().unwrap() {
            assert_eq!(check(value), [""; 0], "{ty:?}: {value}");
        }
        for value in bad.as_array().unwrap() {
            let found = check(value);
            assert!(found.len() == 1 && found[0].starts_with(wanted), "{ty:?}: {value}: {found:?}");
        }
    }
}

#[test]
fn null_is_accepted_only_for_nullable_fields() {
    let nullable = UPDATE_EVALUATION_FORMULA.fields.iter().find(|field| field.nullable).unwrap().wire;
    let found = messages(&json!({ "defaultValue": null, nullable: null }), &UPDATE_EVALUATION_FORMULA);
    assert_eq!(found, ["defaultValue: must not be null"]);
    // A field of any type may be null.
    const ANY: &[Field] =
        &[Field { name: "value", wire: "value", required: true, nullable: false, ty: Type::Any }];
    static SCHEMA: Schema =
        Schema { name: "Anything", wire: "Anything", is_flag_value: false, one_of: false, fields: ANY };
    assert_eq!(messages(&json!({ "value": null }), &SCHEMA), [""; 0]);
}

#[test]
fn parameter_string_is_checked_by_its_type() {
    const WHOLE: Type = Type::Integer { min: 1, max: 100 };
    for (ty, text, problem) in [
        (Type::List(&WHOLE), "7", None),
        (WHOLE, "100", None),
        (WHOLE, "101", Some("pageSize: must be 1 to 100, not 101")),
        (WHOLE, "many", Some("pageSize: must be a whole number, not \"many\"")),
        (Type::Boolean, "True", None),
        (Type::Boolean, "yes", Some("pageSize: must be a boolean, not \"yes\"")),
        (Type::String { min: 0, max: None }, "true", None),
    ] {
        let found = check_text("pageSize", text, &ty, Enums::Closed);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, problem.into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn uuid_format_is_checked() {
    assert!(is_uuid("08d5a03c-feb7-af1e-a1fa-40b3329f8bed"));
    for text in ["", "08d5a03cfeb7af1ea1fa40b3329f8bed", "08d5a03c-feb7-af1e-a1fa-40b3329f8beg"] {
        assert!(!is_uuid(text), "{text}");
    }
}
