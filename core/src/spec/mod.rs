//! The spec at run time: operations, parameters and schemas, and the validation of JSON against them.
//!
//! [`crate::operations`] and [`crate::schema`] hold the instances. Typed callers do not need them; dynamic callers, other
//! languages and the simulator look them up by name.

mod endpoint;
pub(crate) mod locate;
mod member;
pub(crate) mod memory;
mod operation;
mod path;
mod schema;
pub(crate) mod unknown;
pub mod validate;

pub use endpoint::{Endpoint, RawEndpoint};
pub use operation::{Http, Location, NameFields, Operation, Pages, Parameter};
pub use path::Path;
pub use schema::{Field, Schema, Type};
