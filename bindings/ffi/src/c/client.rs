//! Clients

use super::error::ccm_error;
use super::failure::{Failure, Outcome, quiet};
use super::guard::{guard, hand_out};
use super::handle::{Tag, borrow, give, handle, optional, take};
use super::options::{ccm_options, from_environment};
use super::status::ccm_status;
use super::text::{milliseconds, milliseconds_or_unknown};
use configcat_management::blocking::Lease;
use configcat_management::{Builder, Client};
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// A client of the service.
///
/// Made by ccm_client_new(); counts its holders: each calls ccm_client_free() once. Any number of threads may use it at
/// the same time; they share connections and the rate limit. Calls that are under way go on when it is freed.
///
/// After fork() the child may go on with an inherited client: it makes connections of its own.
pub struct ccm_client {
    tag: Tag,
    holders: AtomicUsize,
    shared: Arc<Shared>,
}

handle!(ccm_client, b"ccmclent");

/// What calls keep of a client.
#[derive(Debug)]
pub struct Shared {
    builder: Builder,
    current: AtomicPtr<Generation>,
    _lease: Lease,
}

/// The client of one process.
struct Generation {
    process: u32,
    client: Client,
}

impl Shared {
    fn new(builder: Builder) -> Outcome<Self> {
        let lease = Lease::new();
        let generation = Generation { process: std::process::id(), client: builder.clone().build()? };
        let current = AtomicPtr::new(Box::into_raw(Box::new(generation)));
        Ok(Self { builder, current, _lease: lease })
    }

    /// The client of this process. What a child inherits is left alone: its locks may be held by threads that are not
    /// there.
    pub fn client(&self) -> Outcome<Client> {
        let seen = self.current.load(Ordering::Acquire);
        // SAFETY: a generation is freed only with its owner, or not at all.
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
                // Another thread of the child was first.
                // SAFETY: nobody has seen ours.
                drop(unsafe { Box::from_raw(fresh) });
                self.client()
            }
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box, and nobody else has it any more.
        let generation = unsafe { Box::from_raw(*self.current.get_mut()) };
        if generation.process != std::process::id() {
            std::mem::forget(generation);
        }
    }
}

/// The part of a client that calls keep.
pub unsafe fn shared(client: *const ccm_client) -> Outcome<Arc<Shared>> {
    Ok(Arc::clone(&unsafe { borrow(client) }?.shared))
}

/// Makes a client. Nothing is sent yet.
///
/// @param options How to set it up; NULL for what the environment says, see ccm_options_new(). Still the caller's.
/// @param client Takes the client, to be freed with ccm_client_free().
/// @param error Takes the reason of a failure; may be NULL.
/// @return CCM_OK; CCM_CONFIGURATION when a credential is missing, or an address or certificate cannot be used;
///         CCM_MISUSE.
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
            let shared = Arc::new(Shared::new(builder)?);
            client.write(give(ccm_client {
                tag: Tag::of::<ccm_client>(),
                holders: AtomicUsize::new(1),
                shared,
            }));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Adds a holder, who calls ccm_client_free() too.
///
/// @return The same client, or NULL when it is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_retain(client: *mut ccm_client) -> *mut ccm_client {
    quiet(std::ptr::null_mut(), || {
        unsafe { borrow(client) }?.holders.fetch_add(1, Ordering::Relaxed);
        Ok(client)
    })
}

/// Gives up a client; the last holder frees it. NULL is fine. With the last client of the process, the threads of the
/// library end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_free(client: *mut ccm_client) {
    quiet((), || {
        let holders = &unsafe { borrow(client) }?.holders;
        if holders.fetch_sub(1, Ordering::AcqRel) == 1 {
            drop(unsafe { take(client) });
        }
        Ok(())
    });
}

/// What is known of the rate limit. A later version may add fields at the end.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_rate_limit {
    /// Requests left in the window; -1 when unknown.
    pub remaining: i64,
    /// Milliseconds until the window ends; -1 when unknown.
    pub resets_in_ms: i64,
    /// Requests that are on their way.
    pub in_flight: u64,
    /// Calls that wait for their turn.
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

/// What a client has done so far. A later version may add fields at the end.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_usage {
    /// Requests that were sent, retries included.
    pub requests: u64,
    /// Answers that turned a request away for the rate limit (429).
    pub rate_limited: u64,
    /// Milliseconds that calls spent waiting for the rate limit, added up.
    pub waited_ms: u64,
}

/// Fills in a struct that may be shorter, or longer, than ours.
pub unsafe fn fill<T: Copy>(place: *mut T, size: usize, value: T) -> Outcome<ccm_status> {
    if place.is_null() || size == 0 {
        return Err(Failure::misuse("there is no place for the result"));
    }
    let known = size.min(size_of::<T>());
    unsafe { std::ptr::copy_nonoverlapping((&raw const value).cast::<u8>(), place.cast::<u8>(), known) };
    Ok(ccm_status::CCM_OK)
}

/// What is known of the rate limit right now.
///
/// @param size sizeof(ccm_rate_limit): what lies beyond it is left alone.
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

/// What the client has sent and waited so far.
///
/// @param size sizeof(ccm_usage): what lies beyond it is left alone.
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
