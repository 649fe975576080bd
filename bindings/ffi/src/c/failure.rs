//! Why a function fails, by a panic too: nothing unwinds into C.

use super::status::ccm_status;
use configcat_management::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a function fails.
pub struct Failure {
    pub status: ccm_status,
    pub cause: Cause,
}

pub enum Cause {
    Call(Box<Error>),
    Text(String),
}

pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub fn new(status: ccm_status, message: impl Into<String>) -> Self {
        Self { status, cause: Cause::Text(message.into()) }
    }

    pub fn misuse(message: impl Into<String>) -> Self {
        Self::new(ccm_status::CCM_MISUSE, message)
    }

    fn internal(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let message = format!("a defect of configcat-management: {}", text.unwrap_or("no message"));
        Self::new(ccm_status::CCM_INTERNAL, message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { status: ccm_status::of(error.kind()), cause: Cause::Call(Box::new(error)) }
    }
}

/// Runs what may fail, by a panic too.
pub fn caught<T>(run: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Failure::internal(&*panic)))
}

/// Runs what has no way to tell of a failure, and gives the fallback instead.
pub fn quiet<T>(fallback: T, run: impl FnOnce() -> Outcome<T>) -> T {
    caught(run).unwrap_or(fallback)
}
