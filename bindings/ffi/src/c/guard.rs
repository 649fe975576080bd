//! What every function of C that can fail runs in: failures become statuses and errors.

use super::error::ccm_error;
use super::failure::{Cause, Failure, Outcome, caught, quiet};
use super::handle::{Handle, borrow_mut};
use super::status::ccm_status;

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
