//! Steps for the values of flags. Values are compared as they are read, one config and environment at a time, so that only what
//! differs is kept in memory.

use super::compare::Planner;
use super::limits::check_state;
use super::refusal::Conditions;
use super::step::{Action, Step};
use crate::changes::document::Item;
use crate::changes::flag::{FlagState, Ids};
use crate::changes::section::{Section, VALUES, named};
use crate::changes::snapshot::Cell;
use crate::models::{SettingType, SettingValue};
use crate::spec::validate::Violation;
use std::collections::BTreeMap;

/// Desired values of a config in an environment.
#[derive(Debug)]
pub(crate) struct WantedCell<'a> {
    /// Name of the config.
    pub(crate) config: &'a str,
    /// Name of the environment.
    pub(crate) environment: &'a str,
    /// The config and the environment, if both exist, and will not be created again.
    pub(crate) actual: Option<(&'a Item, &'a Item)>,
    /// Evaluation version of the config.
    v1: bool,
    values: Vec<WantedValue<'a>>,
}

#[derive(Debug)]
struct WantedValue<'a> {
    flag: &'a str,
    state: &'a FlagState,
    ty: SettingType,
    /// Whether the flag exists, and will not be created again.
    exists: bool,
    has_variations: bool,
}

/// Steps and problems of a config in an environment.
pub(crate) type CellSteps = Result<Vec<Step>, Vec<Violation>>;

impl<'a> Planner<'a> {
    /// Returns the cells of which the document has values.
    pub(crate) fn wanted_cells(&mut self, root: &'a Item) -> Vec<WantedCell<'a>> {
        let mut cells: BTreeMap<(&str, &str), WantedCell<'a>> = BTreeMap::new();
        let (Some(configs), Some(environments)) = (named("configs"), named("environments")) else {
            return Vec::new();
        };
        let product = self.snapshot.product.as_ref();
        for config in root.below(configs.name).iter().filter(|config| !config.absent) {
            let name = config.key(configs);
            let actual = product.and_then(|product| product.find(configs, name));
            let actual = actual.filter(|_| !self.is_replaced(configs, &[name]));
            let v1 =
                config.text("evaluationVersion").or_else(|| actual?.text("evaluationVersion")) == Some("v1");
            let Some(settings) = configs.child(VALUES.parent) else { continue };
            for setting in config.below(settings.name).iter().filter(|setting| !setting.absent) {
                let flag = setting.key(settings);
                let found = actual.and_then(|actual| actual.find(settings, flag));
                let exists = found.is_some() && !self.is_replaced(settings, &[name, flag]);
                let ty = self.flag_type(name, flag).unwrap_or_else(|| "".into());
                let variations = setting
                    .fields
                    .get("predefinedVariations")
                    .or_else(|| found?.fields.get("predefinedVariations"));
                for (environment, state) in &setting.values {
                    let at = product.and_then(|product| product.find(environments, environment));
                    let cell = cells.entry((name, environment)).or_insert_with(|| WantedCell {
                        config: name,
                        environment,
                        actual: actual.zip(at),
                        v1,
                        values: Vec::new(),
                    });
                    cell.values.push(WantedValue {
                        flag,
                        state,
                        ty: ty.clone(),
                        exists,
                        has_variations: variations
                            .is_some_and(|list| list.as_array().is_some_and(|list| !list.is_empty())),
                    });
                }
            }
        }
        cells.into_values().collect()
    }

    fn is_replaced(&self, section: &Section, path: &[&str]) -> bool {
        self.steps.iter().any(|(_, step)| {
            step.action == Action::Replace && step.section == section.name && step.path == path
        })
    }

    /// Compares the desired values of a cell with the actual ones; `None` if the cell does not exist yet.
    pub(crate) fn compare_cell(&self, wanted: &WantedCell<'_>, actual: Option<&Cell>) -> CellSteps {
        let Some(settings) = named(VALUES.parent) else { return Ok(Vec::new()) };
        let (mut steps, mut problems) = (Vec::new(), Vec::new());
        let conditions = match actual {
            Some(cell) => Conditions::of(cell),
            None => Conditions::of_preferences(self.snapshot.product.as_ref(), wanted.environment),
        };
        for value in &wanted.values {
            let path = [wanted.config.to_owned(), value.flag.to_owned(), wanted.environment.to_owned()];
            let at = super::place::place(settings, &path);
            if !self.names.has("environments", wanted.environment) {
                let message = self.names.missing("environments", wanted.environment);
                problems.push(Violation { path: at, message });
                continue;
            }
            let mut state = value.state.clone();
            state.adapt(wanted.v1);
            let names = NamesOnly { planner: self, config: wanted.config };
            let checked = state.convert_to(&value.ty).and_then(|()| match wanted.v1 {
                true => state.to_v1(&names).map(drop),
                false => state.to_v2(&names).map(drop),
            });
            if let Err(violation) = checked {
                problems
                    .push(Violation { path: format!("{at}.{}", violation.path), message: violation.message });
                continue;
            }
            problems.extend(check_state(settings, &path, &state));
            let found = actual.and_then(|cell| cell.values.get(value.flag)).filter(|_| value.exists);
            let mut step = Step::new(Action::Update, VALUES.name, &path);
            step.evaluation_version = wanted.v1.then(|| "v1".to_owned());
            match found {
                Some(found) if found.state.as_ref() == Some(&state) => continue,
                Some(found) => {
                    step.before = found.state.as_ref().and_then(|state| serde_json::to_value(state).ok());
                    step.version.clone_from(&found.version);
                    if found.state.is_none() {
                        step.note = Some(
                            "the value has parts that this version does not know; they are lost".to_owned(),
                        );
                    }
                }
                // A new flag has the default of its type everywhere.
                None if state.is_plain()
                    && !value.has_variations
                    && state.default == default_of(&value.ty) =>
                {
                    continue;
                }
                None => {}
            }
            step.after = serde_json::to_value(&state).ok();
            conditions.apply(self.options, &mut step);
            steps.push(step);
        }
        if problems.is_empty() { Ok(steps) } else { Err(problems) }
    }
}

/// Returns the value of a new flag.
fn default_of(ty: &SettingType) -> SettingValue {
    match ty {
        SettingType::String => SettingValue::String(String::new()),
        SettingType::Int => SettingValue::Int(0),
        SettingType::Double => SettingValue::Double(0.0),
        _ => SettingValue::Boolean(false),
    }
}

/// Says which names exist, while a plan has no ids for all of them.
struct NamesOnly<'a> {
    planner: &'a Planner<'a>,
    config: &'a str,
}

impl Ids for NamesOnly<'_> {
    fn segment(&self, name: &str) -> Option<String> {
        let known = self.planner.names.has("segments", name)
            || self.planner.snapshot.registry.find("segments", name).is_some();
        known.then(String::new)
    }

    fn flag(&self, key: &str) -> Option<(i32, SettingType)> {
        self.planner.flag_type(self.config, key).map(|ty| (0, ty))
    }
}
