//! Writes the contract vectors: for each operation, arguments and the exact request that they make, and an answer and
//! the value that it stands for. Every language runs the same files.

use super::sample::{Coverage, Sample, Sampler, Shape};
use super::{Context, File};
use crate::model::names::Name;
use crate::model::{Api, Location, Operation, Param, Resource, SchemaKind, Type};
use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let all = vectors(cx.api);
    cx.api
        .resources
        .iter()
        .map(|resource| {
            let vectors = all.get(&resource.name.snake()).map_or(&[][..], Vec::as_slice);
            let text = format!("{}\n", serde_json::to_string_pretty(&vectors)?);
            Ok(File { path: format!("tests/contract/generated/{}.json", resource.name.snake()), text })
        })
        .collect()
}

/// A file of vectors: its name below `tests/contract`, and a name for a class or a module.
pub struct Source {
    pub file: String,
    pub name: Name,
    pub vectors: Vec<Value>,
}

/// Every file of vectors, the one that is written by hand last.
pub fn sources(cx: &Context<'_>) -> Result<Vec<Source>> {
    let mut all = vectors(cx.api);
    let mut sources: Vec<Source> = cx
        .api
        .resources
        .iter()
        .map(|resource| Source {
            file: format!("generated/{}", resource.name.snake()),
            name: resource.name.clone(),
            vectors: all.remove(&resource.name.snake()).unwrap_or_default(),
        })
        .collect();
    let tricky = serde_json::from_str(cx.tricky_vectors).context("tests/contract/tricky.json")?;
    sources.push(Source { file: TRICKY.into(), name: Name::new(TRICKY), vectors: tricky });
    Ok(sources)
}

/// The vectors that are written by hand; their values are a part of the answer's.
pub const TRICKY: &str = "tricky";

/// The operation that a vector calls.
pub fn operation<'a>(api: &'a Api, vector: &Value) -> Result<(&'a Resource, &'a Operation)> {
    let id = vector["operation"].as_str().unwrap_or_default();
    api.operations()
        .find(|(r, o)| format!("{}.{}", r.name.snake(), o.name.snake()) == id)
        .with_context(|| format!("no operation {id}"))
}

/// The vectors of every resource. Together they have every value of every enum.
fn vectors(api: &Api) -> BTreeMap<String, Vec<Value>> {
    let coverage = Coverage::default();
    let mut vectors: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (resource, op) in api.operations() {
        let made =
            shapes(api, op).into_iter().map(|shape| vector(api, op, shape, &coverage, name(resource, op)));
        vectors.entry(resource.name.snake()).or_default().extend(made);
    }
    for (resource, op) in api.operations() {
        let types = op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|body| &body.ty));
        let types: Vec<&Type> = types.chain(op.answers.iter().filter_map(|a| a.ty.as_ref())).collect();
        let missing = || types.iter().map(|ty| coverage.missing_in(api, ty)).sum::<usize>();
        // The first is `enums`, the second `enums-2`, for names are unique.
        for number in 1_usize.. {
            let before = missing();
            if before == 0 {
                break;
            }
            let mut made = vector(api, op, Shape::Enums, &coverage, name(resource, op));
            if number > 1 {
                made["name"] = json!(format!("{}/enums-{number}", name(resource, op)));
            }
            if missing() == before {
                break;
            }
            vectors.entry(resource.name.snake()).or_default().push(made);
        }
    }
    vectors
}

fn name(resource: &Resource, op: &Operation) -> String {
    format!("{}.{}", resource.name.snake(), op.name.snake())
}

/// One sample where nothing can differ, three where it can.
fn shapes(api: &Api, op: &Operation) -> Vec<Shape> {
    let optional = op.optional_params().next().is_some();
    let fields = match op.body.as_ref().map(|b| &b.ty) {
        Some(Type::Model(name)) => match api.schema(name).map(|s| &s.kind) {
            Some(SchemaKind::Object(fields)) => fields.as_slice(),
            _ => &[],
        },
        _ => &[],
    };
    let mut shapes = vec![Shape::Full];
    if optional || fields.iter().any(|f| !f.required) {
        shapes.push(Shape::Least);
    }
    if op.result().0.is_some() || fields.iter().any(|f| f.nullable) {
        shapes.push(Shape::Nulls);
    }
    shapes
}

fn vector(api: &Api, op: &Operation, shape: Shape, coverage: &Coverage, id: String) -> Value {
    let mut sampler = Sampler::new(api, shape, false, coverage);
    let mut arguments = Map::new();
    let mut headers = Map::from_iter([("accept".to_owned(), json!("application/json"))]);
    let mut target = op.path.clone();
    let mut query = String::new();
    for param in &op.params {
        if param.location != Location::Path && !matches!(shape, Shape::Full | Shape::Enums) {
            continue;
        }
        let sample = parameter(&mut sampler, param);
        arguments.insert(param.name.snake(), sample.plain);
        match param.location {
            Location::Path => {
                target =
                    target.replace(&format!("{{{}}}", param.name.wire()), &encode(&plain_text(&sample.wire)));
            }
            Location::Query => add_query(&mut query, param.name.wire(), sample.wire),
            Location::Header => {
                headers.insert(param.name.wire().to_lowercase(), sample.wire);
            }
        }
    }
    let body = op.body.as_ref().map(|body| {
        let sample = sampler.value(&body.ty, "");
        match sample.plain {
            Value::Object(fields) => arguments.extend(fields),
            other => drop(arguments.insert("patch".into(), other)),
        }
        sample.wire
    });
    // An optional body of which nothing is given is not sent.
    let body = body.filter(|b| op.body.as_ref().is_some_and(|o| o.required) || b != &json!({}));
    if body.is_some() {
        headers.insert("content-type".into(), json!("application/json"));
    }
    let (answer, value) = answer(api, op, shape, coverage);
    json!({
        "name": format!("{id}/{}", shape.name()),
        "operation": id,
        "arguments": arguments,
        "request": { "method": op.http_method, "target": target + &query, "headers": headers, "body": body },
        "answer": answer,
        "value": value,
    })
}

fn parameter(sampler: &mut Sampler<'_>, param: &Param) -> Sample {
    if param.location == Location::Header {
        // A header cannot carry every character that a path can.
        let key = json!("configcat-sdk-1/abc/def");
        return Sample { wire: key.clone(), plain: key };
    }
    sampler.value(&param.ty, param.name.wire())
}

fn add_query(query: &mut String, name: &str, value: Value) {
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value]);
    for item in items {
        let mark = if query.is_empty() { '?' } else { '&' };
        let _ = write!(query, "{mark}{name}={}", encode(&plain_text(&item)));
    }
}

/// The answer and the value that it stands for.
fn answer(api: &Api, op: &Operation, shape: Shape, coverage: &Coverage) -> (Value, Value) {
    let empty = op.answers.iter().find(|a| a.ty.is_none());
    let full = op.answers.iter().find(|a| a.ty.is_some());
    match (full, empty, shape) {
        (Some(answer), None, _) | (Some(answer), Some(_), Shape::Full | Shape::Nulls | Shape::Enums) => {
            let sample = answer.ty.as_ref().map(|ty| Sampler::new(api, shape, true, coverage).value(ty, ""));
            let (wire, plain) = sample.map(|s| (s.wire, s.plain)).unwrap_or_default();
            (json!({ "status": answer.status, "body": wire }), plain)
        }
        (_, Some(answer), _) => (json!({ "status": answer.status, "body": null }), Value::Null),
        (None, None, _) => (json!({ "status": 200, "body": null }), Value::Null),
    }
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encodes everything but letters, digits and `-._~` (RFC 3986).
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
