//! Runs the contract vectors of `tests/contract`: every call makes exactly its request, every answer its value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    reason = "tests"
)]

#[path = "generated/mod.rs"]
mod generated;
mod support;
