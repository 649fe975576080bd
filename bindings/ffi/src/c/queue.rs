//! Queues: callbacks of asynchronous calls in event loops

use super::completion::Completion;
use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{guard, hand_out};
use super::handle::{borrow, give, handle, take};
use super::status::ccm_status;
use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::io::{PipeReader, PipeWriter, Read as _, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// Completion queue of asynchronous calls.
///
/// Created by ccm_queue_new(); ccm_params_set_queue() assigns calls to it. Its file descriptor is readable while completed
/// calls are queued, so that it works with poll(2), libuv or GLib; ccm_queue_dispatch() then runs the callbacks on the calling
/// thread. Any thread may use it. Must not be used in the child of a fork().
pub struct ccm_queue {
    shared: Arc<QueueState>,
}

handle!(ccm_queue, b"ccmqueue");

#[derive(Debug)]
pub struct QueueState {
    state: Mutex<State>,
    changed: Condvar,
    reader: PipeReader,
    writer: PipeWriter,
}

#[derive(Debug, Default)]
struct State {
    ended: VecDeque<Completion>,
    /// Calls that have not completed yet, by number.
    running: HashMap<u64, Option<AbortHandle>>,
    number: u64,
    /// Number of callbacks that are running.
    delivering: usize,
    /// Whether the queue has been freed; parameters may still refer to it.
    closed: bool,
}

thread_local! {
    /// Address of the queue whose callbacks run on this thread.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
}

impl ccm_queue {
    pub fn shared(&self) -> Arc<QueueState> {
        Arc::clone(&self.shared)
    }
}

impl QueueState {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a call that will complete in this queue, and returns its number.
    pub fn expect(&self) -> CResult<u64> {
        let mut state = self.lock();
        if state.closed {
            return Err(Failure::misuse("the queue of these parameters has been freed"));
        }
        state.number += 1;
        let number = state.number;
        state.running.insert(number, None);
        Ok(number)
    }

    /// Sets the handle that aborts a call, unless the call has already completed.
    pub fn can_abort(&self, number: u64, abort: AbortHandle) {
        let mut state = self.lock();
        if state.closed {
            // The queue was freed while the call was being started.
            abort.abort();
        } else if let Some(slot) = state.running.get_mut(&number) {
            *slot = Some(abort);
        }
    }

    /// Adds the completion of a call.
    pub fn push(&self, number: u64, completion: Completion) {
        let mut state = self.lock();
        state.running.remove(&number);
        state.ended.push_back(completion);
        if state.ended.len() == 1 {
            // One byte makes the descriptor readable, regardless of the number of completions.
            let _ = (&self.writer).write(b"!");
        }
        self.changed.notify_all();
    }

    fn pop(&self, state: &mut State) -> Option<Completion> {
        let completion = state.ended.pop_front()?;
        if state.ended.is_empty() {
            let _ = (&self.reader).read(&mut [0]);
        }
        Some(completion)
    }

    /// Runs callbacks and returns their number.
    fn dispatch(&self, wait: Option<Duration>, at_most: usize) -> usize {
        let until = wait.and_then(|wait| Instant::now().checked_add(wait));
        let mut state = self.lock();
        while state.ended.is_empty() {
            let Some(left) = until.map(|until| until.saturating_duration_since(Instant::now())) else {
                // Wait without a limit, unless no call is in progress: then no completion can arrive.
                if wait.is_some() || state.running.is_empty() {
                    return 0;
                }
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if left.is_zero() {
                return 0;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut done = 0;
        while done < at_most
            && let Some(completion) = self.pop(&mut state)
        {
            state.delivering += 1;
            drop(state);
            let outer = INSIDE.replace(std::ptr::from_ref(self).addr());
            completion.deliver();
            INSIDE.set(outer);
            done += 1;
            state = self.lock();
            state.delivering -= 1;
            self.changed.notify_all();
        }
        done
    }

    /// Cancels all calls and runs their callbacks.
    fn end(&self) {
        let running: Vec<AbortHandle> = {
            let mut state = self.lock();
            state.closed = true;
            state.running.values().flatten().cloned().collect()
        };
        running.iter().for_each(AbortHandle::abort);
        loop {
            self.dispatch(Some(Duration::ZERO), usize::MAX);
            let state = self.lock();
            if state.ended.is_empty() && state.running.is_empty() && state.delivering == 0 {
                return;
            }
            if state.ended.is_empty() {
                drop(self.changed.wait(state).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

/// Creates a queue.
///
/// @param queue Receives the queue, to be freed with ccm_queue_free().
/// @return CCM_OK; CCM_CONFIGURATION if no file descriptor is available; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_queue_new(queue: *mut *mut ccm_queue, error: *mut *mut ccm_error) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(queue, "queue")?;
            let (reader, writer) = std::io::pipe().map_err(|e| {
                Failure::new(ccm_status::CCM_CONFIGURATION, format!("cannot make a queue: {e}"))
            })?;
            let shared = QueueState { state: Mutex::default(), changed: Condvar::new(), reader, writer };
            queue.write(give(ccm_queue { shared: Arc::new(shared) }));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Frees a queue. Calls in progress that use it are cancelled, and all callbacks that have not run yet run on this thread
/// before the function returns. No callback of the queue runs after that. Does nothing inside a callback that this queue runs. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_queue_free(queue: *mut ccm_queue) {
    quiet((), || {
        let shared = unsafe { borrow(queue) }?.shared();
        // Of concurrent calls, only the one that frees the handle ends the queue.
        if INSIDE.get() != Arc::as_ptr(&shared).addr() && unsafe { take(queue) }.is_some() {
            // On a thread of the library, another one must take over its calls: this thread waits for them.
            let end = || shared.end();
            if Handle::try_current().is_ok() { tokio::task::block_in_place(end) } else { end() }
        }
        Ok(())
    });
}

/// Returns the file descriptor that is readable while completed calls are queued. Only poll it; ccm_queue_dispatch() reads.
///
/// @return The descriptor, which belongs to the queue; -1 if the queue is invalid, or on systems without file descriptors.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_queue_fd(queue: *const ccm_queue) -> i32 {
    quiet(-1, || Ok(descriptor(&unsafe { borrow(queue) }?.shared.reader)))
}

#[cfg(unix)]
fn descriptor(reader: &PipeReader) -> i32 {
    use std::os::fd::AsRawFd as _;
    reader.as_raw_fd()
}

#[cfg(not(unix))]
fn descriptor(_: &PipeReader) -> i32 {
    -1
}

/// Runs the callbacks of completed calls on this thread.
///
/// @param timeout_ms Maximum wait for the first completion, in milliseconds: 0 does not wait; -1 waits until a call has
///        completed or no call is in progress. On a thread of the library, it never waits.
/// @param at_most Maximum number of callbacks to run; 0 for no limit.
/// @return Number of callbacks that ran.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_queue_dispatch(queue: *mut ccm_queue, timeout_ms: i64, at_most: usize) -> usize {
    quiet(0, || {
        let queue: CResult<&ccm_queue> = unsafe { borrow(queue) };
        let shared = queue?.shared();
        // A thread of the library would wait for calls that it must serve itself.
        let timeout_ms = if Handle::try_current().is_ok() { 0 } else { timeout_ms };
        let wait = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
        Ok(shared.dispatch(wait, if at_most == 0 { usize::MAX } else { at_most }))
    })
}
