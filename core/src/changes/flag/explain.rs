//! One line for people about a value, a rule and a condition.

use super::state::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve, shown};
use std::fmt::{self, Write as _};

/// Longest list that is written out; of longer ones, the first items.
const ITEMS: usize = 3;

impl fmt::Display for FlagState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rule in &self.rules {
            write!(f, "{rule}; ")?;
        }
        f.write_str(if self.rules.is_empty() { "" } else { "else " })?;
        f.write_str(&shown(&self.default))?;
        match &self.percentage_attribute {
            Some(attribute) => write!(f, " (percentages of {attribute})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FlagRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, condition) in self.conditions.iter().enumerate() {
            write!(f, "{}{condition}", if i == 0 { "if " } else { " and " })?;
        }
        f.write_str(if self.conditions.is_empty() { "" } else { ": " })?;
        self.serve.fmt(f)
    }
}

impl fmt::Display for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.write_str(&shown(value)),
            Self::Split(options) => {
                for (i, (percentage, value)) in options.iter().enumerate() {
                    write!(f, "{}{percentage} % {}", if i == 0 { "" } else { " / " }, shown(value))?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for FlagCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User { attribute, comparator, value } => {
                write!(f, "{attribute} {} {value}", words(comparator.as_str()))
            }
            Self::Segment { name, negated } => {
                write!(f, "{}in segment {name}", if *negated { "not " } else { "" })
            }
            Self::Flag { key, negated, value } => {
                write!(f, "flag {key} {} {}", if *negated { "is not" } else { "is" }, shown(value))
            }
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Number(number) => number.fmt(f),
            Self::List(items) => {
                let first: Vec<&str> =
                    items.iter().take(ITEMS).map(|item: &ListItem| item.value.as_str()).collect();
                write!(f, "[{}", first.join(", "))?;
                match items.len().saturating_sub(ITEMS) {
                    0 => f.write_char(']'),
                    more => write!(f, ", {more} more]"),
                }
            }
        }
    }
}

/// Returns the words of a comparator: `textEndsWithAnyOf` becomes `text ends with any of`.
fn words(comparator: &str) -> String {
    let mut words = String::new();
    for letter in comparator.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
