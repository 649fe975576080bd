//! Rights that operations require.

use crate::state::entities::Rights;

/// What an operation requires of its caller beside seeing what it is about. `x-right` in the spec says which.
#[derive(Debug, Clone, Copy)]
pub enum Requirement {
    /// Nothing more.
    View,
    /// To administer the organization. Administrators may do everything in it, whatever their group says.
    Admin,
    /// A permission of the caller's group, or one of several.
    Permission(&'static str, fn(&Rights) -> bool),
    /// Full access to the environment.
    Write,
}
