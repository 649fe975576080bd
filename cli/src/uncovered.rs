//! Calls of a rehearsed command that change what a plan does not contain.

use configcat_simulator::Simulator;
use configcat_simulator::testing::journal::Query;
use std::collections::BTreeMap;

/// Resources and operations whose changes are part of plans.
const COVERED: [&str; 14] = [
    "configs",
    "environments",
    "flag_values",
    "flag_values_by_sdk_key",
    "integrations",
    "permission_groups",
    "predefined_variations",
    "products.update",
    "products.update_preferences",
    "segments",
    "settings",
    "tags",
    "values",
    "values_by_sdk_key",
];

/// Returns the operations that changed something else, with the number of their calls.
pub fn uncovered(simulator: &Simulator) -> Vec<String> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for entry in simulator.journal(&Query::default()) {
        let is_change = entry.method != "GET" && (200..300).contains(&entry.status);
        let Some(operation) = entry.operation.filter(|_| is_change) else { continue };
        let resource = operation.split('.').next().unwrap_or_default();
        if !COVERED.contains(&resource) && !COVERED.contains(&operation.as_str()) {
            *found.entry(operation).or_default() += 1;
        }
    }
    let line = |(operation, count)| match count {
        1 => operation,
        count => format!("{operation} ({count} calls)"),
    };
    found.into_iter().map(line).collect()
}
