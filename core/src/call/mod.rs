//! Turns a caller's arguments into a request: collect, convert, check, encode.
//!
//! Typed Rust methods, Python's keyword arguments and C's JSON all fill a [`CallInput`], which is checked and encoded in
//! one place. Dynamic callers implement [`InputValue`] for their values.

mod convert;
mod find;
mod input;
mod json;
mod named;
mod prepare;
mod problem;
mod raw;
mod suggest;

#[cfg(feature = "python")]
pub(crate) use convert::convert_received;
pub use convert::{InputValue, Shape, convert};
pub use find::NameSearch;
pub use input::CallInput;
pub use problem::{InputProblem, Reason};
pub use raw::{Input, RawInput};
pub use suggest::{suggestion, suggestions};
