//! What tests do with the simulator beside calling its API: faults, a journal.

pub mod faults;
pub mod glob;
pub mod journal;
