//! The spec at run time: operations, parameters and schemas, and what checks JSON against them.
//!
//! [`crate::operations`] and [`crate::schema`] hold the instances. Typed callers never meet them; dynamic callers, other
//! languages and the simulator work by name.

pub(crate) mod locate;
mod operation;
mod path;
mod schema;
pub mod validate;

pub use operation::{Http, Location, Operation, Pages, Parameter};
pub use path::Path;
pub use schema::{Field, Schema, Type};
