//! What the models are in Python: classes with attributes, enums, plain identifiers, `datetime`; and the way back.
//!
//! Stands here and not in the Python crate because a trait can only be given to a type where one of both lives.

mod convert;
pub(crate) mod enums;
mod errors;
pub(crate) mod ids;
mod input;
pub(crate) mod json;
pub(crate) mod model;

pub use crate::generated::python::register;
pub use input::{Absent, PyInput, Side, convert, is_absent};
pub use json::from_json;

pub(crate) use enums::enumeration;
pub(crate) use ids::id;
pub(crate) use model::model;

use crate::models::FlagValue;
model!(FlagValue, crate::schema::flag_values::FLAG_VALUE { value, predefined_variation_id });
