//! The methods of clients.

use super::apply::{Executor, Progress, Report, StepOutcome, conflicts};
use super::document::Document;
use super::plan::{Plan, PlanOptions};
use super::planning;
use super::promote::{Promotion, document as promoted};
use super::section::{PRODUCT, all};
use super::snapshot::Reader;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::pipeline::CallOptions;
use crate::{Client, blocking};
use futures_util::future::{Either, select};
use std::pin::Pin;

impl Client {
    /// Reads a product as a document, by its name or id.
    ///
    /// Reads everything with as few requests as possible: one per list, config, and environment of a config. What the service
    /// does not return is not part of the document: members, secrets, history.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] with a similar name; [`ErrorKind::Conflict`] if several products have the name; any error of the
    /// calls.
    pub async fn export(&self, product: &str) -> Result<Document> {
        let options = CallOptions::default();
        let reader = Reader::new(self, &options);
        let (mut document, _) = planning::export(&reader, product, None).await?;
        document.root = document.root.tidied(&PRODUCT);
        Ok(document)
    }

    /// Reads a product as the seed of a simulator, with the same ids, versions and SDK keys. For `Simulator::mirror`.
    ///
    /// # Errors
    /// Those of [`export`](Self::export).
    #[doc(hidden)]
    pub async fn export_seed(&self, product: &str) -> Result<serde_json::Value> {
        let options = CallOptions::default();
        super::seed::export(&Reader::new(self, &options), product).await
    }

    /// Compares a document with the product, and returns the steps from one to the other with their price. Only reads.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] with every name that does not exist and every limit that is exceeded, by their places in the
    /// document; any error of the calls.
    pub async fn plan(&self, document: &Document, options: &PlanOptions) -> Result<Plan> {
        let calls = CallOptions::default();
        let reader = Reader::new(self, &calls);
        planning::plan(&reader, document, options).await.map(|(plan, _)| plan)
    }

    /// Applies a plan, if nothing has moved: it is made again first, and a step that differs is a conflict, which does not stop
    /// the others.
    ///
    /// Dropping the future cancels between requests. Applying again continues: what is done is not repeated.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if the service would refuse steps of the plan; any error of the calls that read. Errors of calls
    /// that write are in the report.
    pub async fn apply(&self, plan: &Plan) -> Result<Report> {
        self.apply_with(plan, |_| ()).await
    }

    /// Applies a plan as [`apply`](Self::apply) does, and reports the progress after each request.
    ///
    /// # Errors
    /// See [`apply`](Self::apply).
    pub async fn apply_with(&self, plan: &Plan, progress: impl Fn(Progress) + Send + Sync) -> Result<Report> {
        self.apply_until(plan, progress, std::future::pending()).await
    }

    /// Applies a plan as [`apply_with`](Self::apply_with) does, until `stop` completes: then no other requests are sent, those in
    /// flight are waited for, and the steps that are left are [`Skipped`](super::Status::Skipped).
    ///
    /// # Errors
    /// See [`apply`](Self::apply); [`ErrorKind::Cancelled`] if `stop` completes before anything is applied.
    pub async fn apply_until(
        &self,
        plan: &Plan,
        progress: impl Fn(Progress) + Send + Sync,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        let options = CallOptions::default();
        let reader = Reader::new(self, &options);
        let mut stop = std::pin::pin!(stop);
        let (now, snapshot) =
            unless(stop.as_mut(), planning::plan(&reader, &plan.document, &plan.options)).await?;
        let outcomes = conflicts(plan, &now);
        let current = remaining(plan, &now, &outcomes);
        refuse(current.refused().filter_map(|step| step.refused.as_deref()))?;
        let executor = Executor::new(&reader, &snapshot, &current, &progress);
        let mut report = executor.run_until(outcomes, stop).await;
        report.plan = plan.clone();
        Ok(report)
    }

    /// Makes a plan and applies it at once, without reading again in between.
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan), and of [`apply`](Self::apply).
    pub async fn apply_document(&self, document: &Document, options: &PlanOptions) -> Result<Report> {
        self.apply_document_with(document, options, |_| ()).await
    }

    /// Makes a plan and applies it at once as [`apply_document`](Self::apply_document) does, and reports the progress after each
    /// request.
    ///
    /// # Errors
    /// See [`apply_document`](Self::apply_document).
    pub async fn apply_document_with(
        &self,
        document: &Document,
        options: &PlanOptions,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<Report> {
        self.apply_document_until(document, options, progress, std::future::pending()).await
    }

    /// Makes a plan and applies it at once, until `stop` completes, as [`apply_until`](Self::apply_until) does.
    ///
    /// # Errors
    /// See [`apply_document`](Self::apply_document); [`ErrorKind::Cancelled`] if `stop` completes before anything is applied.
    pub async fn apply_document_until(
        &self,
        document: &Document,
        options: &PlanOptions,
        progress: impl Fn(Progress) + Send + Sync,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        let calls = CallOptions::default();
        let reader = Reader::new(self, &calls);
        let mut stop = std::pin::pin!(stop);
        let (plan, snapshot) = unless(stop.as_mut(), planning::plan(&reader, document, options)).await?;
        refuse(plan.refused().filter_map(|step| step.refused.as_deref()))?;
        Ok(Executor::new(&reader, &snapshot, &plan, &progress).run_until(Vec::new(), stop).await)
    }

    /// Plans to give flags of an environment the values that they have in another one.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] with a similar name for a product, config, environment or flag that does not exist; those of
    /// [`plan`](Self::plan).
    pub async fn promote(&self, promotion: &Promotion, options: &PlanOptions) -> Result<Plan> {
        let calls = CallOptions::default();
        let reader = Reader::new(self, &calls);
        let document = promoted(&reader, promotion).await?;
        planning::plan(&reader, &document, options).await.map(|(plan, _)| plan)
    }

    /// Returns what differs between two products: the steps that would make the second one like the first one.
    ///
    /// # Errors
    /// Those of [`export`](Self::export) and [`plan`](Self::plan).
    pub async fn compare(&self, from: &str, to: &str) -> Result<Plan> {
        let document = self.export(from).await?.completed().renamed(Some(to), None);
        let calls = CallOptions::default();
        let reader = Reader::new(self, &calls);
        let mut options = PlanOptions::new().allow_replace();
        options.prune = all().iter().skip(1).map(|section| section.name.to_owned()).collect();
        let (plan, snapshot) = planning::plan(&reader, &document, &options).await?;
        match snapshot.product {
            Some(_) => Ok(plan),
            None => Err(planning::missing_product(&reader, to).await?),
        }
    }

    /// Plans to create a copy of a product under another name, or in another organization. Members and secrets are not copied.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if a product has the name already; those of [`export`](Self::export) and [`plan`](Self::plan).
    pub async fn clone_product(&self, product: &str, name: &str, organization: Option<&str>) -> Result<Plan> {
        let document = self.export(product).await?.renamed(Some(name), organization);
        let calls = CallOptions::default();
        let reader = Reader::new(self, &calls);
        let (plan, snapshot) = planning::plan(&reader, &document, &PlanOptions::new()).await?;
        if snapshot.product.is_some() {
            return Err(Error::new(ErrorKind::Conflict, format!("a product has the name {name:?} already")));
        }
        Ok(plan)
    }
}

/// Returns the plan with the steps that are executed, as they are needed now. The others keep their positions.
fn remaining(plan: &Plan, now: &Plan, outcomes: &[StepOutcome]) -> Plan {
    let mut current = plan.clone();
    let is_left = |at: usize| !outcomes.iter().any(|outcome| outcome.step == at);
    for (at, step) in current.steps.iter_mut().enumerate() {
        step.refused = None;
        if let Some(found) = now.steps.iter().find(|other| other.is_about(step)).filter(|_| is_left(at)) {
            *step = found.clone();
        }
    }
    for request in &mut current.requests {
        request.steps.retain(|at| is_left(*at));
    }
    current.requests.retain(|request| !request.steps.is_empty());
    current
}

/// Waits for the end of some work, or fails if `stop` completes earlier.
async fn unless<T>(
    stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    work: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    match select(std::pin::pin!(work), stop).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            Err(Error::new(ErrorKind::Cancelled, "it was stopped before anything was applied"))
        }
    }
}

/// Fails if the service would refuse steps.
fn refuse<'a>(mut refused: impl Iterator<Item = &'a str>) -> Result<()> {
    match refused.next() {
        None => Ok(()),
        Some(first) => {
            let others = match refused.count() {
                0 => String::new(),
                count => format!(", and {count} more steps are refused"),
            };
            Err(Error::bad_request(format!("the plan cannot be applied: {first}{others}")))
        }
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

    /// Makes a plan and applies it at once, and reports the progress after each request; see [`Client::apply_document_with`].
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
