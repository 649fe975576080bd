//! Rights that operations require.

use crate::state::entities::Rights;

/// Right that an operation requires of its caller, in addition to visibility of the resource. `x-right` in the spec
/// defines it.
#[derive(Debug, Clone, Copy)]
pub enum Requirement {
    /// No further right.
    View,
    /// Administration of the organization. Administrators may do everything in it, whatever their group allows.
    Admin,
    /// A permission of the caller's group, or any one of several.
    Permission(&'static str, fn(&Rights) -> bool),
    /// Full access to the environment.
    Write,
}
