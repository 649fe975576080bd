//! Tests of the reported differences.

use super::compare::compare;
use crate::model::build::parse;
use serde_json::Value;

fn spec() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/openapi.yaml");
    parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Returns the differences that are reported after a change of the other document.
fn after(change: impl Fn(&mut Value)) -> Vec<String> {
    let ours = spec();
    let mut theirs = ours.clone();
    change(&mut theirs);
    compare(&ours, &theirs).unwrap().changes.iter().map(ToString::to_string).collect()
}

fn schema<'a>(doc: &'a mut Value, name: &str) -> &'a mut Value {
    &mut doc["components"]["schemas"][name]
}

fn remove(value: &mut Value, key: &str) {
    assert!(value.as_object_mut().unwrap().shift_remove(key).is_some(), "{key}");
}

#[test]
fn identical_documents_have_no_differences() {
    let ours = spec();
    let operations = crate::model::build::build(&ours).unwrap().operations().count();
    let report = compare(&ours, &ours).unwrap();
    assert_eq!((report.changes.len(), report.operations, report.affected), (0, operations, 0));
    assert!(report.facts > 5_000, "{}", report.facts);
}

#[test]
fn renamed_schema_is_not_a_difference() {
    let text = serde_json::to_string(&spec()).unwrap();
    let renamed =
        text.replace("schemas/TagModel\"", "schemas/Etikett\"").replace("\"TagModel\":", "\"Etikett\":");
    assert_ne!(text, renamed);
    let theirs: Value = serde_json::from_str(&renamed).unwrap();
    assert_eq!(compare(&spec(), &theirs).unwrap().changes, []);
}

#[test]
fn descriptions_and_examples_are_not_compared() {
    let found = after(|doc| {
        schema(doc, "TagModel")["description"] = "other".into();
        schema(doc, "TagModel")["properties"]["name"]["example"] = "other".into();
        doc["paths"]["/v1/me"]["get"]["summary"] = "other".into();
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn added_removed_and_changed_operations_are_reported() {
    assert_eq!(after(|doc| remove(&mut doc["paths"]["/v1/me"], "get")), ["- GET /v1/me: operation"]);
    let found = after(|doc| doc["paths"]["/v3/me"] = doc["paths"]["/v1/me"].clone());
    assert_eq!(found, ["+ GET /v3/me: operation; x-idempotent: true, x-right: to be decided"]);
    let found = after(|doc| doc["paths"]["/v1/me"]["get"]["deprecated"] = true.into());
    assert_eq!(found, ["~ GET /v1/me: deprecated false is now true"]);
    let found = after(|doc| doc["paths"]["/v1/me"]["get"]["operationId"] = "who-am-i".into());
    assert_eq!(found, ["~ GET /v1/me: operationId \"get-me\" is now \"who-am-i\""]);
}

#[test]
fn added_removed_and_changed_parameters_are_reported() {
    let route = "GET /v2/products/{productId}/auditlogs";
    let list = |doc: &mut Value| -> Vec<Value> {
        doc["paths"]["/v2/products/{productId}/auditlogs"]["get"]["parameters"].as_array().unwrap().clone()
    };
    let set = |doc: &mut Value, list: Vec<Value>| {
        doc["paths"]["/v2/products/{productId}/auditlogs"]["get"]["parameters"] = list.into();
    };
    let found = after(|doc| {
        let mut new = list(doc);
        new.retain(|p| p["name"] != "pageSize");
        set(doc, new);
    });
    assert_eq!(found, [format!("- {route}: parameter query pageSize")]);
    let found = after(|doc| {
        let mut new = list(doc);
        let mut added = new[1].clone();
        added["name"] = "color".into();
        new.push(added);
        set(doc, new);
    });
    assert_eq!(found, [format!("+ {route}: parameter query color, string (uuid), not nullable")]);
    let found = after(|doc| {
        let mut new = list(doc);
        let page = new.iter_mut().find(|p| p["name"] == "pageSize").unwrap();
        page["required"] = true.into();
        page["schema"]["maximum"] = 500.into();
        page["schema"]["default"] = 10.into();
        set(doc, new);
    });
    let place = format!("~ {route} parameter query pageSize");
    assert_eq!(
        found,
        [
            format!("{place}: default 100 is now 10"),
            format!("{place}: maximum 100 is now 500"),
            format!("{place}: required false is now true"),
        ]
    );
}

#[test]
fn added_and_removed_bodies_and_responses_are_reported() {
    let found = after(|doc| remove(&mut doc["paths"]["/v1/tags/{tagId}"]["put"], "requestBody"));
    assert_eq!(found[0], "- PUT /v1/tags/{tagId}: request body");
    let found = after(|doc| {
        doc["paths"]["/v1/tags/{tagId}"]["put"]["requestBody"]["required"] = false.into();
    });
    assert_eq!(found, ["~ PUT /v1/tags/{tagId} request: required true is now false"]);
    let found = after(|doc| {
        let body = &mut doc["paths"]["/v1/tags/{tagId}"]["put"]["requestBody"]["content"];
        remove(body, "text/json");
    });
    assert_eq!(found, ["- PUT /v1/tags/{tagId} request: media type text/json"]);
    let found = after(|doc| {
        let responses = &mut doc["paths"]["/v1/tags/{tagId}"]["get"]["responses"];
        remove(responses, "404");
        responses["409"] = serde_json::json!({ "description": "Conflict." });
    });
    assert_eq!(found, ["+ GET /v1/tags/{tagId}: response 409", "- GET /v1/tags/{tagId}: response 404"]);
}

#[test]
fn added_removed_and_changed_fields_are_reported() {
    let one = |found: Vec<String>, end: &str| {
        assert!(
            found.len() == 1 && found[0].ends_with(end),
            "{found:?} should be one that ends with {end:?}"
        );
    };
    one(
        after(|doc| remove(&mut schema(doc, "TagModel")["properties"], "color")),
        ": field color (schema TagModel)",
    );
    one(
        after(|doc| {
            schema(doc, "TagModel")["properties"]["notInTheSpec"] =
                serde_json::json!({ "type": "string", "nullable": true, "maxLength": 20 })
        }),
        ": field notInTheSpec, string, nullable, maxLength 20 (schema TagModel)",
    );
    one(
        after(|doc| schema(doc, "TagModel")["properties"]["name"]["nullable"] = true.into()),
        ".name: nullable false is now true (schema TagModel)",
    );
    one(
        after(|doc| schema(doc, "TagModel")["properties"]["tagId"]["format"] = "int32".into()),
        ".tagId: format \"int64\" is now \"int32\" (schema TagModel)",
    );
    one(
        after(|doc| schema(doc, "CreateTagModel")["properties"]["name"]["maxLength"] = 100.into()),
        ".name: maxLength 255 is now 100 (schema CreateTagModel)",
    );
    one(
        after(|doc| {
            schema(doc, "CreateTagModel")["required"] = serde_json::json!(["name", "color"]);
        }),
        ": required field color (schema CreateTagModel)",
    );
}

#[test]
fn added_and_removed_enum_values_are_reported() {
    let found = after(|doc| {
        schema(doc, "SettingType")["enum"] = serde_json::json!(["boolean", "string", "int", "json"]);
    });
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with('+') && found[0].ends_with("enum value json (schema SettingType)"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with('-') && found[1].ends_with("enum value double (schema SettingType)"),
        "{found:?}"
    );
}

#[test]
fn changed_one_of_and_security_scheme_are_reported() {
    let found = after(|doc| {
        let choices = schema(doc, "SettingValueType")["oneOf"].as_array_mut().unwrap();
        choices.pop();
    });
    assert!(found.iter().any(|c| c.contains("oneOf choices 3 is now 2 (schema ")), "{found:?}");
    let found = after(|doc| doc["components"]["securitySchemes"]["Basic"]["scheme"] = "bearer".into());
    assert_eq!(found, ["~ security Basic: scheme \"basic\" is now \"bearer\""]);
}

#[test]
fn every_operation_that_uses_a_changed_schema_is_affected() {
    let ours = spec();
    let mut theirs = ours.clone();
    schema(&mut theirs, "CreateTagModel")["properties"]["name"]["maxLength"] = 100.into();
    assert_eq!(compare(&ours, &theirs).unwrap().affected, 1);
    let mut theirs = ours.clone();
    remove(&mut schema(&mut theirs, "TagModel")["properties"], "color");
    let report = compare(&ours, &theirs).unwrap();
    assert!(report.affected > 5 && report.changes.len() == 1, "{} {:?}", report.affected, report.changes);
}

#[test]
fn implied_pagination_and_idempotence_are_compared() {
    let path = "/v2/products/{productId}/auditlogs";
    let found = after(|doc| {
        let new = doc["paths"][path]["get"]["parameters"].as_array_mut().unwrap();
        new.retain(|parameter| parameter["name"] != "pageNumber");
    });
    assert!(found.iter().any(|c| c.contains("x-paginated: it has no page parameter")), "{found:?}");
    let ours = {
        let mut ours = spec();
        ours["paths"]["/v1/me"]["get"]["x-idempotent"] = false.into();
        ours
    };
    let report = compare(&ours, &spec()).unwrap();
    assert!(report.changes[0].what.contains("a GET is idempotent"), "{:?}", report.changes);
}
