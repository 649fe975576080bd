//! Plans

use super::super::error::ccm_error;
use super::super::failure::quiet;
use super::super::guard::handing_out;
use super::super::handle::{borrow, give, handle, take};
use super::super::status::ccm_status;
use super::product_document::utf8;
use super::text::{KeptItems, KeptText, kept};
use configcat_management::changes::Plan;
use std::ffi::c_char;

/// Ordered steps from the actual state of a product to the one of a document, with their price.
///
/// Created by ccm_plan_new(), ccm_promote(), ccm_compare(), ccm_clone_product() and ccm_plan_parse(), freed by ccm_plan_free(). It is
/// immutable, so that any thread may read it. Its strings and values are valid as long as the plan.
pub struct ccm_plan {
    pub(super) plan: Plan,
    pub(super) steps: KeptItems,
    summary: KeptText,
    plain: KeptText,
    coloured: KeptText,
    markdown: KeptText,
    json: KeptText,
}

handle!(ccm_plan, b"ccmplan_");

impl ccm_plan {
    pub(super) fn hand(plan: Plan) -> *mut Self {
        give(Self {
            plan,
            steps: KeptItems::default(),
            summary: KeptText::default(),
            plain: KeptText::default(),
            coloured: KeptText::default(),
            markdown: KeptText::default(),
            json: KeptText::default(),
        })
    }
}

/// Parses a plan that was saved with ccm_plan_json().
///
/// @param json The JSON text; copied.
/// @param length Length in bytes, or CCM_NUL.
/// @param plan Receives the plan, to be freed with ccm_plan_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_BAD_REQUEST if it is not a plan, or one of a newer format; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_parse(
    json: *const c_char,
    length: usize,
    plan: *mut *mut ccm_plan,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(plan, "plan", error, || Ok(ccm_plan::hand(Plan::from_json(utf8(json, length, "json")?)?)))
    }
}

/// Returns the number of steps; 0 if there is nothing to do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_count(plan: *const ccm_plan) -> usize {
    quiet(0, || Ok(unsafe { borrow(plan) }?.plan.steps.len()))
}

/// Returns the number of requests that applying the plan sends, without retries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_requests(plan: *const ccm_plan) -> u32 {
    quiet(0, || Ok(unsafe { borrow(plan) }?.plan.price.requests))
}

/// Returns the number of requests that making the plan has sent, without retries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_reads(plan: *const ccm_plan) -> u32 {
    quiet(0, || Ok(unsafe { borrow(plan) }?.plan.price.reads))
}

/// Returns the number of steps that the service would refuse. A plan with such steps is not applied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_refused_count(plan: *const ccm_plan) -> usize {
    quiet(0, || Ok(unsafe { borrow(plan) }?.plan.refused().count()))
}

/// Returns one line: the number of steps by action, and the price.
///
/// @return A string that is valid as long as the plan; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_summary(plan: *const ccm_plan) -> *const c_char {
    unsafe { kept(plan, |p| &p.summary, |p| p.plan.summary()) }
}

/// Writes the plan for a terminal.
///
/// @param colour Whether to use colours (ANSI escape sequences).
/// @return A string that is valid as long as the plan; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_text(plan: *const ccm_plan, colour: bool) -> *const c_char {
    unsafe { kept(plan, |p| if colour { &p.coloured } else { &p.plain }, |p| p.plan.to_text(colour)) }
}

/// Writes the plan as Markdown, for pull requests.
///
/// @return A string that is valid as long as the plan; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_markdown(plan: *const ccm_plan) -> *const c_char {
    unsafe { kept(plan, |p| &p.markdown, |p| p.plan.to_markdown()) }
}

/// Writes the plan as JSON, to be saved and applied later.
///
/// @return A string that is valid as long as the plan; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_json(plan: *const ccm_plan) -> *const c_char {
    unsafe { kept(plan, |p| &p.json, |p| p.plan.to_json()) }
}

/// Frees a plan with its strings and values. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_free(plan: *mut ccm_plan) {
    drop(unsafe { take(plan) });
}
