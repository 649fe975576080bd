//! Plans.

use super::count::count;
use super::document::NativeDocument;
use crate::error::ConfigCatError;
use crate::rate_limit::RateLimit;
use configcat_management::changes::{self, Plan, Step};
use std::sync::Arc;
use std::time::Duration;

/// What a plan costs.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Price {
    /// Requests that applying sends, without retries.
    pub requests: i32,
    /// Requests that making the plan has sent, without retries.
    pub reads: i32,
}

/// A request that applies one or several steps.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PlannedRequest {
    /// The operation, such as `flag_values.replace_many`.
    pub operation: String,
    /// Positions of its steps in the plan, from 0.
    pub steps: Vec<i32>,
    /// Number of requests: two if an entity is deleted and created again.
    pub count: i32,
}

impl From<&changes::PlannedRequest> for PlannedRequest {
    fn from(request: &changes::PlannedRequest) -> Self {
        Self {
            operation: request.operation.clone(),
            steps: request.steps.iter().copied().map(count).collect(),
            count: count(request.count),
        }
    }
}

/// Ordered steps from the actual state of a product to the one of a document.
#[derive(Debug, uniffi::Object)]
pub struct NativePlan(pub(super) Plan);

#[uniffi::export]
impl NativePlan {
    /// Parses a plan that was saved.
    ///
    /// # Errors
    /// It is not a plan, or one of a newer format.
    #[uniffi::constructor]
    pub fn parse(json: &str) -> Result<Self, ConfigCatError> {
        Ok(Self(Plan::from_json(json)?))
    }

    /// The desired state.
    #[must_use]
    pub fn document(&self) -> Arc<NativeDocument> {
        Arc::new(NativeDocument(self.0.document.clone()))
    }

    /// Steps, in the order in which they are applied.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        self.0.steps.clone()
    }

    /// Requests that apply the steps.
    #[must_use]
    pub fn requests(&self) -> Vec<PlannedRequest> {
        self.0.requests.iter().map(PlannedRequest::from).collect()
    }

    /// What it costs.
    #[must_use]
    pub fn price(&self) -> Price {
        Price { requests: count(self.0.price.requests), reads: count(self.0.price.reads) }
    }

    /// Returns the least time that the requests wait for the rate limit; absent if the service has reported none.
    #[must_use]
    pub fn least_wait(&self, limit: RateLimit) -> Option<Duration> {
        self.0.price.least_wait(&limit.into())
    }

    /// One line: the number of steps by action, and the price.
    #[must_use]
    pub fn summary(&self) -> String {
        self.0.summary()
    }

    /// Writes the plan for a terminal.
    #[must_use]
    pub fn text(&self, color: bool) -> String {
        self.0.to_text(color)
    }

    /// Writes the plan as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.0.to_markdown()
    }

    /// Writes the plan as a table of HTML.
    #[must_use]
    pub fn html(&self) -> String {
        self.0.to_html()
    }

    /// Writes the plan as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.to_json()
    }

    /// Whether both have the same steps from the same document.
    #[must_use]
    pub fn same_as(&self, other: Arc<Self>) -> bool {
        self.0 == other.0
    }
}
