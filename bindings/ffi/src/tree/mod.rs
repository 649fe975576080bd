//! JSON as a tree of values that C can traverse.
//!
//! A tree owns everything that its values point to. The children of a value are contiguous in memory, so that an item is
//! found by its index and the next item follows directly. Strings end with a NUL. Every value refers to its JSON text in
//! the response.

mod cursor;
#[cfg(test)]
mod equivalence;
#[cfg(test)]
mod equivalence_tests;
mod index;
mod node;
mod path;
mod problem;
#[cfg(test)]
mod tests;

pub use node::{Node, NodeKind, Tree, Value};
pub use path::at;
pub use problem::Problem;

use bytes::Bytes;
use configcat_management::spec::Type;

impl Tree {
    /// Parses a document of a type.
    ///
    /// # Errors
    /// [`Problem`] with the path of the value that cannot be parsed.
    pub fn read(document: Bytes, ty: &Type) -> Result<Self, Problem> {
        index::read(document, ty)
    }
}
