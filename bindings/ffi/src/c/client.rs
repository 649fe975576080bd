//! Clients

use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{guard, hand_out};
use super::handle::{borrow, give, handle, optional, take};
use super::options::{ccm_options, from_environment};
use super::status::ccm_status;
use super::text::{milliseconds, milliseconds_or_unknown};
use super::watching::RateLimitWatch;
use configcat_management::blocking::Lease;
use configcat_management::{Builder, Client};
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// A client of the service.
///
/// Created by ccm_client_new(). Reference-counted: call ccm_client_free() once for each reference. Any number of threads may
/// use it concurrently; they share its connections and rate limiter. Calls in progress continue after it is freed.
///
/// After fork(), the child process may use an inherited client, which then opens its own connections.
pub struct ccm_client {
    holders: AtomicUsize,
    shared: Arc<ClientState>,
}

handle!(ccm_client, b"ccmclent");

/// State of a client that its calls keep alive.
#[derive(Debug)]
pub struct ClientState {
    builder: Builder,
    current: AtomicPtr<Generation>,
    pub watch: RateLimitWatch,
    _lease: Lease,
}

/// The client of one process.
struct Generation {
    process: u32,
    client: Client,
}

impl ClientState {
    fn new(builder: Builder) -> CResult<Self> {
        let lease = Lease::new();
        let generation = Generation { process: std::process::id(), client: builder.clone().build()? };
        let current = AtomicPtr::new(Box::into_raw(Box::new(generation)));
        Ok(Self { builder, current, watch: RateLimitWatch::default(), _lease: lease })
    }

    /// Returns the client of this process. A client inherited by fork() is neither used nor dropped: threads that do not
    /// exist in the child may hold its locks.
    pub fn client(&self) -> CResult<Client> {
        let seen = self.current.load(Ordering::Acquire);
        // SAFETY: a generation is freed only together with `self`, or never.
        let generation = unsafe { &*seen };
        if generation.process == std::process::id() {
            return Ok(generation.client.clone());
        }
        let fresh = Generation { process: std::process::id(), client: self.builder.clone().build()? };
        let client = fresh.client.clone();
        let fresh = Box::into_raw(Box::new(fresh));
        match self.current.compare_exchange(seen, fresh, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(client),
            Err(_) => {
                // Another thread of the child process was faster.
                // SAFETY: `fresh` was not published, so that this is the only pointer to it.
                drop(unsafe { Box::from_raw(fresh) });
                self.client()
            }
        }
    }
}

impl Drop for ClientState {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box, and no other reference to it remains.
        let generation = unsafe { Box::from_raw(*self.current.get_mut()) };
        if generation.process != std::process::id() {
            std::mem::forget(generation);
        }
    }
}

/// Returns the state that calls keep alive.
pub unsafe fn shared(client: *const ccm_client) -> CResult<Arc<ClientState>> {
    Ok(Arc::clone(&unsafe { borrow(client) }?.shared))
}

/// Creates a client. Sends no request.
///
/// @param options Configuration; NULL to use the environment variables only, see ccm_options_new(). Remains owned by the
///        caller.
/// @param client Receives the client, to be freed with ccm_client_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_CONFIGURATION if a credential is missing, or a URL or certificate is invalid; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_new(
    options: *const ccm_options,
    client: *mut *mut ccm_client,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(client, "client")?;
            let builder = optional(options)?.map_or_else(|| Ok(from_environment()), ccm_options::settings)?;
            let shared = Arc::new(ClientState::new(builder)?);
            client.write(give(ccm_client { holders: AtomicUsize::new(1), shared }));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Adds a reference, to be released with ccm_client_free().
///
/// @return The same client; NULL if it is not a client, or has no references left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_retain(client: *mut ccm_client) -> *mut ccm_client {
    quiet(std::ptr::null_mut(), || {
        let holders = &unsafe { borrow(client) }?.holders;
        // A client without references is being freed by another thread.
        let more = |n: usize| if n == 0 { None } else { n.checked_add(1) };
        let retained = holders.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        Ok(if retained.is_ok() { client } else { std::ptr::null_mut() })
    })
}

/// Releases a reference; releasing the last one frees the client. NULL is ignored. The threads of the library stop when the
/// last client of the process has been freed and its calls have completed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_free(client: *mut ccm_client) {
    quiet((), || {
        let holders = &unsafe { borrow(client) }?.holders;
        let fewer = |n: usize| n.checked_sub(1);
        if holders.fetch_update(Ordering::AcqRel, Ordering::Acquire, fewer) == Ok(1) {
            drop(unsafe { take(client) });
        }
        Ok(())
    });
}

/// Reports a network change: another network, or back from sleep.
///
/// Closes the connections of the old network. Attempts in flight fail immediately as if their connection was lost, instead of
/// waiting for a timeout, and are retried if that is safe.
///
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_network_changed(client: *const ccm_client) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        unsafe { shared(client) }?.client()?.network_changed();
        Ok(ccm_status::CCM_OK)
    })
}

/// State of the rate limit. A later version may add fields at the end.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_rate_limit {
    /// Requests remaining in the window; -1 if unknown.
    pub remaining: i64,
    /// Milliseconds until the window ends; -1 if unknown.
    pub resets_in_ms: i64,
    /// Requests in flight.
    pub in_flight: u64,
    /// Calls waiting for a permit.
    pub waiting: u64,
}

impl From<configcat_management::RateLimit> for ccm_rate_limit {
    fn from(state: configcat_management::RateLimit) -> Self {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Self {
            remaining: state.remaining.map_or(-1, count),
            resets_in_ms: milliseconds_or_unknown(state.resets_in),
            in_flight: state.in_flight,
            waiting: state.waiting as u64,
        }
    }
}

/// Counters of a client since its creation. A later version may add fields at the end.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_usage {
    /// Requests sent, including retries.
    pub requests: u64,
    /// Responses that rejected a request because of the rate limit (429).
    pub rate_limited: u64,
    /// Total milliseconds that calls have waited for the rate limit.
    pub waited_ms: u64,
}

/// Copies a struct into the caller's, which may be shorter or longer.
pub unsafe fn fill<T: Copy>(out: *mut T, size: usize, value: T) -> CResult<ccm_status> {
    if out.is_null() || size == 0 {
        return Err(Failure::misuse("output pointer is NULL"));
    }
    let known = size.min(size_of::<T>());
    unsafe { std::ptr::copy_nonoverlapping((&raw const value).cast::<u8>(), out.cast::<u8>(), known) };
    Ok(ccm_status::CCM_OK)
}

/// Returns the current state of the rate limit.
///
/// @param rate_limit Receives the state.
/// @param size sizeof(ccm_rate_limit); no bytes beyond it are written.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_rate_limit(
    client: *const ccm_client,
    rate_limit: *mut ccm_rate_limit,
    size: usize,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        let state = shared(client)?.client()?.rate_limit();
        fill(rate_limit, size, state.into())
    })
}

/// Returns the counters of the client.
///
/// @param usage Receives the counters.
/// @param size sizeof(ccm_usage); no bytes beyond it are written.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_usage(
    client: *const ccm_client,
    usage: *mut ccm_usage,
    size: usize,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        let state = shared(client)?.client()?.usage();
        let waited_ms = milliseconds(state.waited);
        fill(usage, size, ccm_usage { requests: state.requests, rate_limited: state.rate_limited, waited_ms })
    })
}
