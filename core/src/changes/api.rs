//! The methods of clients.

use super::apply::{Progress, Report};
use super::document::Document;
use super::jobs::Jobs;
use super::plan::{Plan, PlanOptions};
use super::promote::Promotion;
use crate::error::Result;
use crate::{Client, blocking};

impl Client {
    /// Reads a product as a document, by its name or id.
    ///
    /// Reads everything with as few requests as possible: one per list, config, and environment of a config. What the service
    /// does not return is not part of the document: members, secrets, history.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) with a similar name; [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if several products have the name; any error of the
    /// calls.
    pub async fn export(&self, product: &str) -> Result<Document> {
        Jobs(self).export(product).await
    }

    /// Reads a product as the seed of a simulator, with the same ids, versions and SDK keys. For `Simulator::mirror`.
    ///
    /// # Errors
    /// Those of [`export`](Self::export).
    #[doc(hidden)]
    pub async fn export_seed(&self, product: &str) -> Result<serde_json::Value> {
        Jobs(self).export_seed(product).await
    }

    /// Compares a document with the product, and returns the steps from one to the other with their price. Only reads.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with every name that does not exist and every limit that is exceeded, by their places in the
    /// document; any error of the calls.
    pub async fn plan(&self, document: &Document, options: &PlanOptions) -> Result<Plan> {
        Jobs(self).plan(document, options).await
    }

    /// Applies a plan, if nothing has moved: it is made again first, and a step that differs is a conflict, which does not stop
    /// the others.
    ///
    /// Dropping the future cancels between requests. Applying again continues: what is done is not repeated.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if the service would refuse steps of the plan; any error of the calls that read. Errors of calls
    /// that write are in the report.
    pub async fn apply(&self, plan: &Plan) -> Result<Report> {
        self.apply_with(plan, |_| ()).await
    }

    /// Applies a plan as [`apply`](Self::apply) does, and reports the progress after each request.
    ///
    /// # Errors
    /// See [`apply`](Self::apply).
    pub async fn apply_with(&self, plan: &Plan, progress: impl Fn(Progress) + Send + Sync) -> Result<Report> {
        Jobs(self).apply(plan, &progress).await
    }

    /// Applies a plan as [`apply_with`](Self::apply_with) does, until `stop` completes: then no other requests are sent, those in
    /// flight are waited for, and the steps that are left are [`Skipped`](super::Status::Skipped).
    ///
    /// # Errors
    /// See [`apply`](Self::apply); [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) if `stop` completes before anything is applied.
    pub async fn apply_until(
        &self,
        plan: &Plan,
        progress: impl Fn(Progress) + Send + Sync,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        Jobs(self).apply_until(plan, &progress, stop).await
    }

    /// Makes a plan and applies it at once, without reading again in between.
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan), and of [`apply`](Self::apply).
    pub async fn apply_document(&self, document: &Document, options: &PlanOptions) -> Result<Report> {
        self.apply_document_with(document, options, |_| ()).await
    }

    /// Makes a plan and applies it as [`apply_document`](Self::apply_document) does, and reports the progress after each request.
    ///
    /// # Errors
    /// See [`apply_document`](Self::apply_document).
    pub async fn apply_document_with(
        &self,
        document: &Document,
        options: &PlanOptions,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<Report> {
        Jobs(self).apply_document(document, options, &progress).await
    }

    /// Makes a plan and applies it at once, until `stop` completes, as [`apply_until`](Self::apply_until) does.
    ///
    /// # Errors
    /// See [`apply_document`](Self::apply_document); [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) if `stop` completes before
    /// anything is applied.
    pub async fn apply_document_until(
        &self,
        document: &Document,
        options: &PlanOptions,
        progress: impl Fn(Progress) + Send + Sync,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        Jobs(self).apply_document_until(document, options, &progress, stop).await
    }

    /// Plans to give flags of an environment the values that they have in another one.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) with a similar name for a product, config, environment or flag that does not exist; those of
    /// [`plan`](Self::plan).
    pub async fn promote(&self, promotion: &Promotion, options: &PlanOptions) -> Result<Plan> {
        Jobs(self).promote(promotion, options).await
    }

    /// Returns what differs between two products: the steps that would make the second one like the first one.
    ///
    /// # Errors
    /// Those of [`export`](Self::export) and [`plan`](Self::plan).
    pub async fn compare(&self, from: &str, to: &str) -> Result<Plan> {
        Jobs(self).compare(from, to).await
    }

    /// Plans to create a copy of a product under another name, or in another organization. Members and secrets are not copied.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if a product has the name already; those of [`export`](Self::export) and [`plan`](Self::plan).
    pub async fn clone_product(&self, product: &str, name: &str, organization: Option<&str>) -> Result<Plan> {
        Jobs(self).clone_product(product, name, organization).await
    }
}

/// The same methods for code without `async`.
impl blocking::Client {
    /// Reads a product as a document; see [`Client::export`].
    ///
    /// # Errors
    /// See [`Client::export`].
    pub fn export(&self, product: &str) -> Result<Document> {
        blocking::wait(self.shared().export(product))
    }

    /// Compares a document with the product; see [`Client::plan`].
    ///
    /// # Errors
    /// See [`Client::plan`].
    pub fn plan(&self, document: &Document, options: &PlanOptions) -> Result<Plan> {
        blocking::wait(self.shared().plan(document, options))
    }

    /// Applies a plan; see [`Client::apply`].
    ///
    /// # Errors
    /// See [`Client::apply`].
    pub fn apply(&self, plan: &Plan) -> Result<Report> {
        blocking::wait(self.shared().apply(plan))
    }

    /// Applies a plan, and reports the progress after each request; see [`Client::apply`].
    ///
    /// # Errors
    /// See [`Client::apply`].
    pub fn apply_with(&self, plan: &Plan, progress: impl Fn(Progress) + Send + Sync) -> Result<Report> {
        blocking::wait(self.shared().apply_with(plan, progress))
    }

    /// Makes a plan and applies it at once; see [`Client::apply_document`].
    ///
    /// # Errors
    /// See [`Client::apply_document`].
    pub fn apply_document(&self, document: &Document, options: &PlanOptions) -> Result<Report> {
        blocking::wait(self.shared().apply_document(document, options))
    }

    /// Makes a plan and applies it at once, and reports the progress after each request; see [`Client::apply_document`].
    ///
    /// # Errors
    /// See [`Client::apply_document`].
    pub fn apply_document_with(
        &self,
        document: &Document,
        options: &PlanOptions,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<Report> {
        blocking::wait(self.shared().apply_document_with(document, options, progress))
    }

    /// Plans to give flags of an environment the values that they have in another one; see [`Client::promote`].
    ///
    /// # Errors
    /// See [`Client::promote`].
    pub fn promote(&self, promotion: &Promotion, options: &PlanOptions) -> Result<Plan> {
        blocking::wait(self.shared().promote(promotion, options))
    }

    /// Returns what differs between two products; see [`Client::compare`].
    ///
    /// # Errors
    /// See [`Client::compare`].
    pub fn compare(&self, from: &str, to: &str) -> Result<Plan> {
        blocking::wait(self.shared().compare(from, to))
    }

    /// Plans to create a copy of a product; see [`Client::clone_product`].
    ///
    /// # Errors
    /// See [`Client::clone_product`].
    pub fn clone_product(&self, product: &str, name: &str, organization: Option<&str>) -> Result<Plan> {
        blocking::wait(self.shared().clone_product(product, name, organization))
    }
}
