//! The change layer: documents of products, plans and reports, and the jobs that make them.

mod count;
mod document;
mod jobs;
mod mirror;
mod options;
mod plan;
mod report;

pub use document::NativeDocument;
pub use jobs::{NativeProgress, NativeStop};
pub use mirror::ProductCopy;
pub use options::{PlanOptions, Promotion};
pub use plan::{NativePlan, PlannedRequest, Price};
pub use report::{NativeReport, StepOutcome};
