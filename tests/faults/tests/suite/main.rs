//! The Rust client against faulty servers.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod connections;
mod identity;
mod rust;
