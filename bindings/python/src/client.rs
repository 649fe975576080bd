//! The client that the Python classes call.

use crate::adapter::{self, Log, Provider};
use crate::call::{PyCall, call_options, extra_headers, seconds};
use crate::cassette::PyCassette;
use crate::errors;
use crate::hooks::Hooks;
use crate::job::Job;
use crate::logging;
use crate::outcome::Received;
use crate::rate_limits::RateLimits;
use crate::task::{self, Inbox, Task};
use crate::usage::{RateLimit, Usage};
use crate::wait::{wait, wait_for_job};
use configcat_management::{Builder, Client, RateLimitPolicy};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Calls operations by name.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct NativeClient {
    client: Client,
    /// Rebuilds the client in a child process, which cannot use its parent's connections and threads.
    builder: Builder,
    hooks: Hooks,
    process: u32,
}

impl Drop for NativeClient {
    fn drop(&mut self) {
        // After a fork, a lock held by another thread of the parent is never released in the child.
        // The client is leaked, so that no destructor waits for such a lock.
        if self.process != std::process::id() {
            std::mem::forget(self.client.clone());
        }
    }
}

/// Applies options by name, as the Python class collected them.
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
            "client_certificate" => builder.client_certificate(value.extract::<Vec<u8>>()?),
            "headers" => builder.headers(&extra_headers(&value)?),
            "caller_id" => builder.caller_id(value.extract::<String>()?),
            "user_agent" => builder.user_agent_product(value.extract::<String>()?),
            "cassette" => builder.cassette(value.extract::<PyRef<'_, PyCassette>>()?.0.clone()),
            "allow_http" => builder.allow_http(value.extract()?),
            "credentials" => builder.credential_provider(Provider),
            "observer" => builder,
            _ => return Err(PyKeyError::new_err(name)),
        };
    }
    if options.contains("credentials")? && (username.is_some() || password.is_some()) {
        return Err(PyValueError::new_err("credentials and username exclude each other"));
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

impl NativeClient {
    fn build(py: Python<'_>, builder: Builder, hooks: Hooks) -> PyResult<Self> {
        let client = py.detach(|| builder.clone().build()).map_err(|e| errors::raise(py, &e))?;
        Ok(Self { client, builder, hooks, process: std::process::id() })
    }

    /// Makes a call and waits for its outcome.
    fn finish(&self, py: Python<'_>, mut call: PyCall, whole: bool) -> PyResult<Py<PyAny>> {
        let hooks = self.hooks.begin(py, &mut call)?;
        let client = self.client.clone();
        let call = async move { Received::of(&client, call, whole).await };
        wait(py, call, hooks, |received| received.outcome(whole))?.into_python(py)
    }

    /// Starts a call.
    fn begin(
        &self,
        inbox: &Bound<'_, Inbox>,
        mut call: PyCall,
        whole: bool,
        future: Py<PyAny>,
    ) -> PyResult<Task> {
        let hooks = self.hooks.begin(inbox.py(), &mut call)?;
        task::start(inbox, &self.client, call, whole, hooks, future)
    }
}

#[pymethods]
impl NativeClient {
    /// Creates a client from the environment and from options by name.
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let builder = configure(
            Builder::from_env()
                .binding("python")
                .copies(2)
                .observer(Log)
                .attempt_headers_later(adapter::attempt_headers),
            options,
        )?;
        Self::build(py, builder, Hooks::new(options)?)
    }

    /// Returns a client with the same settings that shares nothing with this one, for use after a fork.
    fn again(&self, py: Python<'_>) -> PyResult<Self> {
        Self::build(py, self.builder.clone(), self.hooks.again(py))
    }

    /// Calls an operation and returns its value, or the whole response if `whole` is set.
    #[pyo3(signature = (operation, parameters, body, timeout, max_attempts, whole, headers=None))]
    #[allow(clippy::too_many_arguments, reason = "one call for all operations")]
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        whole: bool,
        headers: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        logging::look(py)?;
        let options = call_options(timeout, max_attempts, headers)?;
        self.finish(py, PyCall::new(operation, parameters, body, options)?, whole)
    }

    /// Makes a request by method and path, and returns the whole response.
    #[allow(clippy::too_many_arguments, reason = "the parameters of a request")]
    fn request(
        &self,
        py: Python<'_>,
        method: &str,
        path: &str,
        query: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        headers: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        logging::look(py)?;
        let options = call_options(timeout, max_attempts, headers)?;
        self.finish(py, PyCall::raw(method, path, query, body, options)?, true)
    }

    /// Starts a call. When it completes, wakes `future` through `inbox`.
    #[pyo3(signature = (inbox, future, operation, parameters, body, timeout, max_attempts, whole, headers=None))]
    #[allow(clippy::too_many_arguments, reason = "one call for all operations")]
    fn start(
        &self,
        inbox: &Bound<'_, Inbox>,
        future: Py<PyAny>,
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        whole: bool,
        headers: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Task> {
        logging::look(inbox.py())?;
        let options = call_options(timeout, max_attempts, headers)?;
        let call = PyCall::new(operation, parameters, body, options)?;
        self.begin(inbox, call, whole, future)
    }

    /// Starts a request by method and path. When it completes, wakes `future` through `inbox`.
    #[allow(clippy::too_many_arguments, reason = "the parameters of a request")]
    fn start_request(
        &self,
        inbox: &Bound<'_, Inbox>,
        future: Py<PyAny>,
        method: &str,
        path: &str,
        query: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        headers: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Task> {
        logging::look(inbox.py())?;
        let options = call_options(timeout, max_attempts, headers)?;
        let call = PyCall::raw(method, path, query, body, options)?;
        self.begin(inbox, call, true, future)
    }

    /// Does a job, and returns its result. `on_progress` is called with the number of completed steps and of all steps.
    #[pyo3(signature = (job, timeout, max_attempts, headers, on_progress=None))]
    fn run(
        &self,
        py: Python<'_>,
        job: &Job,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        headers: Option<&Bound<'_, PyAny>>,
        on_progress: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        logging::look(py)?;
        let options = call_options(timeout, max_attempts, headers)?;
        let job = job.run(&self.client, options, self.hooks.job(py)?, on_progress);
        wait_for_job(py, job)?.into_python(py)
    }

    /// Starts a job. When it completes, wakes `future` through `inbox`.
    #[pyo3(signature = (inbox, future, job, timeout, max_attempts, headers, on_progress=None))]
    #[allow(clippy::too_many_arguments, reason = "the options of a call")]
    fn start_job(
        &self,
        inbox: &Bound<'_, Inbox>,
        future: Py<PyAny>,
        job: &Job,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
        headers: Option<&Bound<'_, PyAny>>,
        on_progress: Option<Py<PyAny>>,
    ) -> PyResult<Task> {
        logging::look(inbox.py())?;
        let options = call_options(timeout, max_attempts, headers)?;
        let hooks = self.hooks.job(inbox.py())?;
        task::start_job(inbox, job.run(&self.client, options, hooks, on_progress), future)
    }

    /// Closes every connection; attempts in flight fail as if theirs was lost.
    fn network_changed(&self, py: Python<'_>) {
        py.detach(|| self.client.network_changed());
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.hooks.traverse(&visit)
    }

    /// Returns the number of requests sent and the time waited so far.
    fn usage(&self) -> Usage {
        self.client.usage().into()
    }

    /// Returns the states of the rate limit: the current one, and each change.
    fn rate_limits(&self) -> RateLimits {
        RateLimits::of(&self.client)
    }

    /// Returns the current state of the rate limit.
    fn rate_limit(&self) -> RateLimit {
        self.client.rate_limit().into()
    }
}
