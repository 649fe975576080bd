//! Carries out plans: shows, asks, applies, reports.

use crate::failure::{Failure, INCOMPLETE, INTERRUPTED};
use crate::files::LateFile;
use crate::interrupt::{Handled, pressed};
use crate::session::Session;
use crate::terminal::{ask, can_ask, complain, has_colour, print, progress};
use clap::Args;
use configcat_management::changes::{Document, Plan, PlanOptions, Report};
use configcat_management::{Client, ErrorKind, Result};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a plan is applied, and where that is reported.
#[derive(Debug, Clone, Args)]
pub struct ApplyOptions {
    /// Apply without asking. Required if there is no terminal to ask on.
    #[arg(long, short)]
    pub yes: bool,
    /// Only show the plan.
    #[arg(long, conflicts_with_all = ["yes", "report"])]
    pub dry_run: bool,
    /// File to write the report to, from which `undo` takes it back.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Shows a plan, asks, and applies it. Returns the exit status.
pub async fn carry_out(
    session: &Session,
    client: &Client,
    plan: &Plan,
    options: &ApplyOptions,
) -> Result<u8, Failure> {
    if options.dry_run {
        session.show(client, plan)?;
        return Ok(0);
    }
    session.show_to_person(client, plan)?;
    check_refused(plan)?;
    if !plan.is_empty() {
        confirm(plan, options.yes).await?;
    }
    apply(session, options, async |stop| client.apply_until(plan, progress, stop).await).await
}

/// Fails if the service would refuse steps, before the user is asked.
fn check_refused(plan: &Plan) -> Result<(), Failure> {
    match plan.refused().filter_map(|step| step.refused.as_deref()).next() {
        Some(first) => Err(Failure::new(format!("the plan cannot be applied: {first}"))),
        None => Ok(()),
    }
}

/// Asks whether a plan is applied. Fails if not, or if there is no terminal.
async fn confirm(plan: &Plan, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !can_ask() {
        return Err(Failure::new("nothing was applied: without a terminal to ask on, --yes is required"));
    }
    match ask(&format!("Apply this to {}?", plan.document.product())).await? {
        true => Ok(()),
        false => Err(Failure::new("nothing was applied")),
    }
}

/// Applies a document without asking, and without reading everything twice. Returns the exit status.
pub async fn apply_document(
    session: &Session,
    client: &Client,
    document: &Document,
    plan_options: &PlanOptions,
    options: &ApplyOptions,
) -> Result<u8, Failure> {
    apply(session, options, async |stop| {
        let report = client.apply_document_until(document, plan_options, progress, stop).await?;
        if !session.json {
            // What cannot be shown is applied all the same, and reported.
            let _ = print(&report.plan.to_text(has_colour()));
        }
        Ok(report)
    })
    .await
}

/// Completes when applying has to stop.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Applies something until Ctrl-C, and reports. Returns the exit status.
async fn apply(
    session: &Session,
    options: &ApplyOptions,
    applied: impl AsyncFnOnce(Stop) -> Result<Report>,
) -> Result<u8, Failure> {
    let file = options.report.as_deref().map(LateFile::open).transpose()?;
    let stopped = Arc::new(AtomicBool::new(false));
    let handled = Handled::begin();
    let report = tokio::select! {
        biased;
        report = applied(stop(Arc::clone(&stopped))) => report,
        () = pressed_twice() => {
            complain("interrupted: what is done stays done, and applying again continues");
            return Err(Failure::Interrupted);
        }
    };
    drop(handled);
    let report = match report {
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(Failure::Interrupted),
        report => report?,
    };
    if let Some(file) = file {
        file.write(&report.to_json())?;
    }
    if session.json {
        print(&format!("{}\n", report.to_json()))?;
    } else if !report.plan.is_empty() {
        print(&report.to_text())?;
    }
    Ok(match (report.is_complete(), stopped.load(Ordering::Relaxed)) {
        (true, _) => 0,
        (false, true) => INTERRUPTED,
        (false, false) => INCOMPLETE,
    })
}

/// Waits for Ctrl-C, and notes it.
fn stop(stopped: Arc<AtomicBool>) -> Stop {
    Box::pin(async move {
        pressed().await;
        stopped.store(true, Ordering::Relaxed);
        complain("stopping when the requests in flight are completed; Ctrl-C again stops at once");
    })
}

async fn pressed_twice() {
    pressed().await;
    pressed().await;
}
