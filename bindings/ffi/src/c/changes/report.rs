//! Reports

use super::super::error::ccm_error;
use super::super::failure::quiet;
use super::super::guard::handing_out;
use super::super::handle::{borrow, give, handle, take};
use super::super::status::ccm_status;
use super::super::value::{ccm_value, pointer};
use super::product_document::{ccm_product_document, utf8};
use super::text::{KeptItems, KeptText, kept, string_of};
use crate::tree::Value;
use configcat_management::changes::{Report, Status, StepOutcome};
use serde_json::json;
use std::ffi::c_char;
use std::ptr;

/// Result of a step.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_step_status {
    /// There is no such outcome.
    CCM_STEP_UNKNOWN = 0,
    /// It was applied.
    CCM_STEP_DONE = 1,
    /// There was nothing to do any more: the entity is as the step wants it.
    CCM_STEP_ALREADY_DONE = 2,
    /// A change request was created, which others have to approve.
    CCM_STEP_REQUESTED = 3,
    /// It was not applied, because the entity has been changed since the plan was made.
    CCM_STEP_CONFLICT = 4,
    /// The service refused it, or did not respond.
    CCM_STEP_FAILED = 5,
    /// It was not applied, because a step that it needs was not.
    CCM_STEP_SKIPPED = 6,
}

impl From<Status> for ccm_step_status {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::CCM_STEP_DONE,
            Status::AlreadyDone => Self::CCM_STEP_ALREADY_DONE,
            Status::Requested => Self::CCM_STEP_REQUESTED,
            Status::Conflict => Self::CCM_STEP_CONFLICT,
            Status::Failed => Self::CCM_STEP_FAILED,
            Status::Skipped => Self::CCM_STEP_SKIPPED,
        }
    }
}

/// What applying a plan did, with what is needed to take it back.
///
/// Created by ccm_apply() and ccm_report_parse(), freed by ccm_report_free(). It is immutable, so that any thread may read it. Its
/// strings and values are valid as long as the report.
pub struct ccm_report {
    report: Report,
    outcomes: KeptItems,
    summary: KeptText,
    plain: KeptText,
    json: KeptText,
}

handle!(ccm_report, b"ccmreprt");

impl ccm_report {
    pub(super) fn hand(report: Report) -> *mut Self {
        give(Self {
            report,
            outcomes: KeptItems::default(),
            summary: KeptText::default(),
            plain: KeptText::default(),
            json: KeptText::default(),
        })
    }

    /// Returns a member of an outcome; `None` if there is no such outcome, or it has no such member.
    fn member(&self, index: usize, name: &str) -> Option<Value<'_>> {
        let write = |outcome: &StepOutcome| json!({ "id": outcome.id, "error": outcome.error, "theirs": outcome.theirs });
        self.outcomes.member(|| self.report.outcomes.iter().map(write).collect(), index, name)
    }
}

/// Parses a report that was saved with ccm_report_json().
///
/// @param json The JSON text; copied.
/// @param length Length in bytes, or CCM_NUL.
/// @param report Receives the report, to be freed with ccm_report_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_BAD_REQUEST if it is not a report, or one of a newer format; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_parse(
    json: *const c_char,
    length: usize,
    report: *mut *mut ccm_report,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(report, "report", error, || {
            Ok(ccm_report::hand(Report::from_json(utf8(json, length, "json")?)?))
        })
    }
}

/// Returns whether every step succeeded.
///
/// @return False for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_is_complete(report: *const ccm_report) -> bool {
    quiet(false, || Ok(unsafe { borrow(report) }?.report.is_complete()))
}

/// Returns the number of requests that were sent, without retries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_requests(report: *const ccm_report) -> u32 {
    quiet(0, || Ok(unsafe { borrow(report) }?.report.requests))
}

/// Returns the number of outcomes, which are in the order of the steps.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_count(report: *const ccm_report) -> usize {
    quiet(0, || Ok(unsafe { borrow(report) }?.report.outcomes.len()))
}

/// Returns the position of the step of an outcome, for the functions of the plan.
///
/// @param index From 0 to ccm_report_count() - 1.
/// @return SIZE_MAX if there is no such outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_step(report: *const ccm_report, index: usize) -> usize {
    quiet(usize::MAX, || {
        let outcome = unsafe { borrow(report) }?.report.outcomes.get(index);
        Ok(outcome.map_or(usize::MAX, |outcome| outcome.step))
    })
}

/// Returns the result of a step.
///
/// @param index From 0 to ccm_report_count() - 1.
/// @return CCM_STEP_UNKNOWN if there is no such outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_status(report: *const ccm_report, index: usize) -> ccm_step_status {
    quiet(ccm_step_status::CCM_STEP_UNKNOWN, || {
        let outcome = unsafe { borrow(report) }?.report.outcomes.get(index);
        Ok(outcome.map_or(ccm_step_status::CCM_STEP_UNKNOWN, |outcome| outcome.status.into()))
    })
}

/// Returns the id of the entity that a step created, or of its change request.
///
/// @param index From 0 to ccm_report_count() - 1.
/// @return A string that is valid as long as the report; NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_id(report: *const ccm_report, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(string_of(unsafe { borrow(report) }?.member(index, "id"))))
}

/// Returns why a step was not applied.
///
/// @param index From 0 to ccm_report_count() - 1.
/// @return A string that is valid as long as the report; NULL if it was applied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_error(report: *const ccm_report, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(string_of(unsafe { borrow(report) }?.member(index, "error"))))
}

/// Returns what others made of the entity of a step, after a conflict.
///
/// @param index From 0 to ccm_report_count() - 1.
/// @return A value that is valid as long as the report; NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_theirs(report: *const ccm_report, index: usize) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(report) }?.member(index, "theirs"))))
}

/// Returns one line: the number of steps by their results.
///
/// @return A string that is valid as long as the report; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_summary(report: *const ccm_report) -> *const c_char {
    unsafe { kept(report, |r| &r.summary, |r| r.report.summary()) }
}

/// Writes the report for a terminal: a line for each step that did not succeed, and the summary.
///
/// @return A string that is valid as long as the report; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_text(report: *const ccm_report) -> *const c_char {
    unsafe { kept(report, |r| &r.plain, |r| r.report.to_text()) }
}

/// Writes the report as JSON, to be saved and taken back later.
///
/// @return A string that is valid as long as the report; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_json(report: *const ccm_report) -> *const c_char {
    unsafe { kept(report, |r| &r.json, |r| r.report.to_json()) }
}

/// Returns the document with the state from before, for everything that was done. ccm_plan_new() shows what taking it back changes;
/// what was deleted comes back with new ids.
///
/// @param document Receives the document, to be freed with ccm_product_document_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_undo(
    report: *const ccm_report,
    document: *mut *mut ccm_product_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(document, "document", error, || {
            Ok(ccm_product_document::hand(borrow(report)?.report.undo()))
        })
    }
}

/// Frees a report with its strings and values. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_report_free(report: *mut ccm_report) {
    drop(unsafe { take(report) });
}
