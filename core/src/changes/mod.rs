//! Whole jobs instead of calls: a product as a document, plans with their price, apply and undo.
//!
//! ```no_run
//! # async fn run(client: configcat_management::Client) -> Result<(), configcat_management::Error> {
//! use configcat_management::changes::{Document, PlanOptions};
//!
//! let document = Document::from_yaml(&std::fs::read_to_string("flags.yaml").unwrap())?;
//! let plan = client.plan(&document, &PlanOptions::new()).await?;
//! println!("{}", plan.to_text(false));
//! let report = client.apply(&plan).await?;
//! println!("{}", report.summary());
//! // Taking it back is a plan too.
//! let undo = client.plan(&report.undo(), &PlanOptions::new()).await?;
//! # Ok(()) }
//! ```

mod api;
mod apply;
mod calls;
mod deletions;
mod document;
mod flag;
mod input;
mod jobs;
mod json;
mod mirror;
mod plan;
mod planning;
mod promote;
mod schema;
mod section;
mod seed;
mod snapshot;

pub use apply::{Progress, Report, Status, StepOutcome};
#[doc(hidden)]
pub use calls::Calls;
pub use document::Document;
#[doc(hidden)]
pub use document::yaml_options;
#[doc(hidden)]
pub use flag::Ids;
pub use flag::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve};
#[doc(hidden)]
pub use jobs::Jobs;
#[doc(hidden)]
pub use mirror::ProductSeed;
pub use plan::{Action, Approval, Plan, PlanOptions, PlannedRequest, Price, Step};
pub use promote::{Aspect, Promotion};
pub use schema::document_schema;
