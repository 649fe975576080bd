//! The input of one call, which every language fills before it is checked and encoded.

use super::convert::{InputValue, convert};
use super::problem::{InputProblem, Reason};
use crate::spec::validate::{self, Enums, Violation};
use crate::spec::{Location, Operation, Parameter, Path, Type};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

/// The named argument with the operations of a JSON Patch.
pub(super) const PATCH: &str = "patch";

/// Parameters and body of one call.
///
/// ```
/// use configcat_management::call::CallInput;
/// use configcat_management::operations;
/// use serde_json::json;
///
/// let mut input = CallInput::new(&operations::configs::CREATE);
/// input.set_parameter("product_id", json!("08d86d63-2721-4da6-8c06-584521d516bc"))?;
/// input.set_body(json!({ "name": "Shop", "evaluation_version": "v2" }))?;
/// # Ok::<(), configcat_management::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallInput {
    pub(super) operation: &'static Operation,
    /// Parameters as strings; a list has one entry for each item.
    pub(super) parameters: Vec<(&'static Parameter, String)>,
    pub(super) body: Option<Body>,
    /// Problems that were found before the input was complete.
    pub(super) violations: Vec<Violation>,
}

/// The body as the JSON that will be sent, and its violations of the spec.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) json: Bytes,
    pub(super) violations: Vec<Violation>,
}

impl CallInput {
    /// Input of an operation, without parameters or body.
    #[must_use]
    pub const fn new(operation: &'static Operation) -> Self {
        Self { operation, parameters: Vec::new(), body: None, violations: Vec::new() }
    }

    /// The operation that is called.
    #[must_use]
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Parameters by wire name, as the strings that are sent; a list has one entry for each item.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parameters.iter().map(|(parameter, text)| (parameter.wire, text.as_str()))
    }

    /// The body as the JSON that will be sent.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_ref().map(|body| &*body.json)
    }

    /// Adds a parameter: a string, number or boolean, or a list of them. Null leaves out an optional parameter.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when the operation has no such parameter (with a
    /// suggestion), or when the value has another type.
    pub fn set_parameter<V: InputValue>(&mut self, name: &str, value: V) -> Result<(), V::Error> {
        let added = match self.operation.parameter(name) {
            Some(parameter) => self.convert_parameter(parameter, value),
            None => Err(V::refuse(self.unknown(name))),
        };
        added.map_err(|error| V::in_operation(error, self.operation))
    }

    /// Sets the body, with Rust names or wire names. An optional body without any field is not sent.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the name of an unknown field.
    pub fn set_body<V: InputValue>(&mut self, value: V) -> Result<(), V::Error> {
        let set = match &self.operation.body {
            Some(ty) => convert(value, ty, &Path::Root("")).map(|json| self.set_json(&json)),
            None => {
                let message = format!("{} takes no body", self.operation.id);
                Err(V::refuse(InputProblem::new(&Path::Root(""), Reason::WrongType, message)))
            }
        };
        set.map_err(|error| V::in_operation(error, self.operation))
    }

    /// Removes a parameter. Returns its last value, as the string that would be sent.
    pub fn take_parameter(&mut self, name: &str) -> Option<String> {
        let wire = self.operation.parameter(name)?.wire;
        let removed = self.parameters.extract_if(.., |(parameter, _)| parameter.wire == wire);
        removed.last().map(|(_, text)| text)
    }

    pub(super) fn convert_parameter<V: InputValue>(
        &mut self,
        parameter: &'static Parameter,
        value: V,
    ) -> Result<(), V::Error> {
        let at = Path::Root(parameter.name);
        let mut add = |value: Value| {
            let text = match value {
                Value::String(text) => text,
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                other => {
                    let found = match other {
                        Value::Null => "null",
                        Value::Array(_) => "a list",
                        _ => "an object",
                    };
                    let message = format!("must be a string, a number or a boolean, not {found}");
                    return Err(V::refuse(InputProblem::new(&at, Reason::WrongType, message)));
                }
            };
            self.parameters.push((parameter, text));
            Ok(())
        };
        match (convert(value, &parameter.ty, &at)?, &parameter.ty) {
            (Value::Null, _) if parameter.location != Location::Path => Ok(()),
            (Value::Array(items), Type::List(_)) => items.into_iter().try_for_each(add),
            (value, _) => add(value),
        }
    }

    /// Sets a body with wire names; an optional one without any member is not sent.
    pub(super) fn set_json(&mut self, body: &Value) {
        let empty = body.as_object().is_some_and(Map::is_empty);
        self.body = None;
        if self.operation.body_required || !empty {
            self.serialize_body(body);
        }
    }

    /// Serializes the body, and checks it on the way.
    pub(crate) fn serialize_body<T: Serialize>(&mut self, body: &T) {
        let ty = self.operation.body.as_ref().unwrap_or(&Type::Any);
        match validate::write(body, ty, Enums::Open) {
            Ok((json, violations)) => self.body = Some(Body { json: json.into(), violations }),
            Err(error) => {
                self.violations.push(Violation { path: String::new(), message: error.to_string() });
            }
        }
    }

    /// Returns the problem for an unknown name. Suggests parameters, and `patch` if the body is a JSON Patch.
    pub(super) fn unknown(&self, name: &str) -> InputProblem {
        let fields = match &self.operation.body {
            Some(Type::Patch(_)) => &[PATCH] as &[&str],
            _ => &[],
        };
        let known = self.operation.parameters.iter().map(|parameter| parameter.name);
        let known = known.chain(fields.iter().copied());
        InputProblem::unknown_name(&Path::Root(""), self.operation.id, name, known)
    }
}

/// For typed callers, whose names and types are always valid.
impl CallInput {
    /// Adds the next parameter of the path.
    pub(crate) fn push_path(&mut self, text: String) {
        let taken = self.parameters.iter().filter(|(p, _)| p.location == Location::Path).count();
        if let Some(parameter) = self.operation.path_parameters().nth(taken) {
            self.parameters.push((parameter, text));
        }
    }

    /// Adds a parameter of the query or a header.
    pub(crate) fn push(&mut self, wire: &str, text: String) {
        if let Some(parameter) = self.operation.parameters.iter().find(|p| p.wire == wire) {
            self.parameters.push((parameter, text));
        }
    }

    /// The value of a parameter, as it is sent.
    pub(crate) fn text(&self, wire: &str) -> Option<&str> {
        self.parameters().find(|(name, _)| *name == wire).map(|(_, text)| text)
    }
}
