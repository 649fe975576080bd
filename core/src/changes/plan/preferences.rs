//! Steps for preferences. Those that refuse changes come last, so that they do not refuse those of the plan.

use super::compare::{EARLY, Planner};
use super::requests::PREFERENCES_SECTION;
use super::same::same;
use super::step::{Action, Step};
use crate::changes::document::Item;
use crate::changes::section::{ENVIRONMENT_PREFERENCES, PREFERENCES, TIGHTENED, named};
use serde_json::{Map, Value};

/// Preferences that differ: those of the product, and those of environments by name.
#[derive(Default)]
struct Changed {
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Changed {
    fn add(&mut self, environment: Option<&str>, name: &str, before: Value, after: Value) {
        for (side, value) in [(&mut self.before, before), (&mut self.after, after)] {
            let members = match environment {
                None => side,
                Some(environment) => {
                    let environments = side.entry("environments").or_insert_with(|| Map::new().into());
                    let Some(environments) = environments.as_object_mut() else { continue };
                    let of = environments.entry(environment).or_insert_with(|| Map::new().into());
                    let Some(of) = of.as_object_mut() else { continue };
                    of
                }
            };
            members.insert(name.to_owned(), value);
        }
    }

    /// Returns the step. The two steps of a plan differ in their paths, by which they are found again.
    fn step(self, path: &[String]) -> Option<Step> {
        if self.after.is_empty() {
            return None;
        }
        let mut step = Step::new(Action::Update, PREFERENCES_SECTION, path);
        (step.before, step.after) = (Some(self.before.into()), Some(self.after.into()));
        Some(step)
    }
}

impl Planner<'_> {
    pub(super) fn preferences(&mut self, root: &Item) {
        let (mut relaxed, mut tightened) = (Changed::default(), Changed::default());
        let actual = self.snapshot.product.as_ref();
        let mut compare = |environment: Option<&str>, name: &str, wanted: &Value, found: Option<&Value>| {
            if !same(Some(wanted), found) {
                let side = if *wanted == Value::Bool(true) && name != "showVariationId" {
                    &mut tightened
                } else {
                    &mut relaxed
                };
                side.add(environment, name, found.cloned().unwrap_or_default(), wanted.clone());
            }
        };
        for name in PREFERENCES {
            if let Some(wanted) = root.fields.get(name) {
                compare(None, name, wanted, actual.and_then(|actual| actual.fields.get(name)));
            }
        }
        let Some(section) = named("environments") else { return };
        for environment in root.below(section.name).iter().filter(|environment| !environment.absent) {
            let key = environment.key(section);
            let actual = actual.and_then(|actual| actual.find(section, key));
            for name in ENVIRONMENT_PREFERENCES {
                if let Some(wanted) = environment.fields.get(name) {
                    compare(Some(key), name, wanted, actual.and_then(|actual| actual.fields.get(name)));
                }
            }
        }
        // Environments exist when either of them is applied.
        self.steps.extend(relaxed.step(&[]).map(|step| (EARLY + 1, step)));
        self.steps.extend(tightened.step(&["stricter".to_owned()]).map(|step| (TIGHTENED, step)));
    }
}
