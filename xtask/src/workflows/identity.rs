//! Rules for jobs that can request an identity token, which allows publishing and signing in the name of the project.

use super::cargo_commands::commands;
use super::file::{Job, Step, Workflow, granted};

/// The workflow with the tests.
const TESTS: &str = "./.github/workflows/ci.yml";
/// Actions that run next to a token.
const ACTIONS: [&str; 5] = [
    "actions/attest",
    "actions/checkout",
    "actions/download-artifact",
    "pypa/gh-action-pypi-publish",
    "rust-lang/crates-io-auth-action",
];
/// Beginnings of commands that run next to a token. They compile nothing: `--no-verify` prevents cargo from running build scripts.
const COMMANDS: [&str; 3] =
    ["cargo package --locked --no-verify ", "cargo publish --locked --no-verify ", "cmp "];
/// Functions that let a job run although a job that it needs failed.
const IGNORES_FAILURES: [&str; 3] = ["always(", "cancelled(", "failure("];

/// Returns the violations of a job. None if it cannot request an identity token.
pub fn problems(job: &Job, workflow: &Workflow) -> Vec<String> {
    let granted = job.permissions.as_ref().and_then(granted).unwrap_or_default();
    if !granted.contains(&("id-token", "write")) {
        return Vec::new();
    }
    let mut problems: Vec<String> = job.steps.iter().flat_map(foreign).collect();
    if let Some(called) = &job.uses {
        problems.push(format!("`{called}` must not run with an identity token"));
    }
    let is_test =
        |name: &&str| workflow.jobs.get(*name).is_some_and(|job| job.uses.as_deref() == Some(TESTS));
    if !job.needs().iter().any(is_test) {
        problems.push(format!("add the job that uses {TESTS} to `needs`"));
    }
    let condition = job.condition.as_ref().map(ToString::to_string).unwrap_or_default();
    if IGNORES_FAILURES.iter().any(|function| condition.contains(function)) {
        problems.push("`if` must not ignore that a needed job failed".to_owned());
    }
    problems
}

/// Returns what a step runs that must not run next to a token.
fn foreign(step: &Step) -> Vec<String> {
    let action = step.action().filter(|action| !ACTIONS.contains(action)).map(str::to_owned);
    let script = commands(step.run.as_deref().unwrap_or_default());
    let lines = script.into_iter().map(|command| command.join(" "));
    let unknown = lines.filter(|line| !COMMANDS.iter().any(|known| line.starts_with(known)));
    action
        .into_iter()
        .chain(unknown)
        .map(|what| format!("`{what}` must not run with an identity token"))
        .collect()
}
