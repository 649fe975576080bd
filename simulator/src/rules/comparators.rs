//! Type of comparison value that each comparator takes.

use configcat_management::models::{ComparisonValue, UserComparator};

/// Type of a comparison value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A list of strings.
    List,
    /// One string.
    String,
    /// A number; dates are Unix timestamps in seconds.
    Number,
}

impl ValueType {
    /// Returns the property of a comparison value that holds this type, as messages of the service name it.
    #[must_use]
    pub const fn property(self) -> &'static str {
        match self {
            Self::List => "ListValue",
            Self::String => "StringValue",
            Self::Number => "DoubleValue",
        }
    }
}

/// Returns the type of value that a comparator takes.
// Documented: `one of`, `any of` and array comparators take a list, equality and single semantic versions one
// string, number and date comparators a number.
// Documented: dates in comparison values are Unix timestamps in seconds.
#[must_use]
pub fn kind(comparator: &UserComparator) -> ValueType {
    use UserComparator as C;
    match comparator {
        C::SemVerLess
        | C::SemVerLessOrEquals
        | C::SemVerGreater
        | C::SemVerGreaterOrEquals
        | C::SensitiveTextEquals
        | C::SensitiveTextDoesNotEqual
        | C::TextEquals
        | C::TextDoesNotEqual => ValueType::String,
        C::NumberEquals
        | C::NumberDoesNotEqual
        | C::NumberLess
        | C::NumberLessOrEquals
        | C::NumberGreater
        | C::NumberGreaterOrEquals
        | C::DateTimeBefore
        | C::DateTimeAfter => ValueType::Number,
        _ => ValueType::List,
    }
}

/// Returns the types that are present in a comparison value. A valid one has exactly one.
#[must_use]
pub fn given(value: &ComparisonValue) -> Vec<ValueType> {
    [
        value.list_value.as_ref().map(|_| ValueType::List),
        value.string_value.as_ref().map(|_| ValueType::String),
        value.double_value.map(|_| ValueType::Number),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparator_takes_one_value_type() {
        let of = |wanted: ValueType| UserComparator::ALL.iter().filter(|c| kind(c) == wanted).count();
        assert_eq!((of(ValueType::List), of(ValueType::String), of(ValueType::Number)), (20, 8, 8));
    }
}
