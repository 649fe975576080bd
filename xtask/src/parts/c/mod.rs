//! Parts about the C libraries and the C++ headers.

pub mod abi;
pub mod bench;
pub mod checked;
pub mod dist;
pub mod examples;
pub mod fuzz;
pub mod headers;
pub mod library;
pub mod programs;
pub mod recipe;
pub mod tests;
