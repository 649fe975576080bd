//! Parts about the Rust crates.

pub mod crates;
pub mod fuzz;
pub mod instructions;
pub mod long;
pub mod shuttle;
pub mod tests;
