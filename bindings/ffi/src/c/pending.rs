//! Asynchronous calls in progress

use super::completion::{Callback, Completion, End};
use super::error::ccm_error;
use super::failure::{CResult, quiet};
use super::handle::{borrow, give, handle, take};
use super::queue::QueueState;
use super::response::ccm_response;
use super::status::ccm_status;
use configcat_management::Error;
use std::ptr;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// Guarantees that the callback of a call runs exactly once, even if the call is dropped.
pub struct Promise {
    callback: Option<Callback>,
    end: Arc<End>,
    ticket: Option<(u64, Arc<QueueState>)>,
}

impl Promise {
    pub const fn new(callback: Callback, end: Arc<End>, ticket: Option<(u64, Arc<QueueState>)>) -> Self {
        Self { callback: Some(callback), end, ticket }
    }

    pub fn keep(mut self, outcome: CResult<Option<ccm_response>>) {
        self.complete(outcome);
    }

    fn complete(&mut self, outcome: CResult<Option<ccm_response>>) {
        let Some(callback) = self.callback.take() else { return };
        let (status, response, error) = match outcome {
            Ok(response) => (ccm_status::CCM_OK, response.map_or(ptr::null_mut(), give), ptr::null_mut()),
            Err(failure) => (failure.status, ptr::null_mut(), ccm_error::of(failure)),
        };
        let completion = Completion { callback, status, response, error, end: Arc::clone(&self.end) };
        match self.ticket.take() {
            Some((number, queue)) => queue.push(number, completion),
            None => completion.deliver(),
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.complete(Err(Error::cancelled("the call was cancelled").into()));
    }
}

/// An asynchronous call in progress.
///
/// Created by the functions whose names end in _start. May be freed with ccm_pending_free() at any time, which does not affect
/// the call. Any thread may use it.
pub struct ccm_pending {
    abort: AbortHandle,
    end: Arc<End>,
}

handle!(ccm_pending, b"ccmpendg");

impl ccm_pending {
    pub const fn new(abort: AbortHandle, end: Arc<End>) -> Self {
        Self { abort, end }
    }
}

/// Cancels a call in progress. Its callback receives CCM_CANCELLED, unless the call has already completed. A request that has
/// not been sent is not sent any more; a request that has been sent may have been carried out.
///
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_cancel(pending: *mut ccm_pending) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        unsafe { borrow(pending) }?.abort.abort();
        Ok(ccm_status::CCM_OK)
    })
}

/// Waits until the callback of a call has returned. If the call has a queue, another thread must dispatch the queue meanwhile.
///
/// @param timeout_ms Maximum wait in milliseconds; -1 for no limit.
/// @return CCM_OK; CCM_TIMEOUT; CCM_MISUSE, also inside a callback on a thread of the library, where waiting would deadlock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_wait(pending: *const ccm_pending, timeout_ms: i64) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let end = Arc::clone(&unsafe { borrow(pending) }?.end);
        let mut told = end.told.lock().unwrap_or_else(PoisonError::into_inner);
        if Handle::try_current().is_ok() && !*told {
            return Ok(ccm_status::CCM_MISUSE);
        }
        let wait = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
        let until = wait.and_then(|wait| Instant::now().checked_add(wait));
        while !*told {
            told = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return Ok(ccm_status::CCM_TIMEOUT),
                Some(left) => end.changed.wait_timeout(told, left).unwrap_or_else(PoisonError::into_inner).0,
                None => end.changed.wait(told).unwrap_or_else(PoisonError::into_inner),
            };
        }
        Ok(ccm_status::CCM_OK)
    })
}

/// Frees the handle of a call. The call continues, and its callback runs. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_free(pending: *mut ccm_pending) {
    drop(unsafe { take(pending) });
}
