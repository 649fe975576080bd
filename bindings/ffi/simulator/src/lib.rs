//! Simulator

#![allow(unsafe_code, reason = "pointers of C")]
#![allow(non_camel_case_types, reason = "the names of C")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the comments are for C: what holds for a pointer is said there"
)]

mod running;
#[path = "../../src/signals.rs"]
mod signals;

use running::Running;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// A simulator of the API, in this process, with a thread of its own.
///
/// Made by ccm_simulator_start(), ended by ccm_simulator_stop(). Any thread may use it, and any number may run at the same
/// time.
pub struct ccm_simulator {
    running: Running,
    url: CString,
    username: CString,
    password: CString,
}

/// How a simulator is set up. Set size to sizeof(ccm_simulator_options), and what is not needed to NULL or 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_simulator_options {
    /// sizeof(ccm_simulator_options), so that a later version may add fields at the end.
    pub size: usize,
    /// What it begins with: "demo", "empty", the path of a file (YAML or JSON), or a seed itself as a JSON object. NULL for
    /// an organization without products.
    pub seed: *const c_char,
    /// Rate limit as "requests/seconds", such as "100/60". NULL for none that is felt.
    pub rate_limit: *const c_char,
    /// User name that it accepts. NULL for "simulator".
    pub username: *const c_char,
    /// Password that it accepts. NULL for "simulator".
    pub password: *const c_char,
    /// Folder in which the state is kept across starts. NULL for none.
    pub state: *const c_char,
    /// Port on the loopback address. 0 for a free one.
    pub port: u16,
}

/// Runs what may fail; the reason goes to C as a text that it frees.
unsafe fn guard(error: *mut *mut c_char, run: impl FnOnce() -> Result<(), String>) -> bool {
    if !error.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { error.write(ptr::null_mut()) };
    }
    let panicked = |_| Err("a defect of the simulator".to_owned());
    let Err(reason) = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(panicked) else { return true };
    if !error.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { error.write(handed(&reason)) };
    }
    false
}

fn owned(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

fn handed(text: &str) -> *mut c_char {
    owned(text).into_raw()
}

unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<Option<&'a str>, String> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's text ends with a NUL, as the header asks.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|_| format!("{name} is not UTF-8"))
}

/// Takes a struct that may be shorter than ours: what it does not have is 0.
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

/// Starts a simulator on a loopback address.
///
/// @param options How to set it up; NULL for the defaults.
/// @param simulator Takes the simulator, to be ended with ccm_simulator_stop().
/// @param error Takes the reason of a failure, to be freed with ccm_simulator_free_text(); may be NULL.
/// @return Whether it runs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_start(
    options: *const ccm_simulator_options,
    simulator: *mut *mut ccm_simulator,
    error: *mut *mut c_char,
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
            let running = Running::start(&running::Options {
                seed: text(options.seed, "seed")?,
                rate_limit: text(options.rate_limit, "rate_limit")?,
                credentials: (username, password),
                state: text(options.state, "state")?,
                port: options.port,
            })?;
            let url = owned(running.url());
            let (username, password) = (owned(username), owned(password));
            simulator.write(Box::into_raw(Box::new(ccm_simulator { running, url, username, password })));
            Ok(())
        })
    }
}

/// Ends a simulator: its connections are closed, its thread is gone. NULL is fine. In the child of a fork() it does nothing,
/// for the simulator is the parent's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_stop(simulator: *mut ccm_simulator) {
    if !simulator.is_null() {
        let simulator = unsafe { Box::from_raw(simulator) };
        let _ = catch_unwind(AssertUnwindSafe(|| simulator.running.stop()));
    }
}

/// Where it listens, such as "http://127.0.0.1:40123": for ccm_options_set_base_url().
///
/// @return A text that lives as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_url(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header asks.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.url.as_ptr())
}

/// The user name that it accepts: for ccm_options_set_credentials().
///
/// @return A text that lives as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_username(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header asks.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.username.as_ptr())
}

/// The password that it accepts: for ccm_options_set_credentials().
///
/// @return A text that lives as long as the simulator; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_password(simulator: *const ccm_simulator) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header asks.
    unsafe { simulator.as_ref() }.map_or(ptr::null(), |simulator| simulator.password.as_ptr())
}

/// Does what tests do beside calling the API: seeds, snapshots, faults, journal, clock, credentials. Nothing goes over HTTP.
///
/// @param method "GET", "POST", "PUT" or "DELETE".
/// @param path What follows "/__simulator" in docs/simulator.md, such as "/reset" or "/journal?status=404".
/// @param body JSON that ends with a NUL; NULL for none.
/// @param answer Takes the body of the answer, JSON mostly, to be freed with ccm_simulator_free_text(); may be NULL.
/// @return The status: 200 or 204 when it was done; 0 when the arguments are wrong, or in the child of a fork().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_admin(
    simulator: *const ccm_simulator,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    answer: *mut *mut c_char,
) -> i32 {
    let run = || unsafe {
        if !answer.is_null() {
            answer.write(ptr::null_mut());
        }
        let simulator = simulator.as_ref()?;
        let (method, path) = (text(method, "method").ok()??, text(path, "path").ok()??);
        let body = text(body, "body").ok()?.unwrap_or_default();
        let (status, said) = simulator.running.admin(method, path, body.as_bytes())?;
        if !answer.is_null() {
            answer.write(handed(&String::from_utf8_lossy(&said)));
        }
        Some(i32::from(status))
    };
    catch_unwind(AssertUnwindSafe(run)).ok().flatten().unwrap_or(0)
}

/// Frees a text that a function of the simulator handed out. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_free_text(text: *mut c_char) {
    if !text.is_null() {
        drop(unsafe { CString::from_raw(text) });
    }
}
