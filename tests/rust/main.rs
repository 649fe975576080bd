//! Tests of the Rust client over real HTTP, against the simulator and against servers of their own. They are a separate
//! crate so that the core can be built and tested without the simulator, which depends on it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::print_stdout,
    reason = "tests"
)]

mod blocking;
mod bulk;
mod by_name;
mod cassettes;
mod changes;
mod edits;
mod faults;
mod find;
mod first_use;
mod generated;
mod hatches;
mod ledger;
mod log;
mod observing;
mod opentelemetry;
mod rules;
mod simulated;
mod support;
mod testing;
mod unknown_fields;
