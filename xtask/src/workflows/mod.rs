//! Checks the workflows of GitHub: what they run has a fixed version, and jobs that can publish run nothing else.

mod cargo_commands;
mod file;
mod identity;
mod steps;
#[cfg(test)]
mod tests;

use crate::support::files::files_below;
use crate::support::report;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use file::{Job, Workflow, granted};
use serde_json::Value;

/// Triggers that run workflows of the default branch, with its permissions, on behalf of a pull request.
const FORBIDDEN_TRIGGERS: [&str; 2] = ["pull_request_target", "workflow_run"];
/// Permissions that a job may request in addition to `contents: read`.
const WRITABLE: [&str; 2] = ["attestations", "id-token"];

/// Fails with every violation, with its file and job.
pub fn check() -> Result<()> {
    let mut files = Vec::new();
    files_below(&root().join(".github/workflows"), &mut files)?;
    ensure!(!files.is_empty(), "no workflows in .github/workflows");
    files.sort();
    let mut problems = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(file)?;
        let found = problems_in(&text).with_context(|| name.to_string())?;
        problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
        report::passed(1);
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Returns the violations in the text of a workflow.
fn problems_in(text: &str) -> Result<Vec<String>> {
    let workflow: Workflow = serde_saphyr::from_str(text)?;
    let mut problems = workflow_problems(&workflow);
    for line in text.lines().map(str::trim) {
        if line.contains("uses: ") && line.contains('@') && !line.contains(" # v") {
            problems.push(format!("{line}: add the version as a comment, `# v1.2.3`"));
        }
    }
    for (name, job) in &workflow.jobs {
        let mut found = permission_problems(job);
        found.extend(steps::problems(job));
        found.extend(identity::problems(job, &workflow));
        problems.extend(found.into_iter().map(|problem| format!("job {name}: {problem}")));
    }
    Ok(problems)
}

fn workflow_problems(workflow: &Workflow) -> Vec<String> {
    let triggers: Vec<&str> = match &workflow.on {
        Value::Object(map) => map.keys().map(String::as_str).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let forbidden = triggers.into_iter().filter(|trigger| FORBIDDEN_TRIGGERS.contains(trigger));
    let mut problems: Vec<String> =
        forbidden.map(|trigger| format!("trigger {trigger} runs with the permissions of main")).collect();
    // Without this block, jobs get the repository's default permissions, which may include writing.
    let read_only = workflow.permissions.as_ref().and_then(granted).is_some_and(|granted| {
        granted.iter().all(|(scope, access)| (*scope, *access) == ("contents", "read"))
    });
    if !read_only {
        problems.push("the workflow's permissions must be `contents: read` or `{}`".to_owned());
    }
    problems
}

fn permission_problems(job: &Job) -> Vec<String> {
    let Some(permissions) = &job.permissions else { return Vec::new() };
    let Some(granted) = granted(permissions) else {
        return vec!["name each permission instead of granting all".to_owned()];
    };
    let excessive = granted.iter().filter(|(scope, access)| *access == "write" && !WRITABLE.contains(scope));
    excessive.map(|(scope, _)| format!("permission `{scope}: write` is not needed by any job")).collect()
}
