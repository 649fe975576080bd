//! Python arguments as parameters and JSON: names by the description, values by what they are.
//!
//! Lengths, ranges and types are not checked here: the core does that for every language.

use configcat_management::describe::{Field, Location, Operation, Parameter, Schema, Type};
use configcat_management::dynamic::Arguments;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PySequence, PyString};
use serde_json::{Map, Number, Value};

/// Nested deeper than this, a value is taken for one that contains itself.
const DEEPEST: usize = 64;

/// Collects the arguments of a call.
pub fn collect(
    operation: &'static Operation,
    parameters: &Bound<'_, PyDict>,
    body: Option<&Bound<'_, PyAny>>,
) -> PyResult<Arguments> {
    let mut arguments = Arguments::default();
    for parameter in operation.parameters {
        let Some(value) = parameters.get_item(parameter.name)? else { continue };
        if is_absent(&value) || (value.is_none() && parameter.location != Location::Path) {
            continue;
        }
        parameter_texts(parameter, &value, &mut arguments.parameters)?;
    }
    if let (Some(ty), Some(body)) = (&operation.body, body) {
        let json = convert(body, ty, "", 0)?;
        let empty = json.as_object().is_some_and(Map::is_empty);
        arguments.body = (operation.body_required || !empty).then_some(json);
    }
    Ok(arguments)
}

fn is_absent(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<crate::Absent>()
}

fn parameter_texts(
    parameter: &'static Parameter,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<(&'static str, String)>,
) -> PyResult<()> {
    if let (Type::List(_), false) = (&parameter.ty, value.is_instance_of::<PyString>()) {
        for item in value.try_iter()? {
            out.push((parameter.wire, text(parameter.name, &item?)?));
        }
    } else {
        out.push((parameter.wire, text(parameter.name, value)?));
    }
    Ok(())
}

fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match convert(value, &Type::Any, name, 0)? {
        Value::String(text) => Ok(text),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(PyTypeError::new_err(format!(
            "{name}: must be a text, a number or a boolean, not {}",
            kind(value)
        ))),
    }
}

fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "that".into(), |name| name.to_string())
}

/// A Python value as JSON. `at` is its place, for messages.
fn convert(value: &Bound<'_, PyAny>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(PyValueError::new_err(format!("{at}: nested more than {DEEPEST} deep")));
    }
    if let Type::Object(schema) = ty
        && let Some(json) = flag_value(value, schema, at, depth)?
    {
        return Ok(json);
    }
    if value.is_none() {
        Ok(Value::Null)
    } else if let Ok(flag) = value.cast::<PyBool>() {
        Ok(flag.is_true().into())
    } else if let Ok(string) = value.cast::<PyString>() {
        Ok(string.to_str()?.into())
    } else if value.is_instance_of::<PyInt>() {
        integer(value, at)
    } else if value.is_instance_of::<PyFloat>() {
        let number: f64 = value.extract()?;
        let json = Number::from_f64(number).map(Value::Number);
        json.ok_or_else(|| PyValueError::new_err(format!("{at}: {number} cannot be sent")))
    } else if let Ok(moment) = value.cast::<PyDateTime>() {
        timestamp(moment, at)
    } else if value.hasattr("to_dict")? {
        // A model that was read before: it speaks the wire's names already.
        convert(&value.call_method0("to_dict")?, ty, at, depth + 1)
    } else if let Ok(mapping) = value.cast::<PyMapping>() {
        object(mapping, ty, at, depth)
    } else if let Ok(items) = value.cast::<PySequence>() {
        list(items, ty, at, depth)
    } else {
        Err(PyTypeError::new_err(format!("{at}: cannot send a {}", kind(value))))
    }
}

fn integer(value: &Bound<'_, PyAny>, at: &str) -> PyResult<Value> {
    match value.extract::<i64>() {
        Ok(number) => Ok(number.into()),
        Err(_) => Err(PyValueError::new_err(format!("{at}: {value} is too large"))),
    }
}

fn timestamp(moment: &Bound<'_, PyDateTime>, at: &str) -> PyResult<Value> {
    if moment.getattr("tzinfo")?.is_none() {
        let message = format!("{at}: a datetime needs a time zone, such as datetime.timezone.utc");
        return Err(PyValueError::new_err(message));
    }
    Ok(moment.call_method0("isoformat")?.extract::<String>()?.into())
}

fn list(items: &Bound<'_, PySequence>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
    let inner = match ty {
        Type::List(inner) | Type::Patch(inner) => inner,
        _ => &Type::Any,
    };
    let mut out = Vec::new();
    for (i, item) in items.try_iter()?.enumerate() {
        out.push(convert(&item?, inner, &format!("{at}[{i}]"), depth + 1)?);
    }
    Ok(Value::Array(out))
}

fn object(mapping: &Bound<'_, PyMapping>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
    let mut out = Map::new();
    for pair in mapping.items()?.try_iter()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
        if is_absent(&value) {
            continue;
        }
        let key: String =
            key.extract().map_err(|_| PyTypeError::new_err(format!("{at}: a key is not a text")))?;
        let place = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        let (name, inner) = match ty {
            Type::Object(schema) => {
                let field = find(schema, &key).ok_or_else(|| unknown(mapping.py(), schema, &key, at))?;
                (field.wire.to_owned(), &field.ty)
            }
            Type::Map(inner) => (key, *inner),
            _ => (key, &Type::Any),
        };
        out.insert(name, convert(&value, inner, &place, depth + 1)?);
    }
    Ok(Value::Object(out))
}

/// A field by its Python name, with or without the underscore that keeps it from being a keyword, or by its wire name.
fn find(schema: &'static Schema, key: &str) -> Option<&'static Field> {
    schema.fields.iter().find(|f| f.name == key || f.wire == key || key.strip_suffix('_') == Some(f.name))
}

fn unknown(py: Python<'_>, schema: &Schema, key: &str, at: &str) -> PyErr {
    let names: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
    let near = py
        .import("difflib")
        .and_then(|difflib| difflib.call_method1("get_close_matches", (key, names.clone(), 1)))
        .and_then(|found| found.extract::<Vec<String>>())
        .unwrap_or_default();
    let hint = match near.first() {
        Some(name) => format!("did you mean {name}?"),
        None => format!("it has {}", names.join(", ")),
    };
    let place = if at.is_empty() { String::new() } else { format!("{at}: ") };
    PyTypeError::new_err(format!("{place}{} has no {key}; {hint}", schema.name))
}

/// The value of a flag: a plain value, an object with `value` or `predefined_variation_id`, or one that was read.
fn flag_value(value: &Bound<'_, PyAny>, schema: &Schema, at: &str, depth: usize) -> PyResult<Option<Value>> {
    if schema.fields.first().is_none_or(|f| f.wire != "boolValue") {
        return Ok(None);
    }
    let tagged = |json: Value| -> Option<Value> {
        let member = match &json {
            Value::Bool(_) => "boolValue",
            Value::String(_) => "stringValue",
            Value::Number(number) if number.is_f64() => "doubleValue",
            Value::Number(_) => "intValue",
            _ => return None,
        };
        Some(Value::Object(Map::from_iter([(member.to_owned(), json)])))
    };
    if let Ok(mapping) = value.cast::<PyDict>() {
        let Some(plain) = mapping.get_item("value")? else { return Ok(None) };
        return Ok(tagged(convert(&plain, &Type::Any, at, depth + 1)?));
    }
    if let Ok(read) = value.cast::<configcat_management::models::FlagValue>() {
        let wish = configcat_management::models::UpdateFlagValue::from(read.get().clone());
        let json = serde_json::to_value(wish).map_err(|e| PyValueError::new_err(e.to_string()))?;
        return Ok(Some(json));
    }
    let plain = value.is_instance_of::<PyBool>()
        || value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyInt>()
        || value.is_instance_of::<PyFloat>();
    if plain { Ok(tagged(convert(value, &Type::Any, at, depth + 1)?)) } else { Ok(None) }
}
