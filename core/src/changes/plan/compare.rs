//! Compares a document with a snapshot, and collects the steps between them.

use super::limits::{check_count, count_after};
use super::names::KnownNames;
use super::options::PlanOptions;
use super::requests::VARIATIONS_SECTION;
use super::same::{is_empty, same, sorted};
use super::step::{Action, Step};
use crate::changes::document::Item;
use crate::changes::section::{PRODUCT, RELAXED, Role, Section, VALUES, rank};
use crate::changes::snapshot::Snapshot;
use crate::models::SettingType;
use crate::spec::validate::Violation;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Collects the steps from a snapshot to a document, without those that need the values of flags.
pub(crate) struct Planner<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) options: &'a PlanOptions,
    /// Steps with their ranks, in any order.
    pub(super) steps: Vec<(u8, Step)>,
    /// Names of the entities of the document and of the snapshot.
    pub(super) names: KnownNames,
    /// Types of flags, by config and key.
    types: BTreeMap<(String, String), SettingType>,
    /// Problems of the document.
    pub(crate) problems: Vec<Violation>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(root: &Item, snapshot: &'a Snapshot, options: &'a PlanOptions) -> Self {
        let names = KnownNames::new(root, snapshot);
        let mut types = BTreeMap::new();
        // Those of the document come second: a flag may be created again with another type.
        for product in snapshot.product.iter().chain([root]) {
            for (config, flag, ty) in types_of(product) {
                types.insert((config.to_owned(), flag.to_owned()), ty.into());
            }
        }
        Self { snapshot, options, steps: Vec::new(), names, types, problems: Vec::new() }
    }

    /// Returns the type of a flag, by its key or its number.
    pub(super) fn flag_type(&self, config: &str, key: &str) -> Option<SettingType> {
        let of = |key: &str| self.types.get(&(config.to_owned(), key.to_owned())).cloned();
        of(key).or_else(|| of(self.snapshot.registry.name(VALUES.parent, key)?))
    }

    /// Compares everything but values.
    pub(crate) fn compare(&mut self, root: &Item) {
        let actual = self.snapshot.product.as_ref();
        match actual {
            None if root.absent => {}
            None => self.create(&PRODUCT, &[], root),
            Some(actual) if root.absent => self.delete(&PRODUCT, &[], actual),
            Some(actual) => self.update(&PRODUCT, &[], root, actual),
        }
        self.preferences(root);
    }

    /// Returns the steps in the order in which they are applied.
    pub(crate) fn into_steps(mut self) -> Vec<Step> {
        // Stable: entities of a section stay in the order of the document.
        self.steps.sort_by_key(|(rank, _)| *rank);
        self.steps.into_iter().map(|(_, step)| step).collect()
    }

    /// Adds steps of a cell.
    pub(crate) fn extend(&mut self, steps: Vec<Step>) {
        steps.into_iter().for_each(|step| self.push(step));
    }

    pub(super) fn push(&mut self, step: Step) {
        self.steps.push((rank(&step.section, step.action), step));
    }

    fn entities(
        &mut self,
        section: &'static Section,
        parent: &[String],
        desired: &Item,
        actual: Option<&Item>,
    ) {
        let below = actual.map_or(&[][..], |actual| actual.below(section.name));
        let count = count_after(
            section,
            desired.below(section.name),
            below,
            self.options.prune.contains(section.name),
        );
        self.problems.extend(check_count(section, parent, count));
        let mut next = Orders::after(below);
        for item in desired.below(section.name) {
            let key = item.key(section);
            let path = [parent, &[key.to_owned()]].concat();
            match actual.and_then(|actual| actual.find(section, key)) {
                None if item.absent => {}
                None => {
                    let mut item = item.clone();
                    next.give(section, &mut item);
                    self.create(section, &path, &item);
                }
                Some(actual) if item.absent => self.delete(section, &path, actual),
                Some(actual) => self.update(section, &path, item, actual),
            }
        }
        if self.options.prune.contains(section.name) {
            for actual in below {
                let key = actual.key(section);
                if desired.find(section, key).is_none() {
                    self.delete(section, &[parent, &[key.to_owned()]].concat(), actual);
                }
            }
        }
    }

    fn create(&mut self, section: &'static Section, path: &[String], item: &Item) {
        self.check(section, path, item);
        self.check_new(section, path, item);
        let mut step = Step::new(Action::Create, section.name, path);
        step.after = Some(Value::Object(fields(section, item)));
        self.push(step);
        for child in section.children {
            self.entities(child, path, item, None);
        }
    }

    fn delete(&mut self, section: &'static Section, path: &[String], actual: &Item) {
        let mut step = Step::new(Action::Delete, section.name, path);
        step.before = Some(crate::changes::document::to_value(section, actual));
        if section.name == "environments" {
            step.note = Some("its values do not come back".to_owned());
        } else if section.has_values() || !section.children.is_empty() {
            step.note = Some("it would come back with a new id".to_owned());
        }
        self.push(step);
    }

    fn update(&mut self, section: &'static Section, path: &[String], item: &Item, actual: &Item) {
        self.check(section, path, item);
        let (mut before, mut after) = (Map::new(), Map::new());
        let mut fixed = Vec::new();
        for member in section.fields {
            let Some(wanted) = item.fields.get(member.name) else { continue };
            let found = actual.fields.get(member.name);
            let differs = match member.role {
                Role::Preference => false,
                Role::Variations => {
                    self.variations(path, wanted, found);
                    false
                }
                Role::Names { .. } => !same(Some(&sorted(wanted)), found.map(sorted).as_ref()),
                Role::Secrets => !same(Some(&super::secrets::expanded(wanted)), found),
                _ => !same(Some(wanted), found),
            };
            if !differs {
                continue;
            }
            if member.role == Role::Fixed {
                fixed.push(member.name);
            }
            before.insert(member.name.to_owned(), found.cloned().unwrap_or_default());
            after.insert(member.name.to_owned(), wanted.clone());
        }
        if !fixed.is_empty() {
            self.replace(section, path, item, actual, &fixed);
            return;
        }
        if !after.is_empty() {
            let mut step = Step::new(Action::Update, section.name, path);
            (step.before, step.after) = (Some(before.into()), Some(after.into()));
            self.push(step);
        }
        for child in section.children {
            self.entities(child, path, item, Some(actual));
        }
    }

    /// Adds the step for an entity of which a field differs that cannot be changed.
    fn replace(
        &mut self,
        section: &'static Section,
        path: &[String],
        item: &Item,
        actual: &Item,
        fixed: &[&str],
    ) {
        let mut step = Step::new(Action::Replace, section.name, path);
        step.before = Some(crate::changes::document::to_value(section, actual));
        // What the document does not mention stays as it was.
        let mut whole = actual.clone();
        whole.fields.extend(item.fields.clone());
        step.after = Some(Value::Object(fields(section, &whole)));
        step.note = Some("it gets a new id".to_owned());
        if !self.options.allow_replace {
            let fields = fixed.join(" and ");
            step.refused = Some(format!(
                "{fields} cannot be changed; allow that the {} is deleted and created again (allow_replace)",
                section.singular
            ));
        }
        self.push(step);
        let item = with_fields_below(section, item, actual);
        for child in section.children {
            self.entities(child, path, &item, None);
        }
    }

    fn variations(&mut self, path: &[String], wanted: &Value, found: Option<&Value>) {
        if same(Some(wanted), found) {
            return;
        }
        let mut step = Step::new(Action::Update, VARIATIONS_SECTION, path);
        step.before = Some(json!({ VARIATIONS_SECTION: found.cloned().unwrap_or_default() }));
        step.after = Some(json!({ VARIATIONS_SECTION: wanted.clone() }));
        // After the flag, before its values.
        self.steps.push((rank(VALUES.parent, Action::Update), step));
    }
}

/// Returns config, key and type of each flag that has a type.
fn types_of(product: &Item) -> impl Iterator<Item = (&str, &str, &str)> {
    product.below("configs").iter().flat_map(|config| {
        let flags = config.below(VALUES.parent).iter();
        flags.filter_map(move |flag| {
            Some((config.text("name")?, flag.text("key")?, flag.text("settingType")?))
        })
    })
}

/// Adds the fields to the entities below an item which they have in the snapshot, and the item does not mention.
fn with_fields_below(section: &Section, item: &Item, actual: &Item) -> Item {
    let mut item = item.clone();
    for child in section.children {
        for below in item.children.get_mut(child.name).into_iter().flatten() {
            let Some(found) = actual.find(child, below.key(child)) else { continue };
            let mentioned = std::mem::replace(&mut below.fields, found.fields.clone());
            below.fields.extend(mentioned);
        }
    }
    item
}

/// Returns the fields that a create request sends, with the key.
fn fields(section: &Section, item: &Item) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(section.key.to_owned(), item.key(section).into());
    for member in section.fields.iter().filter(|member| member.role != Role::Preference) {
        if let Some(value) = item.fields.get(member.name).filter(|value| !is_empty(value)) {
            fields.insert(member.name.to_owned(), value.clone());
        }
    }
    fields
}

/// Positions of new entities: they are created concurrently, and are in the order of the document nevertheless.
struct Orders {
    next: i64,
}

impl Orders {
    fn after(existing: &[Item]) -> Self {
        let orders = existing.iter().filter_map(|item| item.fields.get("order")?.as_i64());
        Self { next: orders.max().map_or(0, |last| last + 1) }
    }

    fn give(&mut self, section: &Section, item: &mut Item) {
        if section.member("order").is_none() {
            return;
        }
        let given = item.fields.get("order").and_then(Value::as_i64);
        let order = given.unwrap_or(self.next);
        item.fields.insert("order".to_owned(), order.into());
        self.next = self.next.max(order.saturating_add(1));
    }
}

/// Rank of the first steps.
pub(super) const EARLY: u8 = RELAXED;
