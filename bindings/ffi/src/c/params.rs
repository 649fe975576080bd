//! Optional parameters of calls

use super::failure::{CResult, Failure, quiet};
use super::guard::{Stepwise, change};
use super::handle::{borrow_mut, give, handle, take};
use super::queue::{QueueState, ccm_queue};
use super::status::ccm_status;
use super::text::text;
use configcat_management::call::{CallInput, RawInput};
use configcat_management::{CallOptions, ExtraHeaders};
use serde_json::Value;
use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

/// Optional parameters of a call, its limits, its extra headers, and its queue.
///
/// Created by ccm_params_new(), freed by ccm_params_free(); a call copies what it needs, so that one object can be used for many
/// calls. One thread at a time may change it. If the operation does not have a parameter, the call fails with CCM_BAD_REQUEST
/// before a request is sent. Every setter returns CCM_OK or CCM_MISUSE; the call reports the first problem.
pub struct ccm_params {
    values: Vec<(&'static str, Value)>,
    timeout: Option<Duration>,
    max_attempts: Option<u32>,
    headers: ExtraHeaders,
    /// Query of a request by method and path.
    query: Vec<(String, String)>,
    pub(super) queue: Option<Arc<QueueState>>,
    problem: Option<String>,
}

handle!(ccm_params, b"ccmparms");

impl ccm_params {
    /// Adds the parameters to the input of a call, and returns the limits of the call.
    pub fn apply(&self, input: &mut CallInput) -> CResult<CallOptions> {
        let options = self.options()?;
        if !self.query.is_empty() {
            return Err(refused("ccm_params_add_query() is for ccm_request(); the operation has setters"));
        }
        for (name, value) in &self.values {
            input.set_parameter(name, value.clone())?;
        }
        Ok(options)
    }

    /// Adds the query to the input of a request by method and path, and returns the limits of the request.
    pub fn apply_raw(&self, input: &mut RawInput) -> CResult<CallOptions> {
        let options = self.options()?;
        if let Some((name, _)) = self.values.first() {
            let message = format!("ccm_request() has no parameter {name}: add it by ccm_params_add_query()");
            return Err(refused(&message));
        }
        for (name, value) in &self.query {
            input.add_query(name, value);
        }
        Ok(options)
    }

    fn options(&self) -> CResult<CallOptions> {
        match &self.problem {
            Some(problem) => Err(Failure::misuse(problem.clone())),
            None => Ok(CallOptions {
                timeout: self.timeout,
                max_attempts: self.max_attempts,
                headers: self.headers.clone(),
            }),
        }
    }

    fn set(&mut self, name: &'static str, value: Value) {
        self.values.retain(|(other, _)| *other != name);
        self.values.push((name, value));
    }
}

fn refused(message: &str) -> Failure {
    Failure::new(ccm_status::CCM_BAD_REQUEST, message)
}

impl Stepwise for ccm_params {
    fn problem(&mut self) -> &mut Option<String> {
        &mut self.problem
    }
}

/// Sets a parameter that is a string.
pub unsafe fn set_text(params: *mut ccm_params, name: &'static str, value: *const c_char) -> ccm_status {
    unsafe {
        change(params, |params| {
            let value = text(value, name)?;
            params.set(name, value.into());
            Ok(())
        })
    }
}

/// Sets a parameter that is a number or a boolean.
pub unsafe fn set(params: *mut ccm_params, name: &'static str, value: impl Into<Value>) -> ccm_status {
    unsafe {
        change(params, |params| {
            params.set(name, value.into());
            Ok(())
        })
    }
}

/// Sets a parameter that is a list.
unsafe fn set_list<T: Copy>(
    params: *mut ccm_params,
    name: &'static str,
    values: *const T,
    count: usize,
    json: impl Fn(T) -> CResult<Value>,
) -> ccm_status {
    unsafe {
        change(params, |params| {
            if values.is_null() && count > 0 {
                return Err(Failure::misuse(format!("{name} is NULL, and its count is {count}")));
            }
            if count > isize::MAX as usize / size_of::<T>() {
                return Err(Failure::misuse(format!("{name} cannot have {count} items")));
            }
            let values = if count == 0 { &[] } else { std::slice::from_raw_parts(values, count) };
            let list = values.iter().map(|value| json(*value)).collect::<CResult<_>>()?;
            params.set(name, Value::Array(list));
            Ok(())
        })
    }
}

/// Sets a parameter that is a list of strings.
pub unsafe fn set_texts(
    params: *mut ccm_params,
    name: &'static str,
    values: *const *const c_char,
    count: usize,
) -> ccm_status {
    unsafe { set_list(params, name, values, count, |value| Ok(text(value, name)?.into())) }
}

/// Sets a parameter that is a list of integers.
pub unsafe fn set_integers(
    params: *mut ccm_params,
    name: &'static str,
    values: *const i64,
    count: usize,
) -> ccm_status {
    unsafe { set_list(params, name, values, count, |value| Ok(value.into())) }
}

/// Creates an empty set of parameters.
///
/// @return Parameters to be freed with ccm_params_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_params_new() -> *mut ccm_params {
    quiet(std::ptr::null_mut(), || {
        Ok(give(ccm_params {
            values: Vec::new(),
            timeout: None,
            max_attempts: None,
            headers: ExtraHeaders::new(),
            query: Vec::new(),
            queue: None,
            problem: None,
        }))
    })
}

/// Frees parameters. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_free(params: *mut ccm_params) {
    drop(unsafe { take(params) });
}

/// Resets all parameters, limits, headers and the queue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_clear(params: *mut ccm_params) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let params = unsafe { borrow_mut(params) }?;
        params.values.clear();
        params.query.clear();
        params.headers = ExtraHeaders::new();
        (params.timeout, params.max_attempts, params.queue, params.problem) = (None, None, None, None);
        Ok(ccm_status::CCM_OK)
    })
}

/// Sets the timeout of the call, including waits and retries, in milliseconds. At 0, the call fails with CCM_TIMEOUT: no value means no
/// limit. Default: the timeout of the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_set_timeout_ms(params: *mut ccm_params, ms: u64) -> ccm_status {
    unsafe {
        change(params, |params| {
            params.timeout = Some(Duration::from_millis(ms));
            Ok(())
        })
    }
}

/// Sets the maximum number of attempts, at least 1. Default: the value of the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_set_max_attempts(params: *mut ccm_params, attempts: u32) -> ccm_status {
    unsafe {
        change(params, |params| {
            if attempts == 0 {
                return Err(Failure::misuse("max_attempts must be at least 1, not 0"));
            }
            params.max_attempts = Some(attempts);
            Ok(())
        })
    }
}

/// Sets an extra header of the call, in the place of one of this name of the client or of an earlier call of this function.
///
/// Headers that the client sets itself, such as Authorization or Content-Type, are refused: the call fails with CCM_BAD_REQUEST
/// before a request is sent. So is a value with a line break or another control character. Values are masked in errors and logs.
///
/// @param name Name of the header, such as "X-Request-Id"; case does not matter.
/// @param value Value of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_set_header(
    params: *mut ccm_params,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    unsafe {
        change(params, |params| {
            params.headers.set(text(name, "name")?, text(value, "value")?);
            Ok(())
        })
    }
}

/// Adds a parameter to the query of ccm_request(), which may have several of the same name. Other calls refuse it.
///
/// @param name Name of the parameter, which is percent-encoded.
/// @param value Value of the parameter, which is percent-encoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_add_query(
    params: *mut ccm_params,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    unsafe {
        change(params, |params| {
            params.query.push((text(name, "name")?.to_owned(), text(value, "value")?.to_owned()));
            Ok(())
        })
    }
}

/// Sets the queue of asynchronous calls. Their callbacks then run in ccm_queue_dispatch() instead of on a thread of the library.
///
/// @param queue The queue; NULL for none. Freeing it cancels the calls in progress: see ccm_queue_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_params_set_queue(params: *mut ccm_params, queue: *mut ccm_queue) -> ccm_status {
    unsafe {
        change(params, |params| {
            params.queue = super::handle::optional(queue)?.map(ccm_queue::shared);
            Ok(())
        })
    }
}
