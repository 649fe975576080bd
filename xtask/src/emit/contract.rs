//! Writes the contract vectors: for each operation, arguments and the exact request that they produce, and a response and
//! the value that it is decoded to. Every language runs the same files.

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

/// File of vectors: its name in `tests/contract`, and the name of its test class or module.
pub struct VectorSource {
    pub file: String,
    pub name: Name,
    pub vectors: Vec<Value>,
}

/// Returns every file of vectors, the hand-written one last.
pub fn sources(cx: &Context<'_>) -> Result<Vec<VectorSource>> {
    let mut all = vectors(cx.api);
    let mut sources: Vec<VectorSource> = cx
        .api
        .resources
        .iter()
        .map(|resource| VectorSource {
            file: format!("generated/{}", resource.name.snake()),
            name: resource.name.clone(),
            vectors: all.remove(&resource.name.snake()).unwrap_or_default(),
        })
        .collect();
    let tricky = serde_json::from_str(cx.tricky_vectors).context("tests/contract/tricky.json")?;
    sources.push(VectorSource { file: TRICKY.into(), name: Name::new(TRICKY), vectors: tricky });
    Ok(sources)
}

/// Name of the hand-written vectors, whose values state only a part of the response's value.
pub const TRICKY: &str = "tricky";

/// Returns the operation that a vector calls.
pub fn operation<'a>(api: &'a Api, vector: &Value) -> Result<(&'a Resource, &'a Operation)> {
    let id = vector["operation"].as_str().unwrap_or_default();
    api.operations()
        .find(|(r, o)| format!("{}.{}", r.name.snake(), o.name.snake()) == id)
        .with_context(|| format!("no operation {id}"))
}

/// Generates the vectors of every resource. Together they have every value of every enum.
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
        let types: Vec<&Type> = types.chain(op.responses.iter().filter_map(|a| a.ty.as_ref())).collect();
        let missing = || types.iter().map(|ty| coverage.missing_in(api, ty)).sum::<usize>();
        // Names must be unique: the first is `enums`, the second `enums-2`.
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

/// Returns the shapes to generate: one if nothing is optional or nullable, up to three otherwise.
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
    // An optional body without any fields is not sent.
    let body = body.filter(|b| op.body.as_ref().is_some_and(|o| o.required) || b != &json!({}));
    if body.is_some() {
        headers.insert("content-type".into(), json!("application/json"));
    }
    let (response, value) = response(api, op, shape, coverage);
    json!({
        "name": format!("{id}/{}", shape.name()),
        "operation": id,
        "arguments": arguments,
        "request": { "method": op.http_method, "target": target + &query, "headers": headers, "body": body },
        "response": response,
        "value": value,
    })
}

fn parameter(sampler: &mut Sampler<'_>, param: &Param) -> Sample {
    if param.location == Location::Header {
        // Headers do not allow all characters that paths do.
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

/// Returns the response and the value that it is decoded to.
fn response(api: &Api, op: &Operation, shape: Shape, coverage: &Coverage) -> (Value, Value) {
    let empty = op.responses.iter().find(|a| a.ty.is_none());
    let full = op.responses.iter().find(|a| a.ty.is_some());
    match (full, empty, shape) {
        (Some(response), None, _) | (Some(response), Some(_), Shape::Full | Shape::Nulls | Shape::Enums) => {
            let sample =
                response.ty.as_ref().map(|ty| Sampler::new(api, shape, true, coverage).value(ty, ""));
            let (wire, plain) = sample.map(|s| (s.wire, s.plain)).unwrap_or_default();
            (json!({ "status": response.status, "body": wire }), plain)
        }
        (_, Some(response), _) => (json!({ "status": response.status, "body": null }), Value::Null),
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
