//! The Rust client against servers that misbehave.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod connections;
mod rust;
