//! Jobs of a client. A job makes many calls, and is waited for like one.

use super::count::count;
use super::document::NativeDocument;
use super::options::{PlanOptions, Promotion};
use super::plan::NativePlan;
use super::report::NativeReport;
use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::response::{Record, ResponseDetails};
use configcat_management::call::CallInput;
use configcat_management::changes::{Calls, Jobs, Progress};
use configcat_management::{CallOptions, CallResponse, Client, Result as CallResult};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Notify;

/// The calls of a job: each with the options of the client's view.
#[derive(Debug)]
pub(super) struct ViewCalls {
    client: Client,
    options: CallOptions,
    record: Option<Record>,
}

impl Calls for ViewCalls {
    fn call(&self, input: CallInput) -> Pin<Box<dyn Future<Output = CallResult<CallResponse>> + Send + '_>> {
        Box::pin(async move {
            let response = self.client.call(input, self.options.clone()).await?;
            if let Some(record) = &self.record {
                record.put(ResponseDetails::from(&response));
            }
            Ok(response)
        })
    }
}

/// Callback for the progress of applying a plan.
#[uniffi::export(with_foreign)]
pub trait NativeProgress: Send + Sync {
    /// Receives the number of steps that are completed, and of all steps. Runs as part of the job.
    fn report(&self, completed: i32, total: i32);
}

/// Ends the application of a plan early.
#[derive(Debug, Default, uniffi::Object)]
pub struct NativeStop(Notify);

#[uniffi::export]
impl NativeStop {
    /// Creates the handle for one job.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends no other requests; those in flight are waited for.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

/// Passes progress on.
fn reporting(progress: Arc<dyn NativeProgress>) -> impl Fn(Progress) + Send + Sync {
    move |now| progress.report(count(now.completed), count(now.total))
}

impl NativeClient {
    pub(super) fn calls(&self) -> ViewCalls {
        let (client, options) = (self.client().clone(), self.options().clone());
        ViewCalls { client, options, record: self.record().cloned() }
    }
}

#[uniffi::export]
impl NativeClient {
    /// Reads a product as a document.
    ///
    /// # Errors
    /// There is no such product, several have the name, or a call fails.
    pub async fn export_product(&self, product: String) -> Result<Arc<NativeDocument>, ConfigCatError> {
        let calls = self.calls();
        let document = self.make(async move { Jobs(&calls).export(&product).await }).await?;
        Ok(Arc::new(NativeDocument(document)))
    }

    /// Compares a document with its product.
    ///
    /// # Errors
    /// Names do not exist, an option is invalid, or a call fails.
    pub async fn plan_document(
        &self,
        document: Arc<NativeDocument>,
        options: PlanOptions,
    ) -> Result<Arc<NativePlan>, ConfigCatError> {
        let calls = self.calls();
        let plan = async move { Jobs(&calls).plan(&document.0, &options.into()).await };
        Ok(Arc::new(NativePlan(self.make(plan).await?)))
    }

    /// Applies a plan.
    ///
    /// # Errors
    /// The service would refuse steps, or a call that reads fails.
    pub async fn apply_plan(
        &self,
        plan: Arc<NativePlan>,
        progress: Arc<dyn NativeProgress>,
        stop: Arc<NativeStop>,
    ) -> Result<Arc<NativeReport>, ConfigCatError> {
        let calls = self.calls();
        let report =
            async move { Jobs(&calls).apply_until(&plan.0, &reporting(progress), stop.0.notified()).await };
        Ok(Arc::new(NativeReport(self.make(report).await?)))
    }

    /// Makes a plan and applies it at once.
    ///
    /// # Errors
    /// Those of planning and applying.
    pub async fn apply_document(
        &self,
        document: Arc<NativeDocument>,
        options: PlanOptions,
        progress: Arc<dyn NativeProgress>,
        stop: Arc<NativeStop>,
    ) -> Result<Arc<NativeReport>, ConfigCatError> {
        let calls = self.calls();
        let report = async move {
            let (told, options) = (reporting(progress), options.into());
            Jobs(&calls).apply_document_until(&document.0, &options, &told, stop.0.notified()).await
        };
        Ok(Arc::new(NativeReport(self.make(report).await?)))
    }

    /// Plans to give flags of an environment the values that they have in another one.
    ///
    /// # Errors
    /// Something that the promotion names does not exist, an option is invalid, or a call fails.
    pub async fn promote_values(
        &self,
        promotion: Promotion,
        options: PlanOptions,
    ) -> Result<Arc<NativePlan>, ConfigCatError> {
        let calls = self.calls();
        let plan = async move { Jobs(&calls).promote(&promotion.into(), &options.into()).await };
        Ok(Arc::new(NativePlan(self.make(plan).await?)))
    }

    /// Plans to make a product like another one.
    ///
    /// # Errors
    /// There is no such product, or a call fails.
    pub async fn compare_products(
        &self,
        from: String,
        to: String,
    ) -> Result<Arc<NativePlan>, ConfigCatError> {
        let calls = self.calls();
        let plan = self.make(async move { Jobs(&calls).compare(&from, &to).await }).await?;
        Ok(Arc::new(NativePlan(plan)))
    }

    /// Plans to create a copy of a product.
    ///
    /// # Errors
    /// A product has the name already, or a call fails.
    pub async fn clone_product(
        &self,
        product: String,
        name: String,
        organization: Option<String>,
    ) -> Result<Arc<NativePlan>, ConfigCatError> {
        let calls = self.calls();
        let plan = async move { Jobs(&calls).clone_product(&product, &name, organization.as_deref()).await };
        Ok(Arc::new(NativePlan(self.make(plan).await?)))
    }
}
