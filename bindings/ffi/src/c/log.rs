//! Logging

use super::status::ccm_status;
use super::text::owned;
use configcat_management::log::{LogHandler, LogLevel, set_log};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// Verbosity of the log.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_log_level {
    /// No messages.
    CCM_LOG_OFF = 0,
    /// Errors.
    CCM_LOG_ERROR = 1,
    /// Warnings too.
    CCM_LOG_WARNING = 2,
    /// Informational messages too.
    CCM_LOG_INFO = 3,
    /// Every attempt and every wait too.
    CCM_LOG_DEBUG = 4,
}

/// Receives a line of the log. Runs on any thread, and on several at the same time; must not call functions of the library
/// other than ccm_set_log().
///
/// @param user_data The pointer that was passed with the callback.
/// @param level One of ccm_log_level.
/// @param message The line without a line terminator; valid until the callback returns. It never contains a credential.
pub type ccm_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

/// A callback with its user data.
struct Target {
    call: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that the callback runs on any thread, and on several.
unsafe impl Send for Target {}
// SAFETY: see above.
unsafe impl Sync for Target {}

impl Target {
    fn deliver(&self, level: LogLevel, line: &str) {
        let level = match level {
            LogLevel::Error => ccm_log_level::CCM_LOG_ERROR,
            LogLevel::Warning => ccm_log_level::CCM_LOG_WARNING,
            LogLevel::Info => ccm_log_level::CCM_LOG_INFO,
            LogLevel::Debug => ccm_log_level::CCM_LOG_DEBUG,
        };
        let text = owned(line);
        // SAFETY: the callback and its user data are valid until another callback is set, as the header requires.
        unsafe { (self.call)(self.user_data, level as i32, text.as_ptr()) };
    }
}

/// Returns the level of a number; `None` for CCM_LOG_OFF. Fails for other numbers.
fn level_of(number: i32) -> Result<Option<LogLevel>, ()> {
    const OFF: i32 = ccm_log_level::CCM_LOG_OFF as i32;
    const ERROR: i32 = ccm_log_level::CCM_LOG_ERROR as i32;
    const WARNING: i32 = ccm_log_level::CCM_LOG_WARNING as i32;
    const INFO: i32 = ccm_log_level::CCM_LOG_INFO as i32;
    const DEBUG: i32 = ccm_log_level::CCM_LOG_DEBUG as i32;
    Ok(match number {
        OFF => None,
        ERROR => Some(LogLevel::Error),
        WARNING => Some(LogLevel::Warning),
        INFO => Some(LogLevel::Info),
        DEBUG => Some(LogLevel::Debug),
        _ => return Err(()),
    })
}

/// Sets the log callback of the library for the whole process.
///
/// When this function returns, the previous callback is not running and will not be called again, so that what its user_data
/// refers to may be freed. The exception is a call inside a log callback, which does not wait: the callback may still run on
/// this thread and on others. Must not be called while holding a lock that the callback takes.
///
/// @param level One of ccm_log_level. Default: CCM_LOG_OFF.
/// @param callback Receives the log; NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @return CCM_OK; CCM_MISUSE if the level is invalid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_set_log(
    level: i32,
    callback: ccm_log_callback,
    user_data: *mut c_void,
) -> ccm_status {
    super::failure::quiet(ccm_status::CCM_MISUSE, || {
        let Ok(level) = level_of(level) else { return Ok(ccm_status::CCM_MISUSE) };
        set_log(level.zip(callback).map(|(level, call)| {
            let target = Target { call, user_data };
            let handler: LogHandler = Arc::new(move |level, line| target.deliver(level, line));
            (level, handler)
        }));
        Ok(ccm_status::CCM_OK)
    })
}
