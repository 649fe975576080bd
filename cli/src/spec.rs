//! Operations for the command line: names, arguments and their types.

use crate::failure::Failure;
use configcat_management::call::suggestion;
use configcat_management::spec::{Location, Operation, Type};
use configcat_management::{operations, unknown_operation};
use serde_json::{Map, Value};
use std::path::Path;

/// Argument of a JSON Patch.
const PATCH: &str = "patch";

/// An argument of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Name.
    pub name: &'static str,
    /// Word for its type.
    pub word: &'static str,
    /// Known values.
    pub values: &'static [&'static str],
    /// Whether it has to be present.
    pub required: bool,
}

/// Finds an operation by its name, or by its id in the spec.
pub fn find(name: &str) -> Result<&'static Operation, Failure> {
    let found =
        operations::ALL.iter().find(|operation| [operation.id, operation.operation_id].contains(&name));
    found.copied().ok_or_else(|| Failure::Usage(unknown_operation(name).message().to_owned()))
}

/// Names of all resources, sorted.
pub fn resources() -> Vec<&'static str> {
    let mut names: Vec<_> = operations::ALL.iter().map(|operation| operation.resource).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns `; did you mean NAME?` for the most similar name.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    suggestion(name, known).map_or_else(String::new, |similar| format!("; did you mean {similar}?"))
}

/// Returns the arguments of an operation: parameters, then fields of the body.
pub fn arguments(operation: &'static Operation) -> Vec<Argument> {
    let mut found: Vec<Argument> = operation
        .parameters
        .iter()
        .map(|parameter| argument(parameter.name, &parameter.ty, parameter.location == Location::Path))
        .collect();
    match &operation.body {
        Some(Type::Object(schema)) => {
            found.extend(schema.fields.iter().map(|field| argument(field.name, &field.ty, field.required)));
        }
        Some(ty @ Type::Patch(_)) => found.push(argument(PATCH, ty, true)),
        _ => {}
    }
    found
}

const fn argument(name: &'static str, ty: &Type, required: bool) -> Argument {
    Argument { name, word: word(ty), values: values(ty), required }
}

/// Returns the names of the path parameters of an operation.
pub fn path_parameters(operation: &Operation) -> Vec<&'static str> {
    operation.path_parameters().map(|parameter| parameter.name).collect()
}

/// Word for a type, by which arguments are parsed.
const fn word(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "boolean",
        Type::Integer { .. } => "integer",
        Type::Number => "number",
        Type::String { .. } | Type::Uuid | Type::Timestamp | Type::Enum(_) => "string",
        Type::Any | Type::Value => "value",
        Type::List(_) | Type::Patch(_) => "list",
        Type::Map(_) | Type::Object(_) => "object",
    }
}

const fn values(ty: &Type) -> &'static [&'static str] {
    match ty {
        Type::Enum(values) => values,
        Type::List(item) => values(item),
        _ => &[],
    }
}

/// Parses arguments of the form `key=value`, each as the type that the spec declares.
pub fn pairs(operation: &'static Operation, words: &[String]) -> Result<Map<String, Value>, Failure> {
    let known = arguments(operation);
    let mut found = Map::new();
    for text in words {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::Usage(format!("{text}: arguments are written key=value")));
        };
        let Some(argument) = known.iter().find(|argument| argument.name == name) else {
            let hint = hint(name, known.iter().map(|argument| argument.name));
            return Err(Failure::Usage(format!("{} has no argument {name}{hint}", operation.id)));
        };
        if found.contains_key(name) {
            let how = if argument.word == "list" {
                format!("; write a list as JSON: {name}='[..., ...]'")
            } else {
                String::new()
            };
            return Err(Failure::Usage(format!("{name} is present more than once{how}")));
        }
        found.insert(name.to_owned(), parsed(argument, value)?);
    }
    Ok(found)
}

fn parsed(argument: &Argument, text: &str) -> Result<Value, Failure> {
    let text = match text.strip_prefix('@') {
        Some(file) => crate::files::read(Path::new(file))?,
        None => text.to_owned(),
    };
    if text == "null" {
        return Ok(Value::Null);
    }
    if argument.word == "string" {
        return Ok(Value::String(text));
    }
    match serde_json::from_str(&text) {
        Ok(value) => Ok(value),
        Err(_) if argument.word == "value" => Ok(Value::String(text)),
        Err(_) => {
            Err(Failure::Usage(format!("{}: {text:?} is not a valid {}", argument.name, argument.word)))
        }
    }
}
