//! The models: what is sent and what is received.
//!
//! The schemas of the spec are generated; the types that they are made of are written here by hand.

pub(crate) mod field;
pub(crate) mod id;
pub(crate) mod value;
pub(crate) mod wire_enum;

pub use crate::generated::models::*;
