//! The intermediate model: what the description says, parsed, validated and named.
//!
//! It knows nothing of a target language beyond the table in [`names`], and an emitter knows nothing of YAML.

pub mod access;
pub mod build;
mod keys;
mod lines;
pub mod names;
mod operations;
mod place;
pub mod positions;
mod reader;
#[cfg(test)]
mod refusals;
mod reserved;
mod schemas;
mod types;
mod values;

pub use types::{
    Api, Direction, Field, IdKind, Location, Operation, Pages, Param, Resource, Schema, SchemaKind, Type,
};
