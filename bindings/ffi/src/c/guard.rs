//! Wrappers of the C functions that can fail: convert failures into statuses and errors.

use super::error::ccm_error;
use super::failure::{CResult, Cause, Failure, caught, quiet};
use super::handle::{Handle, borrow_mut};
use super::status::ccm_status;

/// Runs the body of a C function. On failure, writes the error if the pointer is not NULL.
pub unsafe fn guard(error: *mut *mut ccm_error, run: impl FnOnce() -> CResult<ccm_status>) -> ccm_status {
    if !error.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { error.write(std::ptr::null_mut()) };
    }
    let failure = match caught(run) {
        Ok(status) => return status,
        Err(failure) => failure,
    };
    let status = failure.status;
    if !error.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { error.write(ccm_error::of(failure)) };
    }
    status
}

/// A handle that is configured by several calls. It stores the first problem, and reports it when the handle is used.
pub trait Stepwise: Handle {
    fn problem(&mut self) -> &mut Option<String>;
}

/// Changes the handle, and stores the problem if the change fails.
pub unsafe fn change<T: Stepwise>(pointer: *mut T, step: impl FnOnce(&mut T) -> CResult<()>) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let handle = unsafe { borrow_mut(pointer) }?;
        let result = step(handle);
        if let Err(Failure { cause: Cause::String(message), .. }) = &result {
            handle.problem().get_or_insert_with(|| message.clone());
        }
        result.map(|()| ccm_status::CCM_OK)
    })
}

/// Initializes an output pointer with NULL. Fails if the output pointer is NULL.
pub unsafe fn hand_out<T>(out: *mut *mut T, name: &str) -> CResult<()> {
    if out.is_null() {
        return Err(Failure::misuse(format!("{name} is NULL")));
    }
    // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
    unsafe { out.write(std::ptr::null_mut()) };
    Ok(())
}

/// Runs the body of a C function that hands out one object. The output pointer is NULL after a failure.
pub unsafe fn handing_out<T>(
    out: *mut *mut T,
    name: &str,
    error: *mut *mut ccm_error,
    make: impl FnOnce() -> CResult<*mut T>,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(out, name)?;
            out.write(make()?);
            Ok(ccm_status::CCM_OK)
        })
    }
}
