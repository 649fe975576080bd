//! What a condition is about: `when::email().ends_with_any_of(["@example.com"])`.

use super::{Attribute, Flag, Segment};
use crate::models::{SegmentId, SettingId};

/// The attribute `Identifier` of the user.
#[must_use]
pub fn identifier() -> Attribute {
    attribute("Identifier")
}

/// The attribute `Email` of the user.
#[must_use]
pub fn email() -> Attribute {
    attribute("Email")
}

/// The attribute `Country` of the user.
#[must_use]
pub fn country() -> Attribute {
    attribute("Country")
}

/// An attribute of the user, by its name: 1 to 1000 characters, case-sensitive.
pub fn attribute(name: impl Into<String>) -> Attribute {
    Attribute::new(name.into())
}

/// A segment, by its id.
pub fn segment(id: impl Into<SegmentId>) -> Segment {
    Segment::new(id.into())
}

/// Another flag of the config, by its id.
pub fn flag(id: impl Into<SettingId>) -> Flag {
    Flag::new(id.into())
}
