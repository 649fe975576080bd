//! Conversions between the models and Python: classes with attributes, enums, plain identifiers, `datetime`.
//!
//! In this crate instead of the Python crate because of the orphan rule: a trait can only be implemented for a type in the crate
//! of one of the two.

mod convert;
pub(crate) mod enums;
mod errors;
mod flag_value;
pub(crate) mod ids;
mod input;
pub(crate) mod json;
pub(crate) mod model;
mod names;
mod one_of;

pub use crate::generated::python::register;
pub use input::{Absent, PyInput, Side, convert, is_absent, text};
pub use json::from_json;
pub use names::{arguments, attributes};

pub(crate) use enums::enumeration;
pub(crate) use ids::id;
pub(crate) use model::model;
pub(crate) use one_of::one_of_class;
