//! Support for tests: fault injection, and a journal of requests.

pub(crate) mod code;
pub mod faults;
pub mod journal;
