//! Order in which steps are executed: what others need comes first, and is deleted last.

use crate::changes::plan::Action;

/// Sections in the order in which their entities are created.
const ORDER: [&str; 9] = [
    "products",
    "environments",
    "permissionGroups",
    "tags",
    "segments",
    "configs",
    "settings",
    "values",
    "integrations",
];

/// Preferences that refuse fewer changes than before are set first, after the product exists.
pub(crate) const RELAXED: u8 = 1;
/// Preferences that refuse more changes than before are set last.
pub(crate) const TIGHTENED: u8 = u8::MAX;

/// Returns the position of a step. Steps of the same rank do not depend on each other.
pub(crate) fn rank(section: &str, action: Action) -> u8 {
    let position = ORDER.iter().position(|name| *name == section).unwrap_or(ORDER.len());
    let position = u8::try_from(position).unwrap_or(TIGHTENED / 4);
    match action {
        Action::Create | Action::Update | Action::Replace if position == 0 => 0,
        Action::Create | Action::Update | Action::Replace => position + RELAXED,
        Action::Delete => TIGHTENED - 1 - position,
    }
}
