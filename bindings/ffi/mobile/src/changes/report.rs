//! Reports.

use super::count::count;
use super::document::NativeDocument;
use super::plan::NativePlan;
use crate::error::ConfigCatError;
use configcat_management::JsonValue;
use configcat_management::changes::{self, Report, Status, Step};
use std::sync::Arc;

/// The result of a step.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct StepOutcome {
    /// Position of the step in the plan, from 0.
    pub index: i32,
    /// The step.
    pub step: Step,
    /// Its result.
    pub status: Status,
    /// Whether the entity is now, or will be after an approval, as the step wants it.
    pub is_success: bool,
    /// Id of the entity that was created, or of the change request.
    pub id: Option<String>,
    /// Why it was not applied.
    pub error: Option<String>,
    /// Kind of the error of the call, such as `not_found`.
    pub kind: Option<String>,
    /// What others made of the entity, after a conflict.
    pub theirs: Option<JsonValue>,
}

/// What applying a plan did.
#[derive(Debug, uniffi::Object)]
pub struct NativeReport(pub(super) Report);

impl NativeReport {
    fn outcome(&self, outcome: &changes::StepOutcome) -> Option<StepOutcome> {
        Some(StepOutcome {
            index: count(outcome.step),
            step: self.0.plan.steps.get(outcome.step)?.clone(),
            status: outcome.status,
            is_success: outcome.status.is_success(),
            id: outcome.id.clone(),
            error: outcome.error.clone(),
            kind: outcome.kind.clone(),
            theirs: outcome.theirs.clone().map(JsonValue::from),
        })
    }
}

#[uniffi::export]
impl NativeReport {
    /// Parses a report that was saved.
    ///
    /// # Errors
    /// It is not a report, or one of a newer format.
    #[uniffi::constructor]
    pub fn parse(json: &str) -> Result<Self, ConfigCatError> {
        Ok(Self(Report::from_json(json)?))
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> Arc<NativePlan> {
        Arc::new(NativePlan(self.0.plan.clone()))
    }

    /// The result of each step, in the order of the plan.
    #[must_use]
    pub fn outcomes(&self) -> Vec<StepOutcome> {
        self.0.outcomes.iter().filter_map(|outcome| self.outcome(outcome)).collect()
    }

    /// Whether every step succeeded.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    /// Requests that were sent, without retries.
    #[must_use]
    pub fn requests(&self) -> i32 {
        count(self.0.requests)
    }

    /// Fails if a step did not succeed.
    ///
    /// # Errors
    /// That of the first call that failed, or a conflict.
    pub fn check(&self) -> Result<(), ConfigCatError> {
        Ok(self.0.error_for_failures()?)
    }

    /// Returns the document with the state from before.
    #[must_use]
    pub fn undo(&self) -> Arc<NativeDocument> {
        Arc::new(NativeDocument(self.0.undo()))
    }

    /// One line: the number of steps by their results.
    #[must_use]
    pub fn summary(&self) -> String {
        self.0.summary()
    }

    /// Writes the report for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_text()
    }

    /// Writes the report as a table of HTML.
    #[must_use]
    pub fn html(&self) -> String {
        self.0.to_html()
    }

    /// Writes the report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.to_json()
    }

    /// Whether both have the same results of the same plan.
    #[must_use]
    pub fn same_as(&self, other: Arc<Self>) -> bool {
        self.0 == other.0
    }
}
