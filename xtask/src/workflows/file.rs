//! The parts of a workflow file that the checks read.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Workflow {
    pub on: Value,
    pub permissions: Option<Value>,
    pub jobs: BTreeMap<String, Job>,
}

#[derive(Deserialize)]
pub struct Job {
    /// Path of the workflow that the job calls, instead of having steps.
    pub uses: Option<String>,
    #[serde(rename = "if")]
    pub condition: Option<Value>,
    #[serde(default)]
    pub needs: Value,
    pub permissions: Option<Value>,
    #[serde(default)]
    pub steps: Vec<Step>,
}

#[derive(Deserialize)]
pub struct Step {
    pub uses: Option<String>,
    pub run: Option<String>,
    #[serde(default)]
    pub with: Value,
}

impl Job {
    /// Returns the names of the jobs that must succeed before this one.
    pub fn needs(&self) -> Vec<&str> {
        match &self.needs {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect(),
        }
    }
}

impl Step {
    /// Returns the name of the action that the step uses, without its version.
    pub fn action(&self) -> Option<&str> {
        self.uses.as_deref()?.split('@').next()
    }
}

/// Returns the scopes of a `permissions` block, each with its access. `None` for `read-all` and `write-all`.
pub fn granted(permissions: &Value) -> Option<Vec<(&str, &str)>> {
    let scopes = permissions.as_object()?.iter();
    Some(scopes.map(|(scope, access)| (scope.as_str(), access.as_str().unwrap_or_default())).collect())
}
