//! Parts about the Python package.

pub mod dist;
pub mod tests;
pub mod types;
