//! Jobs: export, plan, apply, and what is made of them. A job makes many calls, and is waited for like one.

use crate::changes::{NativeDocument, NativePlan, NativeReport};
use crate::errors;
use crate::hooks::{Beginning, JobHooks};
use crate::progress::JobProgress;
use crate::relay::{self, Message, Relayed};
use configcat_management::call::CallInput;
use configcat_management::changes::{Calls, Document, Jobs, Plan, PlanOptions, Progress, Promotion, Report};
use configcat_management::python::{Side, convert};
use configcat_management::spec::Type;
use configcat_management::{CallOptions, CallResponse, Client, Error};
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// What a job does.
enum JobInput {
    Export(String),
    Seed(String),
    Plan(Arc<Document>, PlanOptions),
    Apply(Arc<Plan>),
    ApplyDocument(Arc<Document>, PlanOptions),
    Promote(Promotion, PlanOptions),
    Compare(String, String),
    Clone { product: String, name: String, organization: Option<String> },
}

/// A job that is ready to start.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct Job(Arc<JobInput>);

/// Result of a job.
pub enum JobOutcome {
    Document(Document),
    Plan(Plan),
    Report(Report),
    /// Seed of a simulator, as JSON.
    Seed(String),
}

impl JobOutcome {
    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match self {
            Self::Document(document) => Py::new(py, NativeDocument::from(document))?.into_any(),
            Self::Plan(plan) => Py::new(py, NativePlan::from(plan))?.into_any(),
            Self::Report(report) => Py::new(py, NativeReport(report))?.into_any(),
            Self::Seed(json) => json.into_pyobject(py)?.into_any().unbind(),
        })
    }
}

/// Converts a dictionary with the names of the core's JSON.
pub fn from_dict<T: DeserializeOwned>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    let json = convert(value, &Type::Any, "options", Side::Request)?;
    serde_json::from_value(json)
        .map_err(|error| errors::raise(value.py(), &Error::bad_request(format!("invalid options: {error}"))))
}

#[pymethods]
impl Job {
    #[staticmethod]
    fn export(product: String) -> Self {
        JobInput::Export(product).into()
    }

    #[staticmethod]
    fn seed(product: String) -> Self {
        JobInput::Seed(product).into()
    }

    #[staticmethod]
    fn plan(document: &NativeDocument, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(JobInput::Plan(Arc::clone(&document.0), from_dict(options)?).into())
    }

    #[staticmethod]
    fn apply(plan: &NativePlan) -> Self {
        JobInput::Apply(Arc::clone(&plan.0)).into()
    }

    #[staticmethod]
    fn apply_document(document: &NativeDocument, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(JobInput::ApplyDocument(Arc::clone(&document.0), from_dict(options)?).into())
    }

    #[staticmethod]
    fn promote(promotion: &Bound<'_, PyAny>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(JobInput::Promote(from_dict(promotion)?, from_dict(options)?).into())
    }

    #[staticmethod]
    fn compare(from_: String, to: String) -> Self {
        JobInput::Compare(from_, to).into()
    }

    #[staticmethod]
    fn clone(product: String, name: String, organization: Option<String>) -> Self {
        JobInput::Clone { product, name, organization }.into()
    }
}

impl From<JobInput> for Job {
    fn from(input: JobInput) -> Self {
        Self(Arc::new(input))
    }
}

impl Job {
    /// Does the job. Needs no interpreter.
    pub fn run(
        &self,
        client: &Client,
        options: CallOptions,
        hooks: Option<Arc<JobHooks>>,
        on_progress: Option<Py<PyAny>>,
    ) -> impl Future<Output = Result<JobOutcome, Error>> + Send + 'static {
        let input = Arc::clone(&self.0);
        let calls = JobCalls {
            client: client.clone(),
            options,
            hooks,
            reports: Mutex::default(),
            ended: AtomicBool::new(false),
        };
        let on_progress = on_progress.map(Arc::new);
        async move {
            let progress = |progress: Progress| {
                if let Some(function) = &on_progress {
                    calls.report(function, progress);
                }
            };
            perform(&input, Jobs(&calls), &progress).await
        }
    }
}

async fn perform(
    input: &JobInput,
    jobs: Jobs<'_>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<JobOutcome, Error> {
    Ok(match input {
        JobInput::Export(product) => JobOutcome::Document(jobs.export(product).await?),
        JobInput::Seed(product) => JobOutcome::Seed(jobs.export_seed(product).await?.to_string()),
        JobInput::Plan(document, options) => JobOutcome::Plan(jobs.plan(document, options).await?),
        JobInput::Apply(plan) => JobOutcome::Report(jobs.apply(plan, progress).await?),
        JobInput::ApplyDocument(document, options) => {
            JobOutcome::Report(jobs.apply_document(document, options, progress).await?)
        }
        JobInput::Promote(promotion, options) => JobOutcome::Plan(jobs.promote(promotion, options).await?),
        JobInput::Compare(from, to) => JobOutcome::Plan(jobs.compare(from, to).await?),
        JobInput::Clone { product, name, organization } => {
            JobOutcome::Plan(jobs.clone_product(product, name, organization.as_deref()).await?)
        }
    })
}

/// The calls of a job: each with the options and the hooks of the client.
struct JobCalls {
    client: Client,
    options: CallOptions,
    hooks: Option<Arc<JobHooks>>,
    /// Reports of progress that may not have arrived.
    reports: Mutex<Vec<oneshot::Receiver<()>>>,
    /// Whether the function for the progress has failed.
    ended: AtomicBool,
}

impl JobCalls {
    fn reports(&self) -> MutexGuard<'_, Vec<oneshot::Receiver<()>>> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, function: &Arc<Py<PyAny>>, progress: Progress) {
        let (reported, waits) = oneshot::channel();
        self.reports().push(waits);
        let Progress { completed, total, .. } = progress;
        let function = Arc::clone(function);
        let _ = relay::send(Message::Progress(JobProgress { function, completed, total, reported }));
    }

    /// Waits until the progress so far has been reported, so that no request is sent after the function has failed.
    async fn reported(&self) -> Result<(), Error> {
        let reports = std::mem::take(&mut *self.reports());
        for report in reports {
            if report.await.is_err() {
                self.ended.store(true, Ordering::Relaxed);
            }
        }
        if self.ended.load(Ordering::Relaxed) {
            return Err(Error::cancelled("the function for the progress has ended the job"));
        }
        Ok(())
    }
}

impl fmt::Debug for JobCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobCalls").finish_non_exhaustive()
    }
}

impl Calls for JobCalls {
    fn call(
        &self,
        input: CallInput,
    ) -> Pin<Box<dyn Future<Output = Result<CallResponse, Error>> + Send + '_>> {
        Box::pin(async move {
            self.reported().await?;
            let mut options = self.options.clone();
            let Some(hooks) = &self.hooks else { return self.client.call(input, options).await };
            let (beginning, answer) = Beginning::new(hooks, &input);
            let _ = relay::send(Message::Begin(beginning));
            let (hooks, mut headers) =
                answer.await.map_err(|_| Error::cancelled("nothing waits for the job any more"))?;
            headers.merge(&options.headers);
            options.headers = headers;
            Relayed::nested(Box::pin(self.client.call(input, options)), hooks).await
        })
    }
}
