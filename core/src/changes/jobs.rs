//! The jobs: export, plan, apply, and what is made of them.

use super::apply::{Executor, Progress, Report, StepOutcome, conflicts};
use super::calls::Calls;
use super::document::Document;
use super::plan::{Plan, PlanOptions};
use super::planning;
use super::promote::{Promotion, document as promoted};
use super::section::PRODUCT;
use super::snapshot::Reader;
use crate::error::{Error, ErrorKind, Result};
use futures_util::future::{Either, select};
use std::collections::BTreeSet;
use std::future::pending;
use std::pin::{Pin, pin};

/// The jobs, with the calls that they make. A [`Client`](crate::Client) has them as methods, which document them.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, clippy::missing_errors_doc, reason = "the methods of clients document them")]
pub struct Jobs<'a>(pub &'a dyn Calls);

#[allow(missing_docs, clippy::missing_errors_doc, reason = "the methods of clients document them")]
impl Jobs<'_> {
    pub async fn export(self, product: &str) -> Result<Document> {
        let (mut document, _) = planning::export(&Reader::new(self.0), product, None).await?;
        document.root = document.root.tidied(&PRODUCT);
        Ok(document)
    }

    pub async fn export_seed(self, product: &str) -> Result<serde_json::Value> {
        super::seed::export(&Reader::new(self.0), product).await
    }

    pub async fn plan(self, document: &Document, options: &PlanOptions) -> Result<Plan> {
        planning::plan(&Reader::new(self.0), document, options).await.map(|(plan, _)| plan)
    }

    pub async fn apply(self, plan: &Plan, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<Report> {
        self.apply_until(plan, progress, pending()).await
    }

    pub async fn apply_until(
        self,
        plan: &Plan,
        progress: &(dyn Fn(Progress) + Send + Sync),
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        let reader = Reader::new(self.0);
        let mut stop = pin!(stop);
        let (now, snapshot) =
            unless(stop.as_mut(), planning::plan(&reader, &plan.document, &plan.options)).await?;
        let outcomes = conflicts(plan, &now);
        let current = remaining(plan, &now, &outcomes);
        refuse(current.refused().filter_map(|step| step.refused.as_deref()))?;
        let executor = Executor::new(&reader, &snapshot, &current, progress);
        let mut report = executor.run_until(outcomes, stop).await;
        report.plan = plan.clone();
        Ok(report)
    }

    pub async fn apply_document(
        self,
        document: &Document,
        options: &PlanOptions,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Report> {
        self.apply_document_until(document, options, progress, pending()).await
    }

    pub async fn apply_document_until(
        self,
        document: &Document,
        options: &PlanOptions,
        progress: &(dyn Fn(Progress) + Send + Sync),
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Report> {
        let reader = Reader::new(self.0);
        let mut stop = pin!(stop);
        let (plan, snapshot) = unless(stop.as_mut(), planning::plan(&reader, document, options)).await?;
        refuse(plan.refused().filter_map(|step| step.refused.as_deref()))?;
        Ok(Executor::new(&reader, &snapshot, &plan, progress).run_until(Vec::new(), stop).await)
    }

    pub async fn promote(self, promotion: &Promotion, options: &PlanOptions) -> Result<Plan> {
        let reader = Reader::new(self.0);
        let document = promoted(&reader, promotion).await?;
        planning::plan(&reader, &document, options).await.map(|(plan, _)| plan)
    }

    pub async fn compare(self, from: &str, to: &str) -> Result<Plan> {
        let document = self.export(from).await?.completed().renamed(Some(to), None);
        let reader = Reader::new(self.0);
        let options = PlanOptions::new().allow_replace().prune_all();
        let (plan, snapshot) = planning::plan(&reader, &document, &options).await?;
        match snapshot.product {
            Some(_) => Ok(plan),
            None => Err(planning::missing_product(&reader, to).await?),
        }
    }

    /// Plans what has been changed in a copy of a product, from an untouched copy.
    pub async fn changes_since(
        self,
        untouched: Jobs<'_>,
        product: &str,
        options: PlanOptions,
    ) -> Result<Plan> {
        let changed = self.export(product).await?.completed();
        untouched.plan(&changed, &options.allow_replace().prune_all()).await
    }

    pub async fn clone_product(self, product: &str, name: &str, organization: Option<&str>) -> Result<Plan> {
        let document = self.export(product).await?.renamed(Some(name), organization);
        let (plan, snapshot) = planning::plan(&Reader::new(self.0), &document, &PlanOptions::new()).await?;
        if snapshot.product.is_some() {
            return Err(Error::new(ErrorKind::Conflict, format!("a product has the name {name:?} already")));
        }
        Ok(plan)
    }
}

/// Returns the plan with the steps that are executed, as they are needed now. The others keep their positions.
fn remaining(plan: &Plan, now: &Plan, outcomes: &[StepOutcome]) -> Plan {
    let mut current = plan.clone();
    let settled: BTreeSet<usize> = outcomes.iter().map(|outcome| outcome.step).collect();
    let is_left = |at: usize| !settled.contains(&at);
    let needed = now.by_entity();
    for (at, step) in current.steps.iter_mut().enumerate() {
        step.refused = None;
        if let Some(found) = needed.get(&step.entity()).filter(|_| is_left(at)) {
            *step = (*found).clone();
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
    match select(pin!(work), stop).await {
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
