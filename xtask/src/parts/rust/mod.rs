//! Parts about the Rust crates.

pub mod adversary;
pub mod crates;
pub mod fuzz;
pub mod long;
pub mod miri;
pub mod shuttle;
pub mod tests;
