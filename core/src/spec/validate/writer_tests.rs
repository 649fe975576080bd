//! Bodies that are checked while they are serialized: the JSON is that of `serde_json`, and the violations are those of
//! the JSON.

use super::*;
use crate::models;
use crate::operations;
use crate::spec::{Field, Operation, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Compares both ways to check a value, and returns the number of violations.
fn compare<T: Serialize + ?Sized>(value: &T, ty: &Type, enums: Enums) -> usize {
    let (json, mut found) = write(value, ty, enums).unwrap();
    let text = String::from_utf8(json).unwrap();
    assert_eq!(text, serde_json::to_string(value).unwrap());
    // Not parsed from the text, which changes the last digit of some numbers.
    let value = serde_json::to_value(value).unwrap();
    if matches!(ty, Type::Map(_)) {
        // A value has its members in alphabetical order.
        found.sort_by(|a, b| a.path.cmp(&b.path));
    }
    assert_eq!(found, check(&value, ty, enums), "{ty:?}: {text}");
    found.len()
}

/// Compares the model that a body is decoded to. Returns the number of violations, if it is one.
type Compare = fn(&Value, &Type, Enums) -> Option<usize>;

fn decoded<T: Serialize + DeserializeOwned>(body: &Value, ty: &Type, enums: Enums) -> Option<usize> {
    Some(compare(&T::deserialize(body).ok()?, ty, enums))
}

macro_rules! models {
    ($($name:ident)*) => { &[$((stringify!($name), decoded::<models::$name>)),*] };
}

/// The models of all bodies.
const MODELS: &[(&str, Compare)] = models! {
    AddChangeRequestComment AddOrUpdateIntegrationLink AddOrUpdateJiraIntegrationLink ConnectJira CreateChangeRequest
    CreateConfig CreateEnvironment CreateIntegration CreatePermissionGroup CreateProduct CreateSegment CreateSetting
    CreateTag DeleteRepositoryReports InviteMembers JsonPatch ProxyProfileInput ReplaceSetting
    ResolveChangeRequestSettingConflicts SelectSdkKeys UpdateChangeRequest UpdateChangeRequestComment
    UpdateChangeRequestProposedChanges UpdateConfig UpdateEnvironment UpdateEvaluationFormula UpdateEvaluationFormulas
    UpdateIntegration UpdateMemberPermissions UpdatePermissionGroup UpdatePredefinedVariations UpdatePreferences
    UpdateProduct UpdateSegment UpdateSettingValue UpdateSettingValuesWithId UpdateTag UploadCodeReferences WebhookInput
};

fn model(ty: &Type) -> Compare {
    let name = match ty {
        Type::Patch(_) => "JsonPatch",
        Type::Object(schema) => schema.name,
        other => panic!("{other:?}"),
    };
    MODELS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} is not listed")).1
}

/// Returns the bodies of all contract vectors: of requests with `true`, and of responses with `false`.
fn vectors() -> Vec<(&'static Operation, Value, bool)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/contract/generated");
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for file in files {
        let vectors: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for mut vector in vectors {
            let operation = operations::ALL.iter().find(|known| vector["operation"] == known.id).unwrap();
            found.push((*operation, vector["request"]["body"].take(), true));
            found.push((*operation, vector["response"]["body"].take(), false));
        }
    }
    found.retain(|(_, body, _)| !body.is_null());
    found
}

/// Values of which at least one violates each rule. Half of them have the type of the old value, so that models have them, too.
fn other_value(old: &Value, random: &mut fastrand::Rng) -> Value {
    let long = "é\"".repeat(random.usize(..1500));
    let mut values = vec![
        json!(null),
        json!(true),
        json!(random.i64(-200..200)),
        json!(random.i64(..)),
        json!(random.u64(..)),
        json!(random.f64() * 1e10),
        json!(""),
        json!("somethingNew"),
        json!(long),
        json!("08D5A03C-feb7-af1e-a1fa-40b3329f8bed"),
        json!("2026-11-23T09:24:55Z"),
        json!([]),
        json!([null, { "value": [{}] }]),
        json!({}),
        json!({ "value": null, "list": [[1]] }),
    ];
    if random.bool() {
        values.retain(|value| std::mem::discriminant(value) == std::mem::discriminant(old));
    }
    values.swap_remove(random.usize(..values.len()))
}

/// Counts the values in a value.
fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// Changes the value at a position, or a member or item of it.
fn change(value: &mut Value, mut position: usize, random: &mut fastrand::Rng) {
    if position > 0 {
        position -= 1;
        let inner: Vec<&mut Value> = match value {
            Value::Array(items) => items.iter_mut().collect(),
            Value::Object(members) => members.values_mut().collect(),
            _ => Vec::new(),
        };
        for value in inner {
            let within = values(value);
            if position < within {
                return change(value, position, random);
            }
            position -= within;
        }
        return;
    }
    match value {
        Value::Object(members) if random.bool() => {
            let name = random.choice(members.keys()).cloned();
            match name.filter(|_| random.bool()) {
                Some(name) => drop(members.remove(&name)),
                None => {
                    drop(members.insert(random.alphabetic().to_string(), other_value(&Value::Null, random)))
                }
            }
        }
        Value::Array(items) if !items.is_empty() && random.bool() => {
            items.push(other_value(&items[0], random))
        }
        other => *other = other_value(other, random),
    }
}

#[test]
fn serialized_body_has_the_violations_of_its_json() {
    let mut random = fastrand::Rng::with_seed(7);
    let (mut of_values, mut of_models) = ([0; 2], [0; 2]);
    for (operation, original, is_request) in vectors() {
        let ty = if is_request { operation.body.as_ref() } else { operation.response.as_ref() };
        let Some(ty) = ty else { continue };
        for round in 0..if is_request { 80 } else { 8 } {
            let mut body = original.clone();
            for _ in 0..round % 5 {
                let position = random.usize(..values(&body));
                change(&mut body, position, &mut random);
            }
            let enums = if random.bool() { Enums::Open } else { Enums::Closed };
            let found = compare(&body, ty, enums);
            of_values[usize::from(found > 0)] += 1;
            assert!(round > 0 || found == 0 || !is_request, "{}: {body}", operation.id);
            if let Some(found) = is_request.then(|| model(ty)(&body, ty, enums)).flatten() {
                of_models[usize::from(found > 0)] += 1;
            }
        }
    }
    for [valid, invalid] in [of_values, of_models] {
        assert!(valid > 1000 && invalid > 400, "{of_values:?} {of_models:?}");
    }
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Wrapped(i64);

#[derive(Serialize)]
enum Choice {
    On,
}

#[derive(Serialize)]
struct Model {
    last: i32,
    unknown: u8,
    first: Option<&'static str>,
}

const BYTE: Type = Type::Integer { min: -128, max: 127 };
const TEXT: Type = Type::String { min: 1, max: Some(2) };

static MODEL: Type = Type::Object(&Schema {
    name: "Model",
    wire: "Model",
    is_flag_value: false,
    one_of: false,
    fields: &[field("first", TEXT), field("second", BYTE), field("last", TEXT)],
});

const fn field(name: &'static str, ty: Type) -> Field {
    Field { name, wire: name, required: true, nullable: false, ty }
}

/// Compares the checks of a value as each type.
fn compare_types<T: Serialize>(value: T) {
    let plain =
        [Type::Boolean, BYTE, Type::Number, TEXT, Type::Uuid, Type::Timestamp, Type::Any, Type::Value];
    let others = [Type::Enum(&["Off"]), Type::List(&BYTE), Type::Map(&TEXT), Type::Patch(&MODEL), MODEL];
    for ty in plain.iter().chain(&others) {
        compare(&value, ty, Enums::Closed);
    }
}

macro_rules! compare_all {
    ($($value:expr;)*) => { $(compare_types($value);)* };
}

#[test]
fn every_plain_value_is_checked_as_its_json() {
    compare_all! {
        true; 1_i8; -129_i16; 128_i32; i64::MIN; 200_u8; 7_u16; u32::MAX; u64::MAX; 'é'; ""; "é😀a"; (); 1.0; -0.0; 1e300;
        f64::NAN; f64::INFINITY; 0.5_f32; None::<i32>; Some(Some(1)); Unit; Wrapped(128); Choice::On;
        models::SettingValue::Double(f64::NAN); crate::Timestamp::from_unix_micros(1).unwrap();
    }
}

#[test]
fn every_list_and_object_is_checked_as_its_json() {
    compare_all! {
        vec!["a", "b"]; vec![1, 300]; [(); 0].as_slice(); vec![vec![1.5]]; json!([[null], 2]);
        BTreeMap::from([(1, "one"), (2, "")]); HashMap::from([("first", "é")]); BTreeMap::from([('c', 1)]);
        Model { last: 1, unknown: 2, first: None }; Model { last: 1, unknown: 2, first: Some("é😀a") };
        vec![Model { last: 300, unknown: 2, first: Some("") }]; models::UpdateFlagValue::from(f64::INFINITY);
    }
}

#[test]
fn value_that_is_not_json_is_an_error() {
    let names = BTreeMap::from([(vec![1], 1)]);
    assert!(serde_json::to_vec(&names).is_err());
    for ty in [Type::Any, Type::Map(&Type::Any)] {
        assert!(write(&names, &ty, Enums::Open).is_err());
    }
    // No model has a tuple.
    assert!(write(&(1, 2), &Type::Any, Enums::Open).is_err());
}
