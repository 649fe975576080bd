//! JSON as a tree of values that C can traverse.
//!
//! A tree owns everything that its values point to. The children of a value are contiguous in memory, so that an item is
//! found by its index and the next item follows directly. Strings end with a NUL. Every value refers to its JSON text in
//! the response.

mod index;
mod node;
mod path;
#[cfg(test)]
mod tests;

pub use node::{Node, NodeKind, Problem, Tree, Value};
pub use path::at;

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
