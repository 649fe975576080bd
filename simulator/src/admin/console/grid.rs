//! The grid: flags and environments of a config, and the rules of a flag.

use super::overview::ShownEnvironment;
use crate::backend::{Backend, lock};
use crate::http::respond::HttpResponse;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Content, Setting, SettingValueState, formula_prerequisites};
use configcat_management::Timestamp;
use configcat_management::models::{ConfigId, EnvironmentId, SettingId, SettingType, SettingValue};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Number of changes in the history of a flag.
const HISTORY: usize = 20;

/// Row of the grid.
#[derive(Serialize)]
struct Row<'a> {
    id: SettingId,
    key: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    ty: &'a SettingType,
    /// One per environment, in their order.
    cells: Vec<Option<Cell<'a>>>,
}

/// Value of a flag in an environment. Fields that say nothing are left out, because there are many cells.
#[derive(Serialize)]
struct Cell<'a> {
    value: Option<&'a SettingValue>,
    #[serde(skip_serializing_if = "is_zero")]
    rules: usize,
    /// Whether percentages of the users get different values.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    percentages: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl<'a> Cell<'a> {
    fn new(state: &'a SettingValueState) -> Self {
        let (value, rules, percentages) = match &state.content {
            Content::V1(rollout) => {
                (Some(&rollout.value), rollout.rules.len(), !rollout.percentages.is_empty())
            }
            Content::V2(formula) => {
                let percentages = formula.rules.iter().any(|rule| !rule.percentage_options.is_empty());
                (formula.default.value.as_ref(), formula.rules.len(), percentages)
            }
        };
        let by = state.updater.as_ref().map(|person| person.full_name.as_str());
        Self { value, rules, percentages, at: state.updated, by }
    }
}

/// Returns the grid of a config, or the rows of some flags of it: those of a list of ids that still exist.
pub fn grid(backend: &Backend, config: &ConfigId, flags: Option<&str>) -> Result<HttpResponse, Problem> {
    // Before the rows are read: changes after it are read again.
    let revision = backend.feed.revision();
    let shared = lock(&backend.state);
    let state = &shared.state;
    let config = state.config(config)?;
    let environments = state.environments_of(&config.product);
    let settings = match flags {
        None => state.settings_of(&config.id),
        Some(flags) => {
            let ids: BTreeSet<SettingId> =
                flags.split(',').filter_map(|id| id.parse().ok()).map(SettingId::new).collect();
            let found = ids.iter().filter_map(|id| state.settings.get(id));
            found.filter(|setting| setting.config == config.id).collect()
        }
    };
    let ids: Vec<&EnvironmentId> = environments.iter().map(|environment| &environment.id).collect();
    let rows: Vec<Row<'_>> = settings.into_iter().map(|setting| row(state, setting, &ids)).collect();
    let environments: Vec<ShownEnvironment<'_>> =
        environments.into_iter().map(|environment| ShownEnvironment::new(state, environment)).collect();
    Ok(HttpResponse::json(200, &json!({ "revision": revision, "environments": environments, "flags": rows })))
}

fn row<'a>(state: &'a State, setting: &'a Setting, environments: &[&EnvironmentId]) -> Row<'a> {
    let cell =
        |environment: &&EnvironmentId| state.values.get(&(setting.id, (*environment).clone())).map(Cell::new);
    Row {
        id: setting.id,
        key: &setting.key,
        name: &setting.name,
        ty: &setting.ty,
        cells: environments.iter().map(cell).collect(),
    }
}

/// Returns the values of a flag with their rules, the names that these refer to, and the last changes of the flag.
pub fn flag(backend: &Backend, setting: SettingId) -> Result<HttpResponse, Problem> {
    let shared = lock(&backend.state);
    let state = &shared.state;
    let setting = state.setting(setting)?;
    let config = state.config(&setting.config)?;
    let values = state.environments_of(&config.product).into_iter().map(|environment| {
        let value = state.values.get(&(setting.id, environment.id.clone()));
        json!({
            "environment": environment.name,
            "environmentId": environment.id,
            "content": value.map(|value| &value.content),
            "at": value.and_then(|value| value.updated),
            "by": value.and_then(|value| value.updater.as_ref()).map(|person| &person.full_name),
        })
    });
    let segments: Map<String, Value> = state
        .segments_of(&config.product)
        .into_iter()
        .map(|segment| (segment.id.to_string(), segment.name.clone().into()))
        .collect();
    let history = state
        .audit
        .values()
        .rev()
        .filter(|entry| entry.config.as_ref() == Some(&config.id) && entry.target == setting.key);
    let history = history.take(HISTORY).map(|entry| {
        json!({ "at": entry.at, "by": entry.user.full_name, "place": entry.place, "details": entry.details, "why": entry.why })
    });
    Ok(HttpResponse::json(
        200,
        &json!({
            "id": setting.id,
            "key": setting.key,
            "name": setting.name,
            "hint": setting.hint,
            "type": setting.ty,
            "config": config.name,
            "values": values.collect::<Vec<_>>(),
            "segments": segments,
            "flags": prerequisite_keys(state, setting),
            "history": history.collect::<Vec<_>>(),
        }),
    ))
}

/// Returns the keys of the flags that a flag depends on, by id.
fn prerequisite_keys(state: &State, setting: &Setting) -> Map<String, Value> {
    let formulas = state.values_of(setting.id).filter_map(|value| match &value.content {
        Content::V2(formula) => Some(formula),
        Content::V1(_) => None,
    });
    let needed = formulas.flat_map(formula_prerequisites).filter_map(|id| state.settings.get(&id));
    needed.map(|needed| (needed.id.to_string(), needed.key.clone().into())).collect()
}
