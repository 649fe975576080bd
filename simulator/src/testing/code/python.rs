//! Writes as a Python program, with the methods of the client where there are some.

use super::literal::{Literal, quoted};
use super::steps::{Capture, Piece, Step, Token};
use configcat_management::spec::{Location, Operation, Parameter, Schema, Type};
use percent_encoding::percent_decode_str;
use std::fmt::Write as _;

const START: &str = "\
# Credentials: CONFIGCAT_API_USER and CONFIGCAT_API_PASS. Server: CONFIGCAT_BASE_URL.
from configcat_management import Client

with Client() as client:
";

/// Words that cannot be names in Python; the client's names have an underscore in addition.
const RESERVED: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

pub(super) fn program(steps: &[Step]) -> String {
    let mut out = START.to_owned();
    if steps.is_empty() {
        out.push_str("    pass\n");
    }
    for step in steps {
        let (call, captures) = method(step).unwrap_or_else(|| request(step));
        let assigned = if captures.is_empty() { "" } else { "response = " };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "    {assigned}{call}");
        for (capture, path) in step.captures.iter().zip(captures) {
            let _ = writeln!(out, "    {} = response{path}", capture.variable);
        }
    }
    out
}

/// Returns a call of the client's method, and where the identifiers are in its result.
fn method(step: &Step) -> Option<(String, Vec<String>)> {
    let operation = step.operation?;
    let mut arguments: Vec<String> = path_arguments(step, operation)?;
    match (&step.body, operation.body) {
        (None, _) => {}
        (Some(Literal::Object(members)), Some(Type::Object(schema))) => {
            for (name, value) in members {
                let field = schema.field(name)?;
                arguments.push(format!("{}={}", name_of(field.name), text(&named(value, &field.ty)?, 1)));
            }
        }
        _ => return None,
    }
    for (name, value) in &step.query {
        let parameter = parameter(operation, name, Location::Query)?;
        arguments.push(format!("{}={}", parameter.name, of_type(value, &parameter.ty)?));
    }
    if let Some(key) = &step.sdk_key {
        let parameter = operation.parameters.iter().find(|known| known.location == Location::Header)?;
        arguments.push(format!("{}={}", parameter.name, quoted(key)));
    }
    let captures = step.captures.iter().map(|capture| attribute(capture, operation.response.as_ref()?));
    let captures = captures.collect::<Option<Vec<_>>>()?;
    Some((call(operation.id, &arguments), captures))
}

/// Returns a call with all arguments on a line, or on a line each.
fn call(name: &str, arguments: &[String]) -> String {
    const WIDTH: usize = 100;
    let short = format!("client.{name}({})", arguments.join(", "));
    if short.len() <= WIDTH && !short.contains('\n') {
        return short;
    }
    let lines: String =
        arguments.iter().map(|argument| format!("        {},\n", argument.replace('\n', "\n    "))).collect();
    format!("client.{name}(\n{lines}    )")
}

fn path_arguments(step: &Step, operation: &Operation) -> Option<Vec<String>> {
    let template: Vec<&str> = operation.path.split('/').collect();
    let mut segments = step.path.as_slice();
    // A slash at the end of a path is ignored.
    if segments.len() == template.len() + 1 {
        (_, segments) = segments.split_last()?;
    }
    if segments.len() != template.len() {
        return None;
    }
    let pairs = template.into_iter().zip(segments);
    pairs
        .filter_map(|(name, piece)| Some((name.strip_prefix('{')?.strip_suffix('}')?, piece)))
        .map(|(name, piece)| {
            let parameter = parameter(operation, name, Location::Path)?;
            let piece = match piece {
                Piece::Text(text) => Piece::Text(percent_decode_str(text).decode_utf8_lossy().into_owned()),
                variable @ Piece::Variable(_) => variable.clone(),
            };
            of_type(&piece, &parameter.ty)
        })
        .collect()
}

fn parameter(operation: &Operation, name: &str, location: Location) -> Option<&'static Parameter> {
    operation
        .parameters
        .iter()
        .find(|known| known.wire.eq_ignore_ascii_case(name) && known.location == location)
}

/// Writes a parameter as a value of its type.
fn of_type(piece: &Piece, ty: &Type) -> Option<String> {
    let text = match piece {
        Piece::Variable(name) => return Some(name.clone()),
        Piece::Text(text) => text,
    };
    match ty {
        Type::Boolean => text.parse::<bool>().ok().map(|value| if value { "True" } else { "False" }.into()),
        Type::Integer { .. } => text.parse::<i64>().ok().map(|value| value.to_string()),
        Type::String { .. } | Type::Uuid | Type::Enum(_) | Type::Timestamp => Some(quoted(text)),
        _ => None,
    }
}

/// Replaces the names of the wire with those of Python.
fn named(value: &Literal, ty: &Type) -> Option<Literal> {
    match (value, ty) {
        (Literal::Object(members), Type::Object(schema)) => {
            if let Some(plain) = plain_value(members, schema) {
                return Some(plain);
            }
            let member = |(name, value): &(String, Literal)| {
                let field = schema.field(name)?;
                Some((field.name.to_owned(), named(value, &field.ty)?))
            };
            members.iter().map(member).collect::<Option<_>>().map(Literal::Object)
        }
        (Literal::List(items), Type::List(ty)) => {
            items.iter().map(|item| named(item, ty)).collect::<Option<_>>().map(Literal::List)
        }
        (Literal::Object(_) | Literal::List(_), _) => None,
        (plain, _) => Some(plain.clone()),
    }
}

/// Returns the value of a flag if the object has nothing else.
fn plain_value(members: &[(String, Literal)], schema: &Schema) -> Option<Literal> {
    let [(name, value)] = members else { return None };
    match value {
        _ if !schema.is_flag_value => None,
        Literal::Bool(_) | Literal::Text(_) if name != "predefinedVariationId" => Some(value.clone()),
        Literal::Number(_) if name == "intValue" => Some(value.clone()),
        // Without a fraction it would become an integer.
        Literal::Number(number) if name == "doubleValue" && number.is_f64() => Some(value.clone()),
        _ => None,
    }
}

fn text(value: &Literal, depth: usize) -> String {
    let mut out = String::new();
    value.write(&mut out, depth, &|value| match value {
        Literal::Null => Some("None".into()),
        Literal::Bool(value) => Some(if *value { "True" } else { "False" }.into()),
        _ => None,
    });
    out
}

/// Returns the attribute with an identifier.
fn attribute(capture: &Capture, mut ty: &Type) -> Option<String> {
    let mut out = String::new();
    for token in &capture.at {
        match (token, ty) {
            (Token::Member(name), Type::Object(schema)) => {
                let field = schema.field(name)?;
                let _ = write!(out, ".{}", name_of(field.name));
                ty = &field.ty;
            }
            (Token::Item(index), Type::List(inner)) => {
                let _ = write!(out, "[{index}]");
                ty = inner;
            }
            _ => return None,
        }
    }
    Some(out)
}

fn name_of(name: &str) -> String {
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Returns a call by method and path, and where the identifiers are in its result.
fn request(step: &Step) -> (String, Vec<String>) {
    let mut arguments = vec![quoted(&step.method), path(&step.path)];
    if !step.query.is_empty() {
        let pair = |(name, value): &(String, Piece)| {
            let value = match value {
                Piece::Text(text) => quoted(text),
                Piece::Variable(name) => name.clone(),
            };
            format!("({}, {value})", quoted(name))
        };
        let pairs: Vec<String> = step.query.iter().map(pair).collect();
        arguments.push(format!("query=[{}]", pairs.join(", ")));
    }
    if let Some(key) = &step.sdk_key {
        arguments.push(format!("headers={{\"X-CONFIGCAT-SDKKEY\": {}}}", quoted(key)));
    }
    if let Some(body) = &step.body {
        arguments.push(format!("body={}", text(body, 1)));
    }
    let captures = step.captures.iter().map(|capture| format!(".value{}", subscripts(&capture.at)));
    (call("request", &arguments), captures.collect())
}

fn path(pieces: &[Piece]) -> String {
    let has_variables = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) if has_variables => text.replace('{', "{{").replace('}', "}}"),
        Piece::Text(text) => text.clone(),
        Piece::Variable(name) => format!("{{{name}}}"),
    };
    let text = pieces.iter().map(piece).collect::<Vec<_>>().join("/");
    format!("{}{}", if has_variables { "f" } else { "" }, quoted(&text))
}

/// Returns the position of an identifier in JSON, as both Python and Rust write it.
pub(super) fn subscripts(at: &[Token]) -> String {
    at.iter()
        .map(|token| match token {
            Token::Member(name) => format!("[{}]", quoted(name)),
            Token::Item(index) => format!("[{index}]"),
        })
        .collect()
}
