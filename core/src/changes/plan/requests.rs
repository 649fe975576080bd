//! Groups steps into requests: several values of a config in an environment are one request.

use super::options::{Approval, PlanOptions};
use super::step::{Action, Step};
use crate::changes::section::{VALUES, named};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request that applies one or several steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedRequest {
    /// The operation, such as `flag_values.replace_many`.
    pub operation: String,
    /// Positions of its steps in the plan.
    pub steps: Vec<usize>,
    /// Number of requests: two if an entity is deleted and created again.
    pub count: u32,
}

/// Section of changes to preferences.
pub(crate) const PREFERENCES_SECTION: &str = "preferences";
/// Section of changes to predefined variations.
pub(crate) const VARIATIONS_SECTION: &str = "predefinedVariations";

/// Note of values that a change request proposes.
pub(crate) const REQUESTED: &str = "needs an approval: a change request is created";

pub(super) fn group(steps: &[Step], options: &PlanOptions) -> Vec<PlannedRequest> {
    let mut requests: Vec<PlannedRequest> = Vec::new();
    let mut cells: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let (config, environment) = match step.path.as_slice() {
            [config, _, environment] if step.section == VALUES.name => {
                (config.as_str(), environment.as_str())
            }
            _ => {
                let count = 1
                    + u32::from(step.action == Action::Replace)
                    + u32::from(lists_groups(step, steps))
                    + u32::from(step.section == VARIATIONS_SECTION);
                requests.push(PlannedRequest { operation: operation(step), steps: vec![at], count });
                continue;
            }
        };
        let requested = step.note.as_deref() == Some(REQUESTED);
        let alone = options.strict && !requested;
        let known = cells.get(&(config, environment)).and_then(|&known| requests.get_mut(known));
        match known.filter(|_| !alone) {
            Some(request) => request.steps.push(at),
            None => {
                cells.insert((config, environment), requests.len());
                requests.push(PlannedRequest { operation: String::new(), steps: vec![at], count: 1 });
            }
        }
    }
    for request in &mut requests {
        let Some(first) = request.steps.first().and_then(|&at| steps.get(at)) else { continue };
        if request.operation.is_empty() {
            request.operation = values_operation(first, request.steps.len()).to_owned();
        }
    }
    requests
}

/// Whether a step lists the permission groups of a new product, of which one may have the name of one of the plan.
fn lists_groups(step: &Step, steps: &[Step]) -> bool {
    step.section == "products"
        && step.action == Action::Create
        && steps.iter().any(|step| step.section == "permissionGroups")
}

/// Returns the operation of a step that is a request of its own.
fn operation(step: &Step) -> String {
    let id = match (step.section.as_str(), named(&step.section)) {
        (PREFERENCES_SECTION, _) => "products.update_preferences",
        (VARIATIONS_SECTION, _) => "predefined_variations.update",
        (_, None) => "",
        (_, Some(section)) => match step.action {
            Action::Create | Action::Replace => section.create.id,
            Action::Update => section.update.id,
            Action::Delete => section.delete.id,
        },
    };
    id.to_owned()
}

/// Returns the operation that writes values of a config in an environment. Only that for one value takes a version.
fn values_operation(first: &Step, count: usize) -> &'static str {
    if first.note.as_deref() == Some(REQUESTED) {
        return "change_requests.create";
    }
    match (is_v1(first), count) {
        (true, 1) => "values.replace",
        (true, _) => "values.replace_many",
        (false, 1) => "flag_values.replace",
        (false, _) => "flag_values.replace_many",
    }
}

/// Whether a value is one of a V1 config.
pub(crate) fn is_v1(step: &Step) -> bool {
    step.section == VALUES.name && step.evaluation_version.as_deref() == Some("v1")
}

/// What the options say about a value in an environment that requires an approval.
pub(crate) const fn note(approval: Approval) -> Option<&'static str> {
    match approval {
        Approval::Request => Some(REQUESTED),
        Approval::Refuse | Approval::Bypass => None,
    }
}
