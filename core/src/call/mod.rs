//! The one way from a caller's arguments to a request: collect, convert, check, encode.
//!
//! Typed Rust methods, Python's keyword arguments and C's JSON all fill a [`CallInput`], which is checked and encoded in
//! one place. Dynamic callers bring their values as an [`InputValue`].

mod convert;
mod input;
mod json;
mod named;
mod prepare;
mod problem;
mod suggest;

pub use convert::{InputValue, Shape, convert};
pub use input::CallInput;
pub use problem::{InputProblem, Reason};
pub use suggest::{suggestion, suggestions};
