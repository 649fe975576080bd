//! The client that the Python classes call.

use crate::wait::wait;
use crate::{arguments, errors, generated_decode};
use configcat_management::describe::Operation;
use configcat_management::{Builder, Client, RateLimitPolicy};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::time::Duration;

/// Calls operations by name.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct NativeClient {
    client: Client,
}

/// What is known of the rate limit.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct RateLimit {
    /// Requests left in the window, as far as known.
    remaining: Option<u64>,
    /// Seconds until the window ends, as far as known.
    resets_in: Option<f64>,
    /// Requests that are on their way.
    in_flight: u64,
    /// Calls that wait for their turn.
    waiting: usize,
}

#[pymethods]
impl RateLimit {
    fn __repr__(&self) -> String {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "None".into());
        format!(
            "RateLimit(remaining={}, resets_in={}, in_flight={}, waiting={})",
            shown(self.remaining.map(|n| n.to_string())),
            shown(self.resets_in.map(|n| format!("{n:.1}"))),
            self.in_flight,
            self.waiting
        )
    }
}

/// What a client has done so far.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct Usage {
    /// Requests that were sent, retries included.
    requests: u64,
    /// Answers that turned a request away for the rate limit (429).
    rate_limited: u64,
    /// Seconds that calls spent waiting for the rate limit, added up.
    waited: f64,
}

#[pymethods]
impl Usage {
    fn __repr__(&self) -> String {
        format!(
            "Usage(requests={}, rate_limited={}, waited={:.1})",
            self.requests, self.rate_limited, self.waited
        )
    }
}

fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err(format!("{name}: must be a number of seconds, not {value}")))
}

/// Settings by name, as the Python class collected them.
fn configure(mut builder: Builder, options: &Bound<'_, PyDict>) -> PyResult<Builder> {
    let (mut username, mut password) = (None::<String>, None::<String>);
    for (name, value) in options {
        let name: String = name.extract()?;
        builder = match name.as_str() {
            "username" => {
                username = Some(value.extract()?);
                builder
            }
            "password" => {
                password = Some(value.extract()?);
                builder
            }
            "base_url" => builder.base_url(value.extract::<String>()?),
            "timeout" => builder.timeout(seconds(&name, value.extract()?)?),
            "attempt_timeout" => builder.attempt_timeout(seconds(&name, value.extract()?)?),
            "connect_timeout" => builder.connect_timeout(seconds(&name, value.extract()?)?),
            "max_attempts" => builder.max_attempts(value.extract()?),
            "retry_all_methods" => builder.retry_all_methods(value.extract()?),
            "rate_limit" => builder.rate_limit_policy(policy(&value.extract::<String>()?)?),
            "max_rate_limit_wait" => builder.max_rate_limit_wait(seconds(&name, value.extract()?)?),
            "max_response_size" => builder.max_response_size(value.extract()?),
            "proxy" => builder.proxy(value.extract::<String>()?),
            "no_proxy" if value.extract()? => builder.no_proxy(),
            "no_proxy" => builder,
            "root_certificate" => builder.root_certificate(value.extract::<Vec<u8>>()?),
            "caller_id" => builder.caller_id(value.extract::<String>()?),
            "user_agent" => builder.user_agent_product(value.extract::<String>()?),
            "allow_http" => builder.allow_http(value.extract()?),
            _ => return Err(PyKeyError::new_err(name)),
        };
    }
    match (username, password) {
        (Some(username), Some(password)) => Ok(builder.credentials(username, password)),
        (None, None) => Ok(builder),
        _ => Err(PyValueError::new_err("username and password go together")),
    }
}

fn policy(name: &str) -> PyResult<RateLimitPolicy> {
    match name {
        "pace" => Ok(RateLimitPolicy::Pace),
        "fail_fast" => Ok(RateLimitPolicy::FailFast),
        "off" => Ok(RateLimitPolicy::Off),
        _ => Err(PyValueError::new_err(format!(
            "rate_limit: must be 'pace', 'fail_fast' or 'off', not {name:?}"
        ))),
    }
}

#[pymethods]
impl NativeClient {
    /// Sets up a client from the environment and from options by name.
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let builder = configure(Builder::from_env().binding("python"), options)?;
        let client = py.detach(|| builder.build()).map_err(|e| errors::raise(py, &e))?;
        Ok(Self { client })
    }

    /// Calls an operation and waits for its answer.
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
    ) -> PyResult<Py<PyAny>> {
        let description =
            Operation::find(operation).ok_or_else(|| PyKeyError::new_err(operation.to_owned()))?;
        let mut arguments = arguments::collect(description, parameters, body)?;
        arguments.timeout = timeout.map(|value| seconds("timeout", value)).transpose()?;
        arguments.max_attempts = max_attempts;
        let decoded = wait(py, async {
            let answer = self.client.call(description, arguments).await?;
            generated_decode::decode(description, &answer)
        })?;
        decoded.into_python(py)
    }

    /// What the client has sent and waited so far.
    fn usage(&self) -> Usage {
        let usage = self.client.usage();
        Usage {
            requests: usage.requests,
            rate_limited: usage.rate_limited,
            waited: usage.waited.as_secs_f64(),
        }
    }

    /// What is known of the rate limit right now.
    fn rate_limit(&self) -> RateLimit {
        let state = self.client.rate_limit();
        RateLimit {
            remaining: state.remaining,
            resets_in: state.resets_in.map(|wait| wait.as_secs_f64()),
            in_flight: state.in_flight,
            waiting: state.waiting,
        }
    }
}
