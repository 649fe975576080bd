//! Applies plans.

mod body;
mod create;
mod execute;
mod report;
mod resolve;
mod undo;
mod values;

pub(crate) use execute::{Executor, conflicts};
pub use report::{Progress, Report, Status, StepOutcome};
