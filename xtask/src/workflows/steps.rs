//! Rules for the steps of every job.

use super::cargo_commands::{commands, missing};
use super::file::{Job, Step};
use serde_json::Value;

/// Returns the violations in a job's steps.
pub fn problems(job: &Job) -> Vec<String> {
    let mut problems: Vec<String> = job.uses.iter().filter_map(|uses| unpinned(uses)).collect();
    for step in &job.steps {
        problems.extend(step.uses.as_deref().and_then(unpinned));
        problems.extend(inputs(step));
        problems.extend(step.run.as_deref().map(script).unwrap_or_default());
    }
    problems
}

/// Tags and branches can be moved to other commits; a commit hash cannot.
fn unpinned(uses: &str) -> Option<String> {
    let hash = uses.split_once('@').map_or("", |(_, version)| version);
    let pinned = hash.len() == 40 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (!pinned && !uses.starts_with("./")).then(|| format!("{uses}: pin the action by its commit hash"))
}

fn inputs(step: &Step) -> Option<String> {
    match step.action()? {
        "actions/checkout" if step.with["persist-credentials"] != Value::Bool(false) => {
            Some("actions/checkout: set `persist-credentials: false`".to_owned())
        }
        "actions/download-artifact" if !selects(step) => {
            Some("actions/download-artifact: select artifacts with `name` or a narrow `pattern`".to_owned())
        }
        _ => None,
    }
}

/// Whether a download names what it takes; otherwise it takes every artifact of the run.
fn selects(step: &Step) -> bool {
    let selected = |key: &str| step.with[key].as_str().is_some_and(|text| !text.trim_matches('*').is_empty());
    selected("name") || selected("pattern")
}

fn script(script: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if script.contains("${{") {
        // An expression is inserted into the script before the shell parses it.
        problems.push("pass the value of `${{ }}` to the script in `env`".to_owned());
    }
    for command in commands(script) {
        problems.extend(missing(&command).map(|missing| format!("`{}`: add {missing}", command.join(" "))));
    }
    problems
}
