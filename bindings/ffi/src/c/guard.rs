//! The border: failures become statuses and errors, and nothing unwinds across it.

use super::error::ccm_error;
use super::handle::{Handle, borrow_mut};
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

/// Runs what a function does; on failure fills in the error, if anybody wants it.
pub unsafe fn guard(error: *mut *mut ccm_error, run: impl FnOnce() -> Outcome<ccm_status>) -> ccm_status {
    if !error.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { error.write(std::ptr::null_mut()) };
    }
    let failure = match caught(run) {
        Ok(status) => return status,
        Err(failure) => failure,
    };
    let status = failure.status;
    if !error.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { error.write(ccm_error::of(failure)) };
    }
    status
}

/// Runs what may fail, by a panic too.
pub fn caught<T>(run: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Failure::internal(&*panic)))
}

/// Runs what has no way to tell of a failure, and gives the fallback instead.
pub fn quiet<T>(fallback: T, run: impl FnOnce() -> Outcome<T>) -> T {
    caught(run).unwrap_or(fallback)
}

/// Something that is changed step by step, keeps the first problem and reports it where it is used.
pub trait Stepwise: Handle {
    fn problem(&mut self) -> &mut Option<String>;
}

/// Takes a step.
pub unsafe fn change<T: Stepwise>(pointer: *mut T, step: impl FnOnce(&mut T) -> Outcome<()>) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let handle = unsafe { borrow_mut(pointer) }?;
        let result = step(handle);
        if let Err(Failure { cause: Cause::Text(message), .. }) = &result {
            handle.problem().get_or_insert_with(|| message.clone());
        }
        result.map(|()| ccm_status::CCM_OK)
    })
}

/// Sets a result that a function hands out; its place has to be there.
pub unsafe fn hand_out<T>(place: *mut *mut T, name: &str) -> Outcome<()> {
    if place.is_null() {
        return Err(Failure::misuse(format!("{name} is NULL")));
    }
    // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
    unsafe { place.write(std::ptr::null_mut()) };
    Ok(())
}
