//! Reports: what applying a plan did, step by step.

use crate::changes::plan::Plan;
use crate::changes::plan::html::{Row, table};
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Version of the JSON of reports.
const FORMAT: u32 = 1;

/// The result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi(name = "StepStatus"))]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// It was applied.
    Done,
    /// There was nothing to do any more: the entity is as the step wants it.
    AlreadyDone,
    /// A change request was created, which others have to approve.
    Requested,
    /// It was not applied, because the entity has been changed since the plan was made.
    Conflict,
    /// The service refused it, or did not respond.
    Failed,
    /// It was not applied, because a step that it needs was not.
    Skipped,
}

impl Status {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyDone => "alreadyDone",
            Self::Requested => "requested",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// Whether the entity is now, or will be after an approval, as the step wants it.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Done | Self::AlreadyDone | Self::Requested)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The result of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StepOutcome {
    /// Position of the step in the plan.
    pub step: usize,
    /// Its result.
    pub status: Status,
    /// Id of the entity that was created, or of the change request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why it was not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Kind of the error of the call, such as `not_found`; see [`ErrorKind::as_str`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What others made of the entity, after a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Value>,
}

impl StepOutcome {
    pub(super) const fn new(step: usize, status: Status) -> Self {
        Self { step, status, id: None, error: None, kind: None, theirs: None }
    }

    pub(super) fn failed(step: usize, status: Status, error: impl fmt::Display) -> Self {
        Self { error: Some(error.to_string()), ..Self::new(step, status) }
    }

    /// The outcome of a step whose call failed.
    pub(super) fn of_call(step: usize, status: Status, error: &Error) -> Self {
        Self { kind: Some(error.kind().as_str().to_owned()), ..Self::failed(step, status, error) }
    }

    /// The kind of error that describes it.
    fn error_kind(&self) -> ErrorKind {
        let known = |name: &str| ErrorKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        self.kind.as_deref().and_then(known).unwrap_or(ErrorKind::Conflict)
    }
}

/// What applying a plan did, with what is needed to take it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// Version of the format.
    format: u32,
    /// The plan.
    pub plan: Plan,
    /// The result of each step, in the order of the plan.
    pub outcomes: Vec<StepOutcome>,
    /// Requests that were sent, without retries.
    pub requests: u32,
}

impl Report {
    pub(crate) fn new(plan: Plan, mut outcomes: Vec<StepOutcome>, requests: u32) -> Self {
        outcomes.sort_by_key(|outcome| outcome.step);
        Self { format: FORMAT, plan, outcomes, requests }
    }

    /// Whether every step succeeded.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.status.is_success())
    }

    /// Outcomes of the steps that did not succeed.
    pub fn failures(&self) -> impl Iterator<Item = &StepOutcome> {
        self.outcomes.iter().filter(|outcome| !outcome.status.is_success())
    }

    /// Fails if a step did not succeed.
    ///
    /// # Errors
    /// That of the first call that failed, or [`ErrorKind::Conflict`] if others have changed an entity. The message names every
    /// step.
    pub fn error_for_failures(&self) -> Result<()> {
        let failed: Vec<&StepOutcome> = self.failures().collect();
        // A skipped step is the consequence of another one.
        let reason = |outcome: &&&StepOutcome| outcome.status != Status::Skipped;
        let Some(first) = failed.iter().find(reason).or_else(|| failed.first()) else { return Ok(()) };
        let lines: Vec<String> = failed.iter().filter_map(|outcome| self.line(outcome)).collect();
        let (count, all) = (failed.len(), self.outcomes.len());
        let message = format!("{count} of {all} steps were not applied: {}", lines.join("; "));
        Err(Error::new(first.error_kind(), message))
    }

    /// Returns a line about an outcome.
    fn line(&self, outcome: &StepOutcome) -> Option<String> {
        let step = self.plan.steps.get(outcome.step)?;
        let error = outcome.error.as_ref().map_or_else(String::new, |error| format!(": {error}"));
        Some(format!("{}: {} {}{error}", outcome.status, step.section, step.place()))
    }

    /// Returns one line: the number of steps by their results.
    #[must_use]
    pub fn summary(&self) -> String {
        let all = [
            (Status::Done, "applied"),
            (Status::AlreadyDone, "already done"),
            (Status::Requested, "requested"),
            (Status::Conflict, "in conflict"),
            (Status::Failed, "failed"),
            (Status::Skipped, "skipped"),
        ];
        let counts = all.into_iter().filter_map(|(status, word)| {
            let count = self.outcomes.iter().filter(|outcome| outcome.status == status).count();
            (count > 0).then(|| format!("{count} {word}"))
        });
        let counts: Vec<String> = counts.collect();
        match counts.as_slice() {
            [] => "Nothing to do.".to_owned(),
            _ => format!("{}, with {} requests.", counts.join(", "), self.requests),
        }
    }

    /// Writes the report for a terminal: a line for each step that did not succeed, and the summary.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for outcome in self.outcomes.iter().filter(|outcome| outcome.status != Status::Done) {
            let Some(line) = self.line(outcome) else { continue };
            text.push_str(&line);
            text.push('\n');
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// Writes the report as a table of HTML: each step with its result.
    #[must_use]
    pub fn to_html(&self) -> String {
        let rows = self.outcomes.iter().filter_map(|outcome| {
            let step = self.plan.steps.get(outcome.step)?;
            let mut notes = vec![(outcome.status.to_string(), outcome.error.clone())];
            if let Some(theirs) = &outcome.theirs {
                notes.push(("theirs".to_owned(), Some(theirs.to_string())));
            }
            Some(Row { step, notes })
        });
        table(&self.summary(), &rows.collect::<Vec<_>>())
    }

    /// Parses a report that was saved.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if it is not a report, or one of a newer format.
    pub fn from_json(text: &str) -> Result<Self> {
        let report: Self = serde_json::from_str(text)
            .map_err(|error| Error::bad_request(format!("invalid report: {error}")))?;
        if report.format != FORMAT {
            let message =
                format!("invalid report: its format is {}, and this version knows {FORMAT}", report.format);
            return Err(Error::bad_request(message));
        }
        let steps = report.plan.steps.len();
        if let Some(outcome) = report.outcomes.iter().find(|outcome| outcome.step >= steps) {
            let step = outcome.step;
            let message =
                format!("invalid report: it has an outcome of step {step}, and its plan has {steps} steps");
            return Err(Error::bad_request(message));
        }
        Ok(report)
    }

    /// Writes the report as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // All keys are strings.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Progress of applying a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Steps that are completed, successfully or not.
    pub completed: usize,
    /// Steps of the plan.
    pub total: usize,
}
