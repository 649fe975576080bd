//! Failures of C functions. Panics are caught too, so that nothing unwinds into C.

use super::status::ccm_status;
use configcat_management::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Status and cause of a failed function.
pub struct Failure {
    pub status: ccm_status,
    pub cause: Cause,
}

pub enum Cause {
    Call(Box<Error>),
    String(String),
}

pub type CResult<T> = Result<T, Failure>;

impl Failure {
    pub fn new(status: ccm_status, message: impl Into<String>) -> Self {
        Self { status, cause: Cause::String(message.into()) }
    }

    pub fn misuse(message: impl Into<String>) -> Self {
        Self::new(ccm_status::CCM_MISUSE, message)
    }

    fn internal(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let message = format!("internal error in configcat-management: {}", text.unwrap_or("no message"));
        Self::new(ccm_status::CCM_INTERNAL, message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { status: ccm_status::of(error.kind()), cause: Cause::Call(Box::new(error)) }
    }
}

/// Runs a function, and converts a panic into a failure.
pub fn caught<T>(run: impl FnOnce() -> CResult<T>) -> CResult<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Failure::internal(&*panic)))
}

/// Runs a function for a caller that cannot report failures: returns the fallback on failure.
pub fn quiet<T>(fallback: T, run: impl FnOnce() -> CResult<T>) -> T {
    caught(run).unwrap_or(fallback)
}
