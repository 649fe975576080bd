//! Plans: ordered steps from the actual to the desired state, with their price.

mod check;
mod compare;
pub(crate) mod html;
mod limits;
mod names;
mod options;
mod place;
mod preferences;
mod price;
mod refusal;
mod render;
mod requests;
mod same;
mod secrets;
mod step;
mod values;

pub(crate) use compare::Planner;
pub use options::{Approval, PlanOptions};
pub use price::Price;
pub use requests::PlannedRequest;
pub(crate) use requests::{PREFERENCES_SECTION, VARIATIONS_SECTION};
pub(crate) use same::{is_empty, same};
pub(crate) use secrets::expanded;
pub use step::{Action, Step};
pub(crate) use values::{CellSteps, WantedCell};

use super::document::Document;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the JSON of plans.
const FORMAT: u32 = 1;

/// Ordered steps from the actual state of a product to the one of a document, with their price.
///
/// A plan can be shown, saved as JSON, and applied later if nothing has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plan {
    /// Version of the format.
    format: u32,
    /// The desired state.
    pub document: Document,
    /// The options that it was made with.
    pub options: PlanOptions,
    /// Steps, in the order in which they are applied.
    pub steps: Vec<Step>,
    /// Requests that apply the steps.
    pub requests: Vec<PlannedRequest>,
    /// What it costs.
    pub price: Price,
}

impl Plan {
    pub(crate) fn new(document: Document, options: PlanOptions, steps: Vec<Step>, reads: u32) -> Self {
        let requests = requests::group(&steps, &options);
        let price = Price::of(&requests, reads);
        Self { format: FORMAT, document, options, steps, requests, price }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Steps by the entity that they change.
    pub(crate) fn by_entity(&self) -> BTreeMap<(&str, &[String]), &Step> {
        self.steps.iter().map(|step| (step.entity(), step)).collect()
    }

    /// Steps that the service would refuse. A plan with such steps is not applied.
    pub fn refused(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.refused.is_some())
    }

    /// Parses a plan that was saved.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if it is not a plan, or one of a newer format.
    pub fn from_json(text: &str) -> Result<Self> {
        let plan: Self = serde_json::from_str(text)
            .map_err(|error| Error::bad_request(format!("invalid plan: {error}")))?;
        if plan.format != FORMAT {
            let message =
                format!("invalid plan: its format is {}, and this version knows {FORMAT}", plan.format);
            return Err(Error::bad_request(message));
        }
        Ok(plan)
    }

    /// Writes the plan as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // All keys are strings.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
