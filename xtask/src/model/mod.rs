//! The intermediate model: the spec, parsed, validated and with names assigned.
//!
//! The model is independent of the target languages except for the table in [`names`]; emitters do not read YAML.

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
    Api, Direction, Field, Find, IdKind, Location, Operation, Pages, Param, Resource, Schema, SchemaKind,
    Type,
};
