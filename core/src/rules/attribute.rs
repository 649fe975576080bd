//! What conditions are about, and their comparators.

use crate::models::{
    PrerequisiteComparator, SegmentComparator, SegmentId, SettingId, UpdateComparisonValue, UpdateCondition,
    UpdateFlagValue, UpdatePrerequisiteFlagCondition, UpdateSegmentCondition, UpdateUserCondition,
    UserComparator,
};
use std::fmt;

/// Type of value that a comparator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparisonType {
    /// A list of strings.
    List,
    /// One string.
    String,
    /// A number. Dates are numbers too: seconds since 1970.
    Number,
}

impl fmt::Display for ComparisonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "a list of strings",
            Self::String => "a string",
            Self::Number => "a number",
        })
    }
}

/// A user attribute, with a method per comparator. See [`when`](super::when).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    name: String,
}

impl Attribute {
    pub(super) const fn new(name: String) -> Self {
        Self { name }
    }

    pub(crate) fn compare(
        &self,
        comparator: UserComparator,
        value: impl Into<UpdateComparisonValue>,
    ) -> UpdateCondition {
        UpdateUserCondition::new(&*self.name, comparator, value).into()
    }
}

/// A segment. See [`when`](super::when).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    id: SegmentId,
}

impl Segment {
    pub(super) const fn new(id: SegmentId) -> Self {
        Self { id }
    }

    /// Condition that the user is in the segment.
    #[must_use]
    pub fn is_in(&self) -> UpdateCondition {
        self.compare(SegmentComparator::IsIn)
    }

    /// Condition that the user is not in the segment.
    #[must_use]
    pub fn is_not_in(&self) -> UpdateCondition {
        self.compare(SegmentComparator::IsNotIn)
    }

    fn compare(&self, comparator: SegmentComparator) -> UpdateCondition {
        UpdateSegmentCondition::new(self.id.clone(), comparator).into()
    }
}

/// Another flag of the config: a prerequisite. See [`when`](super::when).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    id: SettingId,
}

impl Flag {
    pub(super) const fn new(id: SettingId) -> Self {
        Self { id }
    }

    /// Condition that the flag serves this value, which has the flag's type.
    #[must_use]
    pub fn equals(&self, value: impl Into<UpdateFlagValue>) -> UpdateCondition {
        self.compare(PrerequisiteComparator::Equals, value)
    }

    /// Condition that the flag serves another value than this one, which has the flag's type.
    #[must_use]
    pub fn does_not_equal(&self, value: impl Into<UpdateFlagValue>) -> UpdateCondition {
        self.compare(PrerequisiteComparator::DoesNotEqual, value)
    }

    fn compare(
        &self,
        comparator: PrerequisiteComparator,
        value: impl Into<UpdateFlagValue>,
    ) -> UpdateCondition {
        UpdatePrerequisiteFlagCondition::new(self.id, comparator, value).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparator_takes_one_type() {
        let count =
            |ty| UserComparator::ALL.iter().filter(|comparator| comparator.takes() == Some(ty)).count();
        let types = [ComparisonType::List, ComparisonType::String, ComparisonType::Number];
        assert_eq!(types.map(count), [20, 8, 8]);
        assert_eq!(UserComparator::Unknown("isLike".into()).takes(), None);
    }
}
