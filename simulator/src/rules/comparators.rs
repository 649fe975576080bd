//! Which kind of comparison value each comparator takes.

use configcat_management::models::{ComparisonValue, UserComparator};

/// The kind of a comparison value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A list of texts.
    List,
    /// One text.
    Text,
    /// A number; dates are Unix seconds.
    Number,
}

impl Kind {
    /// The field of a comparison value that holds it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::List => "listValue",
            Self::Text => "stringValue",
            Self::Number => "doubleValue",
        }
    }
}

/// The kind that a comparator takes.
#[must_use]
pub fn kind(comparator: &UserComparator) -> Kind {
    use UserComparator as C;
    match comparator {
        C::SemVerLess
        | C::SemVerLessOrEquals
        | C::SemVerGreater
        | C::SemVerGreaterOrEquals
        | C::SensitiveTextEquals
        | C::SensitiveTextDoesNotEqual
        | C::TextEquals
        | C::TextDoesNotEqual => Kind::Text,
        C::NumberEquals
        | C::NumberDoesNotEqual
        | C::NumberLess
        | C::NumberLessOrEquals
        | C::NumberGreater
        | C::NumberGreaterOrEquals
        | C::DateTimeBefore
        | C::DateTimeAfter => Kind::Number,
        _ => Kind::List,
    }
}

/// The kinds that a comparison value has; it should be exactly one.
#[must_use]
pub fn given(value: &ComparisonValue) -> Vec<Kind> {
    [
        value.list_value.as_ref().map(|_| Kind::List),
        value.string_value.as_ref().map(|_| Kind::Text),
        value.double_value.map(|_| Kind::Number),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparator_has_its_kind() {
        let of = |wanted: Kind| UserComparator::ALL.iter().filter(|c| kind(c) == wanted).count();
        assert_eq!((of(Kind::List), of(Kind::Text), of(Kind::Number)), (20, 8, 8));
    }
}
