//! Mirrors

use super::running::Running;
use super::{ccm_simulator, ccm_simulator_options, give, guard, text};
use std::ffi::{CStr, CString, c_char};
use std::ptr;

/// Starts a simulator with a copy of a real product: with the same ids, names, values, versions and SDK keys. Any program may run
/// against it; ccm_simulator_mirror_changes() then returns what it has changed.
///
/// @param seed What ccm_export_seed() of the client's library returns, as JSON: ccm_value_json() of the root value.
/// @param length Length of the seed in bytes; SIZE_MAX if it is NUL-terminated.
/// @param options Configuration, without a seed; NULL for the defaults.
/// @param simulator Receives the simulator, to be stopped with ccm_simulator_stop().
/// @param error Receives the cause of a failure, to be freed with ccm_simulator_free_string(); may be NULL.
/// @return Whether the simulator is running.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_mirror_start(
    seed: *const c_char,
    length: usize,
    options: *const ccm_simulator_options,
    simulator: *mut *mut ccm_simulator,
    error: *mut *mut c_char,
) -> bool {
    let seed = || unsafe {
        if seed.is_null() {
            return Err("seed is NULL".to_owned());
        }
        if length == usize::MAX {
            return Ok(CStr::from_ptr(seed).to_bytes());
        }
        // SAFETY: not NULL, and the caller's seed has this length, as the header requires.
        Ok(std::slice::from_raw_parts(seed.cast::<u8>(), length))
    };
    unsafe { super::start(options, simulator, error, |options| Running::mirror(seed()?, options)) }
}

/// Returns what has been changed in a mirror since it was started, as a plan for the real product. When it is applied there, steps for
/// what others have changed meanwhile are conflicts. Waits for the requests that this takes, which go to this process.
///
/// @param options A JSON object with the members "reason", "approval" and "strict", as for ccm_plan_new(); NULL for none.
/// @param plan Receives the plan as JSON for ccm_plan_parse(), to be freed with ccm_simulator_free_string().
/// @param error Receives the cause of a failure, to be freed with ccm_simulator_free_string(); may be NULL.
/// @return Whether there is a plan. False for a simulator that is not a mirror, and in the child of a fork().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_mirror_changes(
    simulator: *const ccm_simulator,
    options: *const c_char,
    plan: *mut *mut c_char,
    error: *mut *mut c_char,
) -> bool {
    unsafe {
        guard(error, || {
            if plan.is_null() {
                return Err("plan is NULL".to_owned());
            }
            plan.write(ptr::null_mut());
            let simulator = simulator.as_ref().ok_or("simulator is NULL")?;
            let options = text(options, "options")?.unwrap_or("{}");
            plan.write(give(&simulator.running.changes(options)?));
            Ok(())
        })
    }
}

/// Returns the number of secrets of the product that cannot be read, and are placeholders in the mirror: signing keys and secure
/// headers of webhooks.
///
/// @return 0 for NULL, and for a simulator that is not a mirror.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_mirror_placeholder_count(simulator: *const ccm_simulator) -> usize {
    // SAFETY: NULL, or a simulator that has not been freed, as the header requires.
    unsafe { simulator.as_ref() }.map_or(0, |simulator| simulator.placeholders.len())
}

/// Returns what is a placeholder in the mirror, in words.
///
/// @param index From 0 to ccm_simulator_mirror_placeholder_count() - 1.
/// @return A string that is valid as long as the simulator; NULL if there is no such placeholder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_simulator_mirror_placeholder(
    simulator: *const ccm_simulator,
    index: usize,
) -> *const c_char {
    // SAFETY: NULL, or a simulator that has not been freed, as the header requires.
    let found = unsafe { simulator.as_ref() }.and_then(|simulator| simulator.placeholders.get(index));
    found.map_or(ptr::null(), |placeholder: &CString| placeholder.as_ptr())
}
