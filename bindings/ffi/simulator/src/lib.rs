//! Simulator

#![allow(unsafe_code, reason = "C pointers")]
#![allow(non_camel_case_types, reason = "C names")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the comments address C programmers and state what each pointer must satisfy"
)]

mod mirror;
mod running;
#[path = "../../src/signals.rs"]
mod signals;

use running::Running;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// A simulator of the API that runs in this process, on its own thread.
///
/// Created by ccm_simulator_start(), stopped and freed by ccm_simulator_stop(). Any thread may use it. Any number of simulators
/// may run concurrently.
pub struct ccm_simulator {
    running: Running,
    url: CString,
    username: CString,
    password: CString,
    placeholders: Vec<CString>,
}

/// Configuration of a simulator. Set size to sizeof(ccm_simulator_options), and unused fields to NULL or 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_simulator_options {
    /// sizeof(ccm_simulator_options), so that a later version may add fields at the end.
    pub size: usize,
    /// Initial state: "demo", "empty", the path of a seed file (YAML or JSON), or the seed itself as a JSON object. NULL for an
    /// organization without products.
    pub seed: *const c_char,
    /// Rate limit as "requests/seconds", such as "100/60". NULL for no rate limit.
    pub rate_limit: *const c_char,
    /// Accepted user name. NULL for "simulator".
    pub username: *const c_char,
    /// Accepted password. NULL for "simulator".
    pub password: *const c_char,
    /// Directory that stores the state across restarts. NULL for none.
    pub state: *const c_char,
    /// Port on the loopback address. 0 for any free port.
    pub port: u16,
    // Later fields begin after the padding of the struct before them, which older programs do not initialize.
    /// Format of X-Rate-Limit-Reset: "dotnet", "epoch", "seconds", "rfc3339" or "http-date". NULL for "dotnet".
    pub rate_limit_reset: *const c_char,
    /// Number of requests that the journal keeps. 0 for 1,000; negative for none.
    pub journal: i64,
    /// Whether webhooks may call other machines.
    pub webhooks_anywhere: bool,
}

/// Runs the body of a C function. On failure, writes the cause as a string that the caller frees.
unsafe fn guard(error: *mut *mut c_char, run: impl FnOnce() -> Result<(), String>) -> bool {
    if !error.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { error.write(ptr::null_mut()) };
    }
    let panicked = |_| Err("internal error of the simulator".to_owned());
    let Err(reason) = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(panicked) else { return true };
    if !error.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { error.write(give(&reason)) };
    }
    false
}

fn owned(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

fn give(text: &str) -> *mut c_char {
    owned(text).into_raw()
}

unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<Option<&'a str>, String> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's string is NUL-terminated, as the header requires.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|_| format!("{name} is not UTF-8"))
}

/// Copies the caller's struct, which may be shorter or longer. Missing fields are 0.
unsafe fn complete(options: *const ccm_simulator_options) -> Result<ccm_simulator_options, String> {
    let ours = size_of::<ccm_simulator_options>();
    let mut known = ccm_simulator_options {
        size: ours,
        seed: ptr::null(),
        rate_limit: ptr::null(),
        username: ptr::null(),
        password: ptr::null(),
        state: ptr::null(),
        port: 0,
        rate_limit_reset: ptr::null(),
        journal: 0,
        webhooks_anywhere: false,
    };
    if options.is_null() {
        return Ok(known);
    }
    let size = unsafe { options.cast::<usize>().read() };
    if size < size_of::<usize>() || size > 4096 {
        return Err("size must be sizeof(ccm_simulator_options)".to_owned());
    }
    unsafe {
        ptr::copy_nonoverlapping(options.cast::<u8>(), (&raw mut known).cast::<u8>(), size.min(ours));
    }
    Ok(known)
}

/// Starts a simulator with the caller's options, and hands it out.
unsafe fn start(
    options: *const ccm_simulator_options,
    simulator: *mut *mut ccm_simulator,
    error: *mut *mut c_char,
    launch: impl FnOnce(&running::Options<'_>) -> Result<Running, String>,
) -> bool {
    unsafe {
        guard(error, || {
            if simulator.is_null() {
                return Err("simulator is NULL".to_owned());
            }
            simulator.write(ptr::null_mut());
            let options = complete(options)?;
            let username = text(options.username, "username")?.unwrap_or("simulator");
            let password = text(options.password, "password")?.unwrap_or("simulator");
            let running = launch(&running::Options {
                seed: text(options.seed, "seed")?,
                rate_limit: text(options.rate_limit, "rate_limit")?,
                credentials: (username, password),
                state: text(options.state, "state")?,
                port: options.port,
                webhooks_anywhere: options.webhooks_anywhere,
                rate_limit_reset: text(options.rate_limit_reset, "rate_limit_reset")?,
                journal: options.journal,
            })?;
            simulator.write(Box::into_raw(Box::new(ccm_simulator {
                url: owned(&running.url()),
                username: owned(username),
                password: owned(password),
                placeholders: running.placeholders().iter().map(|placeholder| owned(placeholder)).collect(),
                running,
            })));
            Ok(())
        })
    }
}

/// Starts a simulator on the loopback address.
///
/// @param options Configuration; NULL for the defaults.
/// @param simulator Receives the simulator, to be stopped with ccm_simulator_stop().
/// @param error Receives the cause of a failure, to be freed with ccm_simulator_free_string(); may be NULL.
/// @return Whether the simulator is running.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_start(
    options: *const ccm_simulator_options,
    simulator: *mut *mut ccm_simulator,
    error: *mut *mut c_char,
) -> bool {
    unsafe { start(options, simulator, error, Running::start) }
}

/// Stops and frees a simulator: closes its connections and ends its thread. NULL is ignored. In the child of a fork(), the
/// function does not stop it, because the simulator belongs to the parent process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_stop(simulator: *mut ccm_simulator) {
    if !simulator.is_null() {
        let simulator = unsafe { Box::from_raw(simulator) };
        let _ = catch_unwind(AssertUnwindSafe(|| simulator.running.stop()));
    }
}

/// Returns the URL of the simulator, such as "http://127.0.0.1:40123", for ccm_options_set_base_url().
///
/// @return A string that is valid as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_url(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header requires.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.url.as_ptr())
}

/// Returns the accepted user name, for ccm_options_set_credentials().
///
/// @return A string that is valid as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_username(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header requires.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.username.as_ptr())
}

/// Returns the accepted password, for ccm_options_set_credentials().
///
/// @return A string that is valid as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_password(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header requires.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.password.as_ptr())
}

/// Calls the admin API of the simulator: seeds, snapshots, faults, journal, clock, credentials. Does not use HTTP.
///
/// @param method "GET", "POST", "PUT" or "DELETE".
/// @param path The path after "/__simulator" in docs/simulator.md, such as "/reset" or "/journal?status=404".
/// @param body NUL-terminated JSON; NULL for none.
/// @param response Receives the response body, usually JSON, to be freed with ccm_simulator_free_string(); may be NULL.
/// @return The HTTP status: 200 or 204 on success; 0 if an argument is invalid, or in the child of a fork().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_admin(
    simulator: *const ccm_simulator,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    response: *mut *mut c_char,
) -> i32 {
    let run = || unsafe {
        if !response.is_null() {
            response.write(ptr::null_mut());
        }
        let simulator = simulator.as_ref()?;
        let (method, path) = (text(method, "method").ok()??, text(path, "path").ok()??);
        let body = text(body, "body").ok()?.unwrap_or_default();
        let (status, bytes) = simulator.running.admin(method, path, body.as_bytes())?;
        if !response.is_null() {
            response.write(give(&String::from_utf8_lossy(&bytes)));
        }
        Some(i32::from(status))
    };
    catch_unwind(AssertUnwindSafe(run)).ok().flatten().unwrap_or(0)
}

/// Frees a string that a function of the simulator returned. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_free_string(text: *mut c_char) {
    if !text.is_null() {
        drop(unsafe { CString::from_raw(text) });
    }
}
