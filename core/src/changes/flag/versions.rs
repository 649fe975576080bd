//! Brings the conditions of a value to the form of an evaluation version, so that what means the same compares equal, and a V1 config
//! can become a V2 config.

use super::state::{Comparison, FlagCondition, FlagState, ListItem};
use crate::models::UserComparator;
use crate::rules::ComparisonType;

impl FlagState {
    /// Brings comparison values to the type that V1 or V2 configs have for them. What has no counterpart stays as it is, and is
    /// refused when it is written. For the simulator.
    #[doc(hidden)]
    pub fn adapt(&mut self, v1: bool) {
        for condition in self.rules.iter_mut().flat_map(|rule| &mut rule.conditions) {
            let FlagCondition::User { comparator, value, .. } = condition else { continue };
            if v1 {
                *value = Comparison::Text(text_of(value));
            } else {
                *comparator = successor(comparator);
                if let Some(adapted) = comparator.takes().and_then(|ty| adapted(value, ty)) {
                    *value = adapted;
                }
            }
        }
    }
}

/// V1 configs compare with text: lists are separated by commas.
fn text_of(value: &Comparison) -> String {
    match value {
        Comparison::Text(text) => text.clone(),
        Comparison::Number(number) => number.to_string(),
        Comparison::List(items) => items.iter().map(|item| item.value.as_str()).collect::<Vec<_>>().join(","),
    }
}

/// Returns the comparator of V2 configs with the same meaning.
fn successor(comparator: &UserComparator) -> UserComparator {
    match comparator.as_str() {
        "contains" => UserComparator::ContainsAnyOf,
        "doesNotContain" => UserComparator::DoesNotContainAnyOf,
        _ => comparator.clone(),
    }
}

/// Converts the text of a V1 config; `None` if that is not necessary or not possible.
fn adapted(value: &Comparison, ty: ComparisonType) -> Option<Comparison> {
    let Comparison::Text(text) = value else { return None };
    match ty {
        ComparisonType::String => None,
        ComparisonType::Number => text.trim().replace(',', ".").parse().ok().map(Comparison::Number),
        ComparisonType::List => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            let items = items.map(|item| ListItem { value: item.to_owned(), hint: None });
            Some(Comparison::List(items.collect()))
        }
    }
}
