//! Many concurrent calls

use super::call::PreparedCall;
use super::client::ccm_client;
use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::guard;
use super::handle::{borrow, give, handle, take};
use super::params::ccm_params;
use super::pipe::PipeSignal;
use super::response::ccm_response;
use super::runtime::driver;
use super::status::ccm_status;
use configcat_management::Error;
use configcat_management::bulk::{CONCURRENCY, check, each};
use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Many calls that are made concurrently.
///
/// Created by ccm_bulk_new(), freed by ccm_bulk_free(). Calls are numbered from 0 in the order in which they were added. One
/// thread at a time may use it, but any thread may cancel it.
pub struct ccm_bulk {
    state: Mutex<State>,
    cancelled: watch::Sender<bool>,
}

handle!(ccm_bulk, b"ccmbulk_");

struct State {
    concurrency: usize,
    progress: Option<Progress>,
    /// Calls that have not been made.
    calls: Vec<PreparedCall>,
    /// Outcomes of the calls that have been made, until they are taken.
    outcomes: Vec<Option<CResult<ccm_response>>>,
}

impl ccm_bulk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the calls. Returns whether all of them have completed.
    fn run(&self) -> CResult<()> {
        if Handle::try_current().is_ok() {
            let message =
                "ccm_bulk_run() was called inside a callback of the library, which would wait for itself";
            return Err(Failure::misuse(message));
        }
        let (calls, concurrency, progress, before) = {
            let mut state = self.state();
            let calls = std::mem::take(&mut state.calls);
            (calls, state.concurrency, state.progress, state.outcomes.len())
        };
        let total = calls.len();
        self.state().outcomes.extend(std::iter::repeat_with(|| None).take(total));
        let started = Cell::new(0);
        let mut cancelled = self.cancelled.subscribe();
        let start = |call: PreparedCall| {
            started.set(started.get() + 1);
            call.complete()
        };
        let mut ended = vec![false; total];
        let result = driver()?.call(async {
            let mut done = 0;
            let add = |index: usize, outcome| {
                if let Some(slot) = self.state().outcomes.get_mut(before + index) {
                    *slot = Some(outcome);
                }
                if let Some(ended) = ended.get_mut(index) {
                    *ended = true;
                }
                done += 1;
                if progress.is_some_and(|progress| !progress.report(done, total)) {
                    self.cancelled.send_replace(true);
                }
                if *self.cancelled.borrow() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let running = each(calls.into_iter().map(start), concurrency, add);
            let stopped = async { cancelled.wait_for(|cancelled| *cancelled).await.is_ok() };
            tokio::select! {
                biased;
                true = stopped => {}
                ended = running => ended?,
            }
            let unfinished = done < total && *self.cancelled.borrow();
            if unfinished { Err(Error::cancelled("the bulk was cancelled")) } else { Ok(()) }
        });
        self.complete(before, &ended, started.get());
        Ok(result?)
    }

    /// Gives the calls that have not completed an outcome. The first `started` ones may have been sent.
    fn complete(&self, before: usize, ended: &[bool], started: usize) {
        let mut state = self.state();
        let slots = state.outcomes.iter_mut().skip(before).enumerate();
        for (index, slot) in slots.filter(|(index, _)| !ended.get(*index).copied().unwrap_or_default()) {
            let cancelled = Error::cancelled("the call was cancelled").into();
            let unsent =
                Failure::new(ccm_status::CCM_CANCELLED, "the call was not made: its bulk was cancelled");
            *slot = Some(Err(if index < started { cancelled } else { unsent }));
        }
    }
}

/// Called after each call of a bulk, and after each request of ccm_apply(), on the thread that runs it. Must not call functions that
/// wait.
///
/// @param user_data The pointer that was passed with the callback.
/// @param done Number of calls, or of steps, that have completed, whether they succeeded or not.
/// @param total Number of calls or steps.
/// @return True to continue; false to cancel those that have not completed.
pub type ccm_progress =
    Option<unsafe extern "C" fn(user_data: *mut c_void, done: usize, total: usize) -> bool>;

/// A progress callback with its user data.
#[derive(Clone, Copy)]
pub struct Progress {
    call: unsafe extern "C" fn(*mut c_void, usize, usize) -> bool,
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on, on the thread that waits.
unsafe impl Send for Progress {}
// SAFETY: see above.
unsafe impl Sync for Progress {}

impl Progress {
    pub fn of(progress: ccm_progress, user_data: *mut c_void) -> Option<Self> {
        progress.map(|call| Self { call, user_data })
    }

    pub fn report(&self, done: usize, total: usize) -> bool {
        unsafe { (self.call)(self.user_data, done, total) }
    }
}

/// Creates a bulk without calls.
///
/// @return A bulk to be freed with ccm_bulk_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_bulk_new() -> *mut ccm_bulk {
    quiet(std::ptr::null_mut(), || {
        let state =
            State { concurrency: CONCURRENCY, progress: None, calls: Vec::new(), outcomes: Vec::new() };
        Ok(give(ccm_bulk { state: Mutex::new(state), cancelled: watch::Sender::new(false) }))
    })
}

/// Adds a call by name; see ccm_call() for the parameters.
///
/// @param params Limits and further parameters; may be NULL. A queue has no effect.
/// @return CCM_OK; CCM_BAD_REQUEST if the operation is unknown or the arguments are malformed; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_add(
    bulk: *mut ccm_bulk,
    client: *const ccm_client,
    operation: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let arguments = Some((arguments, arguments_length));
    unsafe {
        guard(error, || {
            let bulk = borrow(bulk)?;
            let call = PreparedCall::named(client, operation, arguments, params)?;
            bulk.state().calls.push(call);
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Sets the maximum number of concurrent calls.
///
/// @param concurrency At least 1. Default: 64.
/// @return CCM_OK; CCM_BAD_REQUEST for 0; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_set_concurrency(
    bulk: *mut ccm_bulk,
    concurrency: usize,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let bulk = borrow(bulk)?;
            check(concurrency)?;
            bulk.state().concurrency = concurrency;
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Sets a callback that reports progress.
///
/// @param progress The callback; NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_set_progress(
    bulk: *mut ccm_bulk,
    progress: ccm_progress,
    user_data: *mut c_void,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let progress = Progress::of(progress, user_data);
        unsafe { borrow(bulk) }?.state().progress = progress;
        Ok(ccm_status::CCM_OK)
    })
}

/// Makes the calls that have been added, within the rate limit, and waits until all have completed. This thread runs all of
/// them. An error ends only its own call. ccm_bulk_take() returns the outcomes.
///
/// @return CCM_OK, whatever the outcomes of the calls; CCM_CANCELLED if it was cancelled: calls that had not completed then have
///         the outcome CCM_CANCELLED, and none is running; CCM_MISUSE inside a callback of the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_run(bulk: *mut ccm_bulk, error: *mut *mut ccm_error) -> ccm_status {
    unsafe {
        guard(error, || {
            let _no_signal = PipeSignal::block();
            borrow(bulk)?.run()?;
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Cancels the calls of a bulk that have not completed, now and in later runs. Any thread may call it, and a progress callback.
///
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_cancel(bulk: *mut ccm_bulk) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        unsafe { borrow(bulk) }?.cancelled.send_replace(true);
        Ok(ccm_status::CCM_OK)
    })
}

/// Returns the number of calls that have been made or cancelled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_count(bulk: *const ccm_bulk) -> usize {
    quiet(0, || Ok(unsafe { borrow(bulk) }?.state().outcomes.len()))
}

/// Takes the outcome of a call.
///
/// @param index From 0 to ccm_bulk_count() - 1, in the order in which the calls were added.
/// @param response Receives the response, to be freed with ccm_response_free(); may be NULL.
/// @param error Receives the cause of the failure; may be NULL.
/// @return CCM_OK, or why the call failed; CCM_MISUSE if there is no such call, or its outcome has already been taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_take(
    bulk: *mut ccm_bulk,
    index: usize,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            if !response.is_null() {
                response.write(std::ptr::null_mut());
            }
            let outcome = borrow(bulk)?.state().outcomes.get_mut(index).and_then(Option::take);
            let missing = || Failure::misuse(format!("call {index} has no outcome, or it has been taken"));
            let received = outcome.ok_or_else(missing)??;
            if !response.is_null() {
                response.write(give(received));
            }
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Frees a bulk and the outcomes that have not been taken. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_bulk_free(bulk: *mut ccm_bulk) {
    drop(unsafe { take(bulk) });
}
