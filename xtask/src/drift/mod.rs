//! Compares two OpenAPI documents by structure: the contents of each path matter, not the names of their schemas.

mod compare;
mod comparer;
mod implied;
mod report;
mod schemas;
#[cfg(test)]
mod tests;
mod values;

pub use compare::compare;
pub use report::Subject;
