//! Client options

use super::failure::{CResult, Failure, quiet};
use super::guard::{self, Stepwise};
use super::handle::{give, handle, take};
use super::observer::{Watcher, ccm_event_callback};
use super::status::ccm_status;
use super::text::{required, text};
use configcat_management::{Builder, RateLimitPolicy};
use std::ffi::{c_char, c_void};
use std::time::Duration;

/// How to handle the rate limit of the service.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_rate_limit_policy {
    /// Wait for the budget, so that no request is rejected with 429. The default.
    CCM_RATE_LIMIT_PACE = 0,
    /// Fail immediately with CCM_RATE_LIMITED if the budget is known to be exhausted.
    CCM_RATE_LIMIT_FAIL_FAST = 1,
    /// Ignore the budget.
    CCM_RATE_LIMIT_OFF = 2,
}

/// Configuration of a client.
///
/// Created by ccm_options_new(), freed by ccm_options_free(); ccm_client_new() copies what it needs. One thread at a time may
/// use it. Every setter returns CCM_OK or CCM_MISUSE. ccm_client_new() reports the first problem, so that not every call has to
/// be checked.
pub struct ccm_options {
    builder: Builder,
    problem: Option<String>,
}

handle!(ccm_options, b"ccmoptns");

impl ccm_options {
    /// Returns the settings.
    ///
    /// # Errors
    /// Fails with the first problem of the setters.
    pub fn settings(&self) -> CResult<Builder> {
        match &self.problem {
            Some(problem) => Err(Failure::misuse(problem.clone())),
            None => Ok(self.builder.clone()),
        }
    }
}

/// Default configuration, which reads the environment variables.
pub fn from_environment() -> Builder {
    Builder::from_env().binding("c").trees().wire_names()
}

impl Stepwise for ccm_options {
    fn problem(&mut self) -> &mut Option<String> {
        &mut self.problem
    }
}

pub(super) unsafe fn change(
    options: *mut ccm_options,
    change: impl FnOnce(Builder) -> CResult<Builder>,
) -> ccm_status {
    unsafe {
        guard::change(options, |options| {
            options.builder = change(options.builder.clone())?;
            Ok(())
        })
    }
}

/// Creates options from the environment variables CONFIGCAT_API_USER, CONFIGCAT_API_PASS, and CONFIGCAT_BASE_URL (a URL) or
/// CONFIGCAT_API_HOST (a host name). Setters override them.
///
/// @return Options to be freed with ccm_options_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_options_new() -> *mut ccm_options {
    let made = || give(ccm_options { builder: from_environment(), problem: None });
    quiet(std::ptr::null_mut(), || Ok(made()))
}

/// Frees options. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_free(options: *mut ccm_options) {
    drop(unsafe { take(options) });
}

/// Sets the user name and password of a Public API credential. The strings are copied, and the copies are wiped when freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_credentials(
    options: *mut ccm_options,
    username: *const c_char,
    password: *const c_char,
) -> ccm_status {
    unsafe {
        change(options, |b| Ok(b.credentials(text(username, "username")?, text(password, "password")?)))
    }
}

/// Sets the base URL of the service. Default: "https://api.configcat.com".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_base_url(
    options: *mut ccm_options,
    url: *const c_char,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.base_url(text(url, "base_url")?))) }
}

/// Sets the timeout of a call, including waits and retries, in milliseconds. Default: 300000 (5 minutes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_timeout_ms(options: *mut ccm_options, ms: u64) -> ccm_status {
    unsafe { change(options, |b| Ok(b.timeout(Duration::from_millis(ms)))) }
}

/// Sets the timeout of each attempt, in milliseconds. Default: 30000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_attempt_timeout_ms(
    options: *mut ccm_options,
    ms: u64,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.attempt_timeout(Duration::from_millis(ms)))) }
}

/// Sets the timeout for connecting, in milliseconds. Default: 10000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_connect_timeout_ms(
    options: *mut ccm_options,
    ms: u64,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.connect_timeout(Duration::from_millis(ms)))) }
}

/// Sets the maximum number of attempts for each call, at least 1. Default: 3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_max_attempts(
    options: *mut ccm_options,
    attempts: u32,
) -> ccm_status {
    unsafe {
        change(options, |b| match attempts {
            0 => Err(Failure::misuse("max_attempts must be at least 1, not 0")),
            attempts => Ok(b.max_attempts(attempts)),
        })
    }
}

/// Sets whether to retry POST and PATCH too if a response is lost; they may then be carried out twice. Default: false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_retry_all_methods(
    options: *mut ccm_options,
    yes: bool,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.retry_all_methods(yes))) }
}

/// Sets how to handle the rate limit.
///
/// @param policy One of ccm_rate_limit_policy. Default: CCM_RATE_LIMIT_PACE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_rate_limit_policy(
    options: *mut ccm_options,
    policy: i32,
) -> ccm_status {
    const PACE: i32 = ccm_rate_limit_policy::CCM_RATE_LIMIT_PACE as i32;
    const FAIL_FAST: i32 = ccm_rate_limit_policy::CCM_RATE_LIMIT_FAIL_FAST as i32;
    const OFF: i32 = ccm_rate_limit_policy::CCM_RATE_LIMIT_OFF as i32;
    unsafe {
        change(options, |b| {
            let policy = match policy {
                PACE => RateLimitPolicy::Pace,
                FAIL_FAST => RateLimitPolicy::FailFast,
                OFF => RateLimitPolicy::Off,
                other => return Err(Failure::misuse(format!("unknown rate limit policy {other}"))),
            };
            Ok(b.rate_limit_policy(policy))
        })
    }
}

/// Sets the maximum single wait for the rate limit, in milliseconds. If a longer wait is needed, the call fails with
/// CCM_RATE_LIMITED. Default: 60000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_max_rate_limit_wait_ms(
    options: *mut ccm_options,
    ms: u64,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.max_rate_limit_wait(Duration::from_millis(ms)))) }
}

/// Sets the maximum size of a response body after decompression, in bytes. Default: 64 MiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_max_response_size(
    options: *mut ccm_options,
    bytes: usize,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.max_response_size(bytes))) }
}

/// Sets the proxy for all requests. A URL that cannot be used is reported by ccm_client_new().
///
/// @param url URL of the proxy (http, https, socks4, socks4a, socks5 or socks5h); NULL for no proxy. Default: the proxy settings
///        of the system, except for a service on this machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_proxy(options: *mut ccm_options, url: *const c_char) -> ccm_status {
    unsafe { change(options, |b| Ok(b.only_proxy(super::text::optional(url, "proxy")?.map(str::to_owned)))) }
}

/// Trusts root certificates in addition to those of the platform. May be called several times.
///
/// @param pem One or more certificates in PEM format.
/// @param length Length in bytes, or CCM_NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_add_root_certificate(
    options: *mut ccm_options,
    pem: *const c_char,
    length: usize,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.root_certificate(required(pem, length, "pem")?))) }
}

/// Sets the certificate with which the client identifies itself to a gateway (mutual TLS). ccm_client_new() reports one that cannot
/// be used. The copy is wiped when freed.
///
/// @param pem Certificate chain and private key (PKCS #8, PKCS #1 or SEC 1, not encrypted) in PEM format.
/// @param length Length in bytes, or CCM_NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_client_certificate(
    options: *mut ccm_options,
    pem: *const c_char,
    length: usize,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.client_certificate(required(pem, length, "pem")?))) }
}

/// Sets a header of every request: for a gateway, for tracing, or for features newer than this version. A header of this name of
/// a call takes precedence; see ccm_params_set_header().
///
/// ccm_client_new() refuses headers that the client sets itself, such as Authorization or Content-Type, and values with control
/// characters. Values are masked in errors and logs.
///
/// @param name Name of the header; case does not matter.
/// @param value Value of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_header(
    options: *mut ccm_options,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.header(text(name, "name")?, text(value, "value")?))) }
}

/// Sets the header X-Caller-Id ("name/version"), which the tools of the service send too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_caller_id(
    options: *mut ccm_options,
    caller: *const c_char,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.caller_id(text(caller, "caller_id")?))) }
}

/// Adds a product ("name/version") to the User-Agent header, before that of the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_user_agent(
    options: *mut ccm_options,
    product: *const c_char,
) -> ccm_status {
    unsafe { change(options, |b| Ok(b.user_agent_product(text(product, "user_agent")?))) }
}

/// Sets whether to allow http to hosts other than the local machine, which sends credentials unencrypted. Default: false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_allow_http(options: *mut ccm_options, yes: bool) -> ccm_status {
    unsafe { change(options, |b| Ok(b.allow_http(yes))) }
}

/// Sets a callback that receives the attempts, waits and outcomes of the client.
///
/// @param callback Called on the thread that waits for the call, and on threads of the library for calls that were started. Called
///        until the client has been freed and its calls have completed: no event of a call follows its response or its
///        callback. It must not make calls that wait.
/// @param user_data Passed to the callback unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_observer(
    options: *mut ccm_options,
    callback: ccm_event_callback,
    user_data: *mut c_void,
) -> ccm_status {
    unsafe {
        change(options, |b| match callback {
            Some(callback) => Ok(b.observer(Watcher { callback, user_data })),
            None => Err(Failure::misuse("callback is NULL")),
        })
    }
}
