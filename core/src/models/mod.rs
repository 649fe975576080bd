//! Models of requests and responses.
//!
//! The schemas of the spec are generated; the basic types that they consist of are written by hand.

mod extra;
pub(crate) mod field;
pub(crate) mod id;
pub(crate) mod object;
pub(crate) mod one_of;
pub(crate) mod text;
pub(crate) mod value;
pub(crate) mod wire_enum;

pub use crate::generated::models::*;
pub use extra::Extra;
