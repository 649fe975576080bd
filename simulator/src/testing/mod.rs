//! Support for tests: fault injection, and a journal of requests.

pub mod faults;
pub mod journal;
