//! Applying plans

use super::super::bulk::{Progress, ccm_progress};
use super::super::call::wait;
use super::super::client::{ccm_client, shared};
use super::super::error::ccm_error;
use super::super::failure::CResult;
use super::super::guard::handing_out;
use super::super::handle::borrow;
use super::super::status::ccm_status;
use super::plan::ccm_plan;
use super::planning::plan_options;
use super::product_document::ccm_product_document;
use super::report::ccm_report;
use configcat_management::changes::{Document, Plan, PlanOptions, Report};
use configcat_management::{Client, Error};
use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Applies a plan, and waits until all steps have completed. This thread runs all of its requests.
///
/// The plan is made again first. A step that differs from it is a conflict, which does not stop the others. Errors of requests that
/// write are in the report. Applying a plan again continues: what is done is not repeated, and nothing is created twice.
///
/// @param client The client.
/// @param plan The plan.
/// @param progress Called after each request with the number of completed steps and of all steps; false cancels the steps that have
///        not completed. NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @param report Receives the report, to be freed with ccm_report_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK, also if steps failed: see ccm_report_is_complete(); CCM_BAD_REQUEST if the service would refuse steps of the plan;
///         CCM_CANCELLED if the callback has cancelled it: no further request is sent, steps have been applied, and there is no
///         report; or the cause of the failure of a request that reads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_apply(
    client: *const ccm_client,
    plan: *const ccm_plan,
    progress: ccm_progress,
    user_data: *mut c_void,
    report: *mut *mut ccm_report,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(report, "report", error, || {
            let plan = Input::Plan(&borrow(plan)?.plan);
            applied("ccm_apply()", client, plan, Progress::of(progress, user_data))
        })
    }
}

/// Makes a plan and applies it at once, without reading again in between, and waits until all steps have completed.
///
/// @param client The client.
/// @param document The desired state.
/// @param options Options of ccm_plan_new(); NULL for none.
/// @param progress Called after each request that writes, as for ccm_apply(); NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @param report Receives the report, to be freed with ccm_report_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return See ccm_plan_new() and ccm_apply().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_apply_document(
    client: *const ccm_client,
    document: *const ccm_product_document,
    options: *const c_char,
    progress: ccm_progress,
    user_data: *mut c_void,
    report: *mut *mut ccm_report,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(report, "report", error, || {
            let options = plan_options(options)?;
            let document = Input::Document(&borrow(document)?.document, &options);
            applied("ccm_apply_document()", client, document, Progress::of(progress, user_data))
        })
    }
}

/// What is applied.
enum Input<'a> {
    Plan(&'a Plan),
    Document(&'a Document, &'a PlanOptions),
}

/// Waits until something is applied, and hands out the report.
unsafe fn applied(
    function: &str,
    client: *const ccm_client,
    input: Input<'_>,
    progress: Option<Progress>,
) -> CResult<*mut ccm_report> {
    let client = unsafe { shared(client) }?.client()?;
    Ok(ccm_report::hand(wait(function, apply(&client, input, progress))?))
}

/// Applies a plan or a document until the callback cancels it.
async fn apply(client: &Client, input: Input<'_>, progress: Option<Progress>) -> Result<Report, Error> {
    let (cancelled, stop) = (AtomicBool::new(false), Notify::new());
    let after_request = |now: configcat_management::changes::Progress| {
        let goes_on = |progress: Progress| progress.report(now.completed, now.total);
        // Several requests may complete before the cancellation takes effect.
        let stops = !cancelled.load(Ordering::Relaxed) && !progress.is_none_or(goes_on);
        if stops && now.completed < now.total {
            cancelled.store(true, Ordering::Relaxed);
            stop.notify_one();
        }
    };
    let applied = async {
        match input {
            Input::Plan(plan) => client.apply_with(plan, after_request).await,
            Input::Document(document, options) => {
                client.apply_document_with(document, options, after_request).await
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.notified() => Err(Error::cancelled("applying the plan was cancelled")),
        report = applied => report,
    }
}
