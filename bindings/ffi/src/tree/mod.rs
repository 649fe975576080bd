//! JSON as a tree of values that C can walk through.
//!
//! A tree owns everything that its values point to. The children of a value stand side by side, so that an item is found
//! by its number and the next one is the next in memory; texts end with a NUL; every value knows its JSON text, which is
//! that of the answer.

mod index;
mod node;
mod path;

pub use node::{Kind, Node, Problem, Tree};
pub use path::at;

use bytes::Bytes;
use configcat_management::spec::Type;

impl Tree {
    /// Reads a document by what it has to be.
    ///
    /// # Errors
    /// [`Problem`] with the place of what cannot be read.
    pub fn read(document: Bytes, ty: &Type) -> Result<Self, Problem> {
        index::read(document, ty)
    }
}
