//! Type of comparison value that each comparator takes: that of the client, and its names in messages.

use configcat_management::models::{ComparisonValue, UserComparator};
use configcat_management::rules::ComparisonType;

/// Returns the property of a comparison value that holds a type, as messages of the service name it.
#[must_use]
pub const fn property(ty: ComparisonType) -> &'static str {
    match ty {
        ComparisonType::List => "ListValue",
        ComparisonType::String => "StringValue",
        ComparisonType::Number => "DoubleValue",
    }
}

/// Returns the type of value that a comparator takes. One that this version does not know is refused before.
// Documented: `one of`, `any of` and array comparators take a list, equality and single semantic versions one
// string, number and date comparators a number.
// Documented: dates in comparison values are Unix timestamps in seconds.
#[must_use]
pub fn wanted(comparator: &UserComparator) -> ComparisonType {
    comparator.takes().unwrap_or(ComparisonType::List)
}

/// Returns the type of a comparison value; `None` if it is not exactly one.
#[must_use]
pub const fn given(value: &ComparisonValue) -> Option<ComparisonType> {
    match value {
        ComparisonValue::List(_) => Some(ComparisonType::List),
        ComparisonValue::String(_) => Some(ComparisonType::String),
        ComparisonValue::Double(_) => Some(ComparisonType::Number),
        _ => None,
    }
}
