//! Documents that take back what a report says was done.

use super::report::{Report, Status};
use crate::changes::document::{Document, Item, from_value};
use crate::changes::flag::FlagState;
use crate::changes::plan::{Action, PREFERENCES_SECTION, Step, VARIATIONS_SECTION};
use crate::changes::section::{PRODUCT, Section, VALUES, named};
use serde_json::{Map, Value};

impl Report {
    /// Returns the document with the state from before, for everything that was done. Planning it shows what taking it back
    /// changes; what was deleted comes back with new ids.
    #[must_use]
    pub fn undo(&self) -> Document {
        let mut document = Document::new(self.plan.document.product());
        document.organization = self.plan.document.organization.clone();
        let done = self.outcomes.iter().filter(|outcome| outcome.status == Status::Done);
        let done: Vec<&Step> = done.filter_map(|outcome| self.plan.steps.get(outcome.step)).collect();
        // What is below an entity that was made goes with it, or comes back with what it replaced.
        let made = |step: &&&Step| {
            matches!(step.action, Action::Create | Action::Replace)
                && ["products", "configs", VALUES.parent].contains(&step.section.as_str())
        };
        let made: Vec<&[String]> = done.iter().filter(made).map(|step| step.path.as_slice()).collect();
        let is_below = |step: &Step| {
            let is_flag = ["settings", VALUES.name, VARIATIONS_SECTION].contains(&step.section.as_str());
            made.iter().any(|above| {
                step.path.len() > above.len() && step.path.starts_with(above) && (is_flag || above.is_empty())
            })
        };
        for step in done.iter().filter(|step| !is_below(step)) {
            take_back(&mut document.root, step);
        }
        for step in done.iter().filter(|step| is_below(step) && step.section == VALUES.parent) {
            if let Some(flag) = existing(&mut document.root, &step.path) {
                empty_others(flag, step);
            }
        }
        document
    }
}

fn take_back(root: &mut Item, step: &Step) {
    let before = step.before.clone();
    match (step.section.as_str(), before) {
        (PREFERENCES_SECTION, Some(before)) => preferences(root, &before),
        (VARIATIONS_SECTION, Some(before)) => {
            let Some(item) = entry(root, &step.path) else { return };
            item.fields.extend(before.as_object().cloned().unwrap_or_default());
        }
        (section, before) if section == VALUES.name => {
            let [config, flag, environment] = step.path.as_slice() else { return };
            let state = before.and_then(|before| FlagState::from_json(before).ok());
            let (Some(state), Some(item)) = (state, entry(root, &[config.clone(), flag.clone()])) else {
                return;
            };
            item.values.insert(environment.clone(), state);
        }
        (section, before) => {
            let Some(section) = named(section) else { return };
            let Some(item) = item_at(root, section, &step.path) else { return };
            match (step.action, before) {
                (Action::Create, _) => item.absent = true,
                (Action::Update, Some(Value::Object(fields))) => item.fields.extend(fields),
                (Action::Delete | Action::Replace, Some(whole)) => {
                    if let Some(mut whole) = from_value(section, &whole) {
                        empty_others(&mut whole, step);
                        *item = whole;
                    }
                }
                _ => {}
            }
        }
    }
}

/// Empties the fields that an entity did not have before a step, so that they are removed again.
fn empty_others(item: &mut Item, step: &Step) {
    for name in step.after.iter().filter_map(Value::as_object).flat_map(Map::keys) {
        item.fields.entry(name.clone()).or_insert(Value::Null);
    }
}

/// Returns the flag of a config, if both are in the document.
fn existing<'a>(root: &'a mut Item, path: &[String]) -> Option<&'a mut Item> {
    let [config, flag] = path else { return None };
    let (configs, settings) = (named("configs")?, named(VALUES.parent)?);
    let mut found = root.children.get_mut(configs.name)?.iter_mut();
    let config = found.find(|item| item.key(configs) == config)?;
    config.children.get_mut(settings.name)?.iter_mut().find(|item| item.key(settings) == flag)
}

fn preferences(root: &mut Item, before: &Value) {
    let mut members = before.as_object().cloned().unwrap_or_default();
    let environments = members.remove("environments").unwrap_or_default();
    let known = |members: Map<String, Value>| {
        members
            .into_iter()
            .map(|(name, value)| (name, if value.is_null() { Value::Bool(false) } else { value }))
    };
    root.fields.extend(known(members));
    let Some(section) = named("environments") else { return };
    for (name, preferences) in environments.as_object().into_iter().flatten() {
        let of = root.entry(section, name);
        of.fields.extend(known(preferences.as_object().cloned().unwrap_or_default()));
    }
}

/// Returns the flag of a config.
fn entry<'a>(root: &'a mut Item, path: &[String]) -> Option<&'a mut Item> {
    item_at(root, named(VALUES.parent)?, path)
}

/// Returns the entity of a section with a path, which is added if there is none.
fn item_at<'a>(root: &'a mut Item, section: &'static Section, path: &[String]) -> Option<&'a mut Item> {
    match path {
        [] => Some(root),
        [name] if PRODUCT.child(section.name).is_some() => Some(root.entry(section, name)),
        [config, name] => Some(root.entry(named("configs")?, config).entry(section, name)),
        _ => None,
    }
}
