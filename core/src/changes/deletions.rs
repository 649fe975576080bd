//! What a plan deletes: the values that are needed to restore it, the order in which flags can be deleted that need each other,
//! the flags that need one which is deleted, and what a replaced config would lose.

use super::document::Item;
use super::flag::FlagState;
use super::json::{below, set};
use super::plan::{Action, Step};
use super::section::{VALUES, named};
use super::snapshot::{Cell, Reader, Snapshot, in_order};
use crate::error::Result;
use futures_util::future::FutureExt as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Number of flags and values that a refusal names: a config may have thousands.
const SHOWN: usize = 5;

/// Values of a config by environment.
type Cells = Vec<(String, Cell)>;

/// Completes the steps of a plan that delete something.
pub(super) async fn complete(
    reader: &Reader<'_>,
    root: &Item,
    snapshot: &Snapshot,
    steps: &mut Vec<Step>,
) -> Result<()> {
    let configs: BTreeSet<String> = steps
        .iter()
        .filter(|step| is_deleted(step) && ["configs", VALUES.parent].contains(&step.section.as_str()))
        .filter_map(|step| step.path.first().cloned())
        .collect();
    for config in configs {
        let cells = read(reader, snapshot, &config).await?;
        for step in steps.iter_mut().filter(|step| is_deleted(step) && step.path.first() == Some(&config)) {
            keep_values(step, &cells);
        }
        advance(&config, &cells, steps);
        refuse_needed(&config, &cells, steps);
        refuse_lost(&config, root, steps);
        sort(&config, &cells, steps);
    }
    Ok(())
}

fn is_deleted(step: &Step) -> bool {
    matches!(step.action, Action::Delete | Action::Replace)
}

/// Reads the values of a config in all environments.
async fn read(reader: &Reader<'_>, snapshot: &Snapshot, config: &str) -> Result<Cells> {
    let (Some(product), Some(configs), Some(environments)) =
        (&snapshot.product, named("configs"), named("environments"))
    else {
        return Ok(Vec::new());
    };
    let Some(config) = product.find(configs, config) else { return Ok(Vec::new()) };
    let cells = product.below(environments.name).iter().map(|environment| {
        async move {
            let cell = Cell::read(reader, &snapshot.registry, config, environment).await?;
            Ok((environment.key(environments).to_owned(), cell))
        }
        .boxed()
    });
    in_order(cells).await
}

/// Adds the values of what is deleted to its step.
fn keep_values(step: &mut Step, cells: &Cells) {
    let flag = step.path.get(1).cloned();
    let Some(before) = step.before.as_mut() else { return };
    for (environment, cell) in cells {
        for (key, value) in &cell.values {
            let (Some(state), true) = (&value.state, flag.as_ref().is_none_or(|flag| flag == key)) else {
                continue;
            };
            let whole = match flag {
                Some(_) => Some(&mut *before),
                None => before.get_mut(VALUES.parent).and_then(Value::as_array_mut).and_then(|settings| {
                    settings.iter_mut().find(|setting| setting.get("key").is_some_and(|other| other == key))
                }),
            };
            if let Some(values) = whole.and_then(|whole| below(whole, VALUES.name)) {
                set(values, environment, json!(state));
            }
        }
    }
}

/// Moves deletions of flags in front of replacements, unless a flag needs them that stays: they may need a flag that is replaced.
fn advance(config: &str, cells: &Cells, steps: &mut Vec<Step>) {
    let is_replaced = |step: &Step| step.action == Action::Replace;
    let Some((first, _)) = deleted(config, steps).find(|(at, _)| steps.get(*at).is_some_and(is_replaced))
    else {
        return;
    };
    let gone: BTreeSet<&str> = deleted(config, steps).map(|(_, flag)| flag).collect();
    let is_needed = |flag: &str| {
        let values = cells.iter().flat_map(|(_, cell)| &cell.values);
        let mut stays = values.filter(|(key, _)| !gone.contains(key.as_str()));
        stays.any(|(_, value)| value.state.as_ref().is_some_and(|state| state.needs(flag)))
    };
    let early: Vec<usize> = deleted(config, steps)
        .filter(|(at, flag)| *at > first && !steps.get(*at).is_some_and(is_replaced) && !is_needed(flag))
        .map(|(at, _)| at)
        .collect();
    for (moved, at) in early.into_iter().enumerate() {
        // Those before it have not moved: each is removed behind the place where it is inserted.
        let step = steps.remove(at);
        steps.insert(first + moved, step);
    }
}

/// Flags of a config that are deleted, with what is done with them.
fn deleted<'a>(config: &'a str, steps: &'a [Step]) -> impl Iterator<Item = (usize, &'a str)> {
    steps.iter().enumerate().filter_map(move |(at, step)| match step.path.as_slice() {
        [of, flag] if of == config && step.section == VALUES.parent && is_deleted(step) => {
            Some((at, flag.as_str()))
        }
        _ => None,
    })
}

/// Refuses to delete flags that others need, which stay. Their values are written after flags are replaced, and before flags are
/// deleted.
fn refuse_needed(config: &str, cells: &Cells, steps: &mut [Step]) {
    let all: Vec<(usize, &str)> = deleted(config, steps).collect();
    // The last one that is deleted before values are written.
    let last =
        all.iter().rposition(|(at, _)| steps.get(*at).is_some_and(|step| step.action == Action::Replace));
    let planned: BTreeMap<(&str, &str), FlagState> = steps
        .iter()
        .filter_map(|step| match step.path.as_slice() {
            [of, flag, environment] if of == config && step.section == VALUES.name => {
                Some(((flag.as_str(), environment.as_str()), FlagState::from_json(step.after.clone()?).ok()?))
            }
            _ => None,
        })
        .collect();
    let mut refused = Vec::new();
    for (position, &(at, flag)) in all.iter().enumerate() {
        let replaced = last.is_some_and(|last| position <= last);
        let before = if replaced { last.map_or(0, |last| last + 1) } else { all.len() };
        let gone: BTreeSet<&str> = all.iter().take(before).map(|(_, flag)| *flag).collect();
        let needing = cells.iter().find_map(|(environment, cell)| {
            let stays = cell.values.iter().filter(|(key, _)| !gone.contains(key.as_str()));
            let mut needing = stays.filter(|(key, value)| {
                let planned = planned.get(&(key.as_str(), environment.as_str())).filter(|_| !replaced);
                planned.or(value.state.as_ref()).is_some_and(|state| state.needs(flag))
            });
            needing.next().map(|(key, _)| format!("{key} needs it in {environment}"))
        });
        refused.extend(needing.map(|message| (at, message)));
    }
    for (at, message) in refused {
        if let Some(step) = steps.get_mut(at) {
            step.refused = Some(message);
        }
    }
}

/// Refuses to replace a config of which the document does not have everything: what it does not mention is to be left alone.
fn refuse_lost(config: &str, root: &Item, steps: &mut [Step]) {
    let (Some(configs), Some(environments), Some(settings)) =
        (named("configs"), named("environments"), named(VALUES.parent))
    else {
        return;
    };
    let is_whole = |step: &Step| step.section == configs.name && step.path == [config];
    let gone: BTreeSet<String> = steps
        .iter()
        .filter(|step| step.section == environments.name && step.action == Action::Delete)
        .filter_map(|step| step.path.first().cloned())
        .collect();
    let replaced = steps.iter_mut().find(|step| is_whole(step) && step.action == Action::Replace);
    let (Some(step), Some(desired)) = (replaced, root.find(configs, config)) else { return };
    let mut lost = Vec::new();
    let before = step.before.as_ref().and_then(|before| before.get(settings.name)?.as_array());
    for flag in before.into_iter().flatten() {
        let key = flag.get("key").and_then(Value::as_str).unwrap_or_default();
        match desired.find(settings, key) {
            Some(flag) if flag.absent => {}
            Some(wanted) => {
                let values = flag.get(VALUES.name).and_then(Value::as_object).into_iter().flatten();
                let missing =
                    values.filter(|(name, _)| !wanted.values.contains_key(*name) && !gone.contains(*name));
                lost.extend(missing.map(|(name, _)| format!("{key} in {name}")));
            }
            None => lost.push(key.to_owned()),
        }
    }
    if step.refused.is_none() && !lost.is_empty() {
        let more = lost.len().saturating_sub(SHOWN);
        lost.truncate(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        step.refused =
            Some(format!("the document does not have, and it would lose: {}{more}", lost.join(", ")));
    }
}

/// Sorts the flags that are deleted: those that need others come first.
fn sort(config: &str, cells: &Cells, steps: &mut [Step]) {
    let all: Vec<usize> = deleted(config, steps).map(|(at, _)| at).collect();
    let is_replaced = |at: &usize| steps.get(*at).is_some_and(|step| step.action == Action::Replace);
    let early = all.iter().rposition(is_replaced).map_or(0, |last| last + 1);
    let (early, late) = all.split_at(early);
    for places in [early, late] {
        let mut rest: Vec<Step> = places.iter().filter_map(|&at| steps.get(at).cloned()).collect();
        for &at in places {
            // One that no other needs; if they need each other, any.
            let free = rest.iter().position(|step| {
                let flag = step.path.get(1).map(String::as_str).unwrap_or_default();
                !rest.iter().any(|other| other.path != step.path && needs(cells, other, flag))
            });
            let next = rest.remove(free.unwrap_or(0));
            if let Some(step) = steps.get_mut(at) {
                *step = next;
            }
        }
    }
}

/// Whether the flag of a step needs another one in any environment.
fn needs(cells: &Cells, step: &Step, flag: &str) -> bool {
    let key = step.path.get(1).map(String::as_str).unwrap_or_default();
    let mut states = cells.iter().filter_map(|(_, cell)| cell.values.get(key)?.state.as_ref());
    states.any(|state| state.needs(flag))
}
