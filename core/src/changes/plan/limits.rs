//! Limits of the service that concern more than one entity.

use super::place::place;
use crate::changes::document::Item;
use crate::changes::flag::{Comparison, FlagCondition, FlagState, Serve};
use crate::changes::section::Section;
use crate::spec::validate::Violation;

/// Largest number of environments of a product.
const ENVIRONMENTS: usize = 50;
/// Largest number of configs of a product, and of flags of a config.
const ENTITIES: usize = 500;
/// Largest number of targeting rules of a value, and of percentages of a rule.
const RULES: usize = 500;
/// Largest number of items that an attribute is compared with.
const ITEMS: usize = 15_000;
/// Longest item that an attribute is compared with, in characters.
const ITEM_LENGTH: usize = 255;

/// Checks how many entities there would be.
pub(super) fn check_count(section: &Section, parent: &[String], count: usize) -> Option<Violation> {
    let most = match section.name {
        "environments" => ENVIRONMENTS,
        "configs" | "settings" => ENTITIES,
        _ => return None,
    };
    let above = if parent.is_empty() {
        "the product".to_owned()
    } else {
        format!("the config {}", parent.join(" / "))
    };
    (count > most).then(|| Violation {
        path: section.name.to_owned(),
        message: format!("{above} would have {count} {}, and {most} are allowed", section.name),
    })
}

/// Number of entities of a section after the plan.
pub(super) fn count_after(section: &Section, desired: &[Item], actual: &[Item], prune: bool) -> usize {
    let wanted = desired.iter().filter(|item| !item.absent).count();
    let kept =
        actual.iter().filter(|item| !desired.iter().any(|other| other.key(section) == item.key(section)));
    if prune { wanted } else { wanted + kept.count() }
}

/// Checks the size of a value's targeting.
pub(super) fn check_state(section: &Section, path: &[String], state: &FlagState) -> Option<Violation> {
    let wrong = |below: &str, message: String| {
        Some(Violation { path: format!("{}{below}", place(section, path)), message })
    };
    if state.rules.len() > RULES {
        return wrong(".rules", format!("there are {} rules, and {RULES} are allowed", state.rules.len()));
    }
    for (i, rule) in state.rules.iter().enumerate() {
        if let Serve::Split(options) = &rule.serve
            && options.len() > RULES
        {
            let message = format!("there are {} percentages, and {RULES} are allowed", options.len());
            return wrong(&format!(".rules[{i}].serve"), message);
        }
        if rule.conditions.is_empty() && i + 1 != state.rules.len() {
            return wrong(&format!(".rules[{i}]"), "a rule without a condition comes last".to_owned());
        }
        for (k, condition) in rule.conditions.iter().enumerate() {
            let FlagCondition::User { value: Comparison::List(items), .. } = condition else { continue };
            let at = format!(".rules[{i}].if[{k}]");
            if items.is_empty() || items.len() > ITEMS {
                let message = format!("the list has {} items, and 1 to {ITEMS} are allowed", items.len());
                return wrong(&at, message);
            }
            if let Some(item) = items.iter().find(|item| item.value.chars().count() > ITEM_LENGTH) {
                let length = item.value.chars().count();
                let message = format!("an item has {length} characters, and {ITEM_LENGTH} are allowed");
                return wrong(&at, message);
            }
        }
    }
    None
}
