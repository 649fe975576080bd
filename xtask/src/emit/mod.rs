//! One small emitter per API surface. Each converts the model to files. Emitters do not read YAML and do not write to disk.

mod c;
pub mod c_header;
mod comparators;
mod contract;
mod contract_rust;
mod cpp;
mod edits;
mod file;
mod fuzz;
mod kotlin;
mod literals;
mod mobile;
mod mobile_edits;
mod python;
mod rust;
mod rust_construct;
mod rust_conversions;
mod rust_edits;
mod rust_examples;
mod rust_models;
mod rust_resources;
mod rust_rules;
mod rust_schema;
mod rust_testing;
mod sample;
mod simulator;
mod simulator_rights;
mod swift;

use anyhow::Result;
pub use file::{Context, File};
use file::{NOTICE, slashes};

type Emitter = fn(&Context<'_>) -> Result<Vec<File>>;

/// The emitters of all surfaces.
pub const ALL: &[Emitter] = &[
    rust_models::emit,
    rust_conversions::emit,
    rust_edits::emit,
    rust_resources::emit,
    rust_rules::emit,
    rust_schema::emit,
    rust_construct::emit,
    rust_testing::emit,
    simulator::emit,
    python::emit,
    c::emit,
    mobile::emit,
    mobile_edits::emit,
    kotlin::emit,
    swift::emit,
    cpp::emit,
    contract::emit,
    contract_rust::emit,
    fuzz::emit,
];
