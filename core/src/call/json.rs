//! JSON as the input of a call.

use super::convert::{InputValue, Shape};
use super::problem::InputProblem;
use crate::error::Error;
use crate::spec::{Operation, Path, Type};
use serde_json::Value;

impl InputValue for Value {
    type Error = Error;

    fn shape(self, _: &Type, _: &Path<'_>) -> Result<Shape<Self>, Error> {
        Ok(match self {
            Self::Array(items) => Shape::List(items),
            Self::Object(members) => Shape::Object(members.into_iter().collect()),
            plain => Shape::Plain(plain),
        })
    }

    fn refuse(problem: InputProblem) -> Error {
        Error::invalid(&[problem.into()])
    }

    fn in_operation(error: Error, operation: &'static Operation) -> Error {
        error.with_operation(operation)
    }
}
