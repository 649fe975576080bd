//! Tests of error messages: a small spec, made invalid in every way that is checked. Each error must name the position.

use super::build::{build, parse, read};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

const SMALL: &str = include_str!("../../../fuzz/seeds/spec.yaml");
const LIST: &str = "/paths/~1v1~1products~1{productId}~1tags/get";
const GET: &str = "/paths/~1v1~1tags~1{tagId}/get";
const PARAMETER: &str = "/paths/~1v1~1tags~1{tagId}/get/parameters/0";
const ORGANIZATION: &str = "/components/schemas/OrganizationModel";
const TAG: &str = "/components/schemas/TagModel";
const PROPERTIES: &str = "/components/schemas/TagModel/properties";
const NAME: &str = "/components/schemas/TagModel/properties/name";

/// JSON pointer of the object to change, key, new value (null removes the key), and expected part of the error.
type Case = (&'static str, &'static str, Value, &'static str);

fn cases() -> Vec<Case> {
    [names(), types(), operations(), rights(), misspelt()].into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    let missing = Value::Null;
    vec![
        ("", "components", missing.clone(), "no components"),
        ("/components", "schemas", missing.clone(), "`schemas` is not an object"),
        ("", "paths", json!([]), "`paths` is not an object"),
        ("/paths", "/v1/none", json!(5), "a path item is not an object"),
        (TAG, "x-name", json!("Product"), "two schemas are named Product"),
        (TAG, "x-name", missing.clone(), "TagModel: `x-name` is not a string"),
        ("/x-ids", "Tag", json!({ "type": "integer", "description": "." }), "two types are named Tag"),
        ("/x-ids/TagId", "fields", json!([1]), "a field of x-ids is not a string"),
        ("/x-ids/TagId", "fields", json!(["other"]), "no field is a TagId"),
        ("/x-resources", "tags", json!(1), "a resource's description is not a string"),
        ("/x-resources", "none", json!("None."), "has no operation"),
        (GET, "x-resource", json!("none"), "x-resources has no none"),
        (GET, "x-method", json!("update"), "the name update is taken"),
        (GET, "operationId", json!("update-tag"), "PUT /v1/tags/{tagId}: operationId is taken"),
    ]
}

fn types() -> Vec<Case> {
    vec![
        ("/components/schemas/TagModel/properties/tagId", "format", json!("uuid"), "TagId cannot be"),
        (
            PROPERTIES,
            "tagId",
            json!({ "type": "string", "description": "." }),
            "TagId is Int64 here and String elsewhere",
        ),
        ("/components/schemas/TagModel/properties/product", "$ref", json!("#/x/None"), "no schema None"),
        (NAME, "type", json!("null"), "name: type (Some(\"null\")"),
        (NAME, "type", json!("array"), "array without items"),
        (NAME, "type", json!("object"), "object without properties"),
        (NAME, "allOf", json!([{}, {}]), "allOf with 2 parts"),
        (
            PROPERTIES,
            "extra",
            json!({ "type": "string", "description": "." }),
            "field names: the name extra is taken",
        ),
        (NAME, "description", Value::Null, "schema TagModel: name"),
        (TAG, "x-union", json!("other"), "TagModel: x-union other is not known"),
        (TAG, "x-union", json!("members"), "has to be nullable, because of x-union members"),
        (TAG, "x-takes", json!({}), "x-takes is for enums"),
        (ORGANIZATION, "enum", json!([1]), "an enum value is not a string"),
        (ORGANIZATION, "enum", json!(["a b", "a-b"]), "enum variants: the name AB is taken"),
        (
            PROPERTIES,
            "tag_id",
            json!({ "type": "string", "description": "." }),
            "field names: the name tag_id is taken",
        ),
        (
            "/components/schemas",
            "NoneModel",
            json!({ "x-name": "None", "description": ".", "properties": {} }),
            "nothing uses the schema None",
        ),
        (
            "/paths/~1v1~1tags~1{tagId}/put/requestBody/content/application~1json/schema",
            "$ref",
            json!("#/components/schemas/TagModel"),
            "is both sent and received",
        ),
    ]
}

fn operations() -> Vec<Case> {
    vec![
        (GET, "responses", json!({ "400": {} }), "no successful response"),
        (GET, "responses", json!({ "199": {}, "300": {} }), "no successful response"),
        (GET, "responses", json!({ "fine": {} }), "a status is not a number"),
        (GET, "parameters", json!([]), "the path names [\"tagId\"], the parameters []"),
        (PARAMETER, "in", json!("cookie"), "tagId: parameters in cookie are not supported"),
        (PARAMETER, "required", json!(false), "path parameters are required, others are not"),
        (PARAMETER, "in", json!("query"), "others are not"),
        (GET, "x-find", json!(["name"]), "x-find is for lists"),
        (LIST, "x-find", json!(["none"]), "Tag has no none"),
        (LIST, "x-find", json!([1]), "x-find has the names of fields"),
        (GET, "x-paginated", json!({ "items": "none.items" }), "none is not an object"),
        (GET, "x-paginated", json!({ "items": "name" }), "name is not a list"),
        (LIST, "x-paginated", json!({ "items": "name" }), "a paged response is an object"),
    ]
}

fn rights() -> Vec<Case> {
    let missing = Value::Null;
    vec![
        (GET, "x-idempotent", missing.clone(), "GET /v1/tags/{tagId}: `x-idempotent` is missing"),
        (GET, "x-right", missing.clone(), "GET /v1/tags/{tagId}: `x-right` is missing"),
        (GET, "x-right", json!("canFly"), "`x-right` canFly is not a permission"),
        (GET, "x-right", json!([]), "`x-right` cannot be []"),
        (GET, "x-right", json!("write"), "needs a parameter whose scope is Environment"),
        ("/x-ids/TagId", "scope", missing.clone(), "TagId: `scope` is not a string"),
        ("/x-ids/TagId", "scope", json!("galaxy"), "TagId: `scope` galaxy is not known"),
        ("/x-ids/TagId", "scope", json!("none"), "needs a parameter whose scope is Organization"),
    ]
}

fn misspelt() -> Vec<Case> {
    vec![
        ("", "path", json!({}), "`path` is not known"),
        ("/x-ids/TagId", "field", json!([]), "x-ids TagId: `field` is not known"),
        (GET, "x-idempotant", json!(true), "GET /v1/tags/{tagId}: `x-idempotant` is not known"),
        (PARAMETER, "require", json!(true), "parameter \"tagId\": `require` is not known"),
        (NAME, "nulable", json!(true), "schema TagModel: property name: `nulable` is not known"),
    ]
}

#[test]
fn errors_name_the_invalid_part_of_the_spec_and_its_line() -> Result<()> {
    let good = parse(SMALL)?;
    build(&good)?;
    let mut wrong = String::new();
    for (place, key, value, expected) in cases() {
        let mut document = good.clone();
        let object = document.pointer_mut(place).and_then(Value::as_object_mut);
        let object = object.ok_or_else(|| anyhow::anyhow!("{place} is not in the spec"))?;
        if value.is_null() {
            object.remove(key);
        } else {
            object.insert(key.to_owned(), value);
        }
        // Pretty-printed JSON is valid YAML and has line numbers.
        let error = match read(&serde_json::to_string_pretty(&document)?, "spec.yaml") {
            Ok(_) => "nothing".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        let has_line = place.starts_with("/paths/~1") || place.starts_with("/components/schemas/");
        let line =
            error.strip_prefix("spec.yaml:").and_then(|rest| rest.split(':').next()?.parse::<u32>().ok());
        if !error.contains(expected) || (has_line && line.is_none()) {
            wrong += &format!("\n{place}/{key}: error {error}, expected {expected} with its line");
        }
    }
    ensure!(wrong.is_empty(), wrong);
    Ok(())
}

#[test]
fn id_takes_the_width_of_its_widest_field() -> Result<()> {
    for (field, parameter) in [("int32", "int64"), ("int64", "int32"), ("int32", "int32")] {
        let mut document = parse(SMALL)?;
        let path = |method: &str| format!("/paths/~1v1~1tags~1{{tagId}}/{method}/parameters/0/schema/format");
        let places = [(format!("{TAG}/properties/tagId/format"), field)];
        for (pointer, format) in
            places.into_iter().chain(["get", "put", "delete"].map(|m| (path(m), parameter)))
        {
            let place = document.pointer_mut(&pointer).ok_or_else(|| anyhow::anyhow!("no {pointer}"))?;
            *place = json!(format);
        }
        let api = build(&document)?;
        let kind = api.ids.iter().find(|id| id.name == "TagId").map(|id| format!("{:?}", id.kind));
        let wide = if field == parameter { "Int32" } else { "Int64" };
        ensure!(kind.as_deref() == Some(wide), "{field} and {parameter} give {kind:?}");
    }
    Ok(())
}
