//! Positions in JSON.

use std::fmt;

/// Position of a value within a document, such as `targetingRules[0].value`. Displayed only when a problem is reported there.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// The document itself, with its name if it has one.
    Root(&'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Item(list, index) => write!(f, "{list}[{index}]"),
            Self::Member(Self::Root(""), name) => f.write_str(name),
            Self::Member(object, name) => write!(f, "{object}.{name}"),
        }
    }
}
