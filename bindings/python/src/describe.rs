//! The spec for Python: operations, wire forms and patches for edits.

use configcat_management::python::{Side, arguments, attributes as renamed, convert, from_json};
use configcat_management::spec::{Location, Operation, Parameter, Schema, Type};
use configcat_management::{call, operations, patch, schema};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use serde_json::{Value, json};

/// Returns every operation: its name, route and parameters.
#[pyfunction]
pub fn describe(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    from_json(py, &operations::ALL.iter().copied().map(operation).collect())
}

fn operation(operation: &Operation) -> Value {
    json!({
        "id": operation.id,
        "operationId": operation.operation_id,
        "resource": operation.resource,
        "method": operation.method,
        "http": operation.http.as_str(),
        "path": operation.path,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "patch": matches!(operation.body, Some(Type::Patch(_))),
    })
}

fn parameter(parameter: &Parameter) -> Value {
    json!({ "name": parameter.name, "required": parameter.location == Location::Path })
}

fn in_type(ty: &Type, name: &str) -> Option<&'static Schema> {
    match ty {
        Type::List(inner) | Type::Map(inner) | Type::Patch(inner) => in_type(inner, name),
        Type::Object(schema) if schema.name == name => Some(schema),
        Type::Object(schema) => schema.fields.iter().find_map(|f| in_type(&f.ty, name)),
        _ => None,
    }
}

/// Class of the values of flags.
const FLAG_VALUE: &str = "FlagValue";

/// Returns the schema of a class of models or of nested input.
fn named(name: &str) -> PyResult<&'static Schema> {
    let mut bodies = operations::ALL.iter().filter_map(|o| o.body.as_ref());
    let known = match name {
        FLAG_VALUE => Some(&schema::flag_values::FLAG_VALUE),
        _ => schema::of_response(name).or_else(|| bodies.find_map(|ty| in_type(ty, name))),
    };
    known.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
}

/// Converts an input to its wire form: JSON names, lists and dictionaries.
#[pyfunction]
pub fn wire<'py>(schema: &str, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    from_json(value.py(), &convert(value, &Type::Object(named(schema)?), "", Side::Request)?)
}

/// Returns an object in its wire form with the names of the attributes of its class, or as the arguments of an operation, if there
/// is one with that name and it takes fields.
#[pyfunction]
#[pyo3(signature = (schema, data, operation = None))]
pub fn attributes<'py>(
    schema: &str,
    data: &Bound<'py, PyAny>,
    operation: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let schema = named(schema)?;
    let operation = operation.and_then(operations::find);
    let taken = operation.map(|operation| arguments(data, schema, operation)).transpose()?.flatten();
    let json = taken.map_or_else(|| Ok(renamed(plain(data)?, schema)), Ok::<_, PyErr>)?;
    from_json(data.py(), &json)
}

/// Returns the fields of a class: names, types, and whether they are required.
#[pyfunction]
pub fn fields<'py>(py: Python<'py>, schema: &str) -> PyResult<Bound<'py, PyAny>> {
    let fields = named(schema)?.fields.iter().map(|field| {
        json!({
            "name": field.name,
            "wire": field.wire,
            "required": field.required,
            "nullable": field.nullable,
            "type": shape(&field.ty),
        })
    });
    from_json(py, &fields.collect())
}

/// A type as a list: its name, then the type that it consists of, its values or its limits.
fn shape(ty: &Type) -> Value {
    match ty {
        Type::Integer { min, max } => json!(["integer", min, max]),
        Type::String { min, max } => json!(["string", min, max]),
        Type::Uuid => json!(["uuid"]),
        Type::Timestamp => json!(["timestamp"]),
        Type::Any => json!(["any"]),
        Type::Enum(values) => json!(["enum", values]),
        Type::List(inner) | Type::Patch(inner) => json!(["list", shape(inner)]),
        Type::Map(inner) => json!(["map", shape(inner)]),
        // One class for all of them.
        Type::Object(schema) if schema.is_flag_value => json!(["object", FLAG_VALUE]),
        Type::Object(schema) => json!(["object", schema.name]),
        Type::Boolean => json!(["boolean"]),
        Type::Number => json!(["number"]),
        Type::Value => json!(["value"]),
    }
}

fn plain(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    convert(value, &Type::Any, "", Side::Response)
}

/// Returns a small JSON Patch that turns `before` into `after`.
#[pyfunction]
pub fn diff<'py>(before: &Bound<'py, PyAny>, after: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let patch = patch::diff_json(&plain(before)?, &plain(after)?);
    let json = serde_json::to_value(patch).map_err(|e| PyValueError::new_err(e.to_string()))?;
    from_json(before.py(), &json)
}

/// Returns up to `count` known names that are similar to a misspelt one, the most similar first.
#[pyfunction]
pub fn suggestions(name: &str, known: Vec<String>, count: usize) -> Vec<String> {
    let found = call::suggestions(name, known.iter().map(String::as_str), count);
    found.into_iter().map(str::to_owned).collect()
}
