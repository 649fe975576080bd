//! Compares two OpenAPI documents by structure: what is at a place counts, not what its schema is called.

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
