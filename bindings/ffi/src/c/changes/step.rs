//! Steps of plans

use super::super::failure::quiet;
use super::super::handle::borrow;
use super::super::value::{ccm_value, pointer};
use super::plan::ccm_plan;
use super::text::string_of;
use crate::tree::Value;
use configcat_management::changes::{Action, Step};
use serde_json::json;
use std::ffi::c_char;
use std::ptr;

/// What a step does with an entity.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_step_action {
    /// There is no such step.
    CCM_STEP_NONE = 0,
    /// Creates it.
    CCM_STEP_CREATE = 1,
    /// Changes it.
    CCM_STEP_UPDATE = 2,
    /// Deletes it and creates it again, because a field of it cannot be changed.
    CCM_STEP_REPLACE = 3,
    /// Deletes it.
    CCM_STEP_DELETE = 4,
}

impl ccm_plan {
    /// Returns a member of a step; `None` if there is no such step, or it has no such member.
    fn member(&self, index: usize, name: &str) -> Option<Value<'_>> {
        let write = |step: &Step| {
            json!({
                "section": step.section,
                "place": step.place(),
                "refused": step.refused,
                "note": step.note,
                "before": step.before,
                "after": step.after,
            })
        };
        self.steps.member(|| self.plan.steps.iter().map(write).collect(), index, name)
    }
}

unsafe fn string(plan: *const ccm_plan, index: usize, name: &str) -> *const c_char {
    quiet(ptr::null(), || Ok(string_of(unsafe { borrow(plan) }?.member(index, name))))
}

unsafe fn value(plan: *const ccm_plan, index: usize, name: &str) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(plan) }?.member(index, name))))
}

/// Returns what a step does.
///
/// @param index From 0 to ccm_plan_step_count() - 1.
/// @return CCM_STEP_NONE if there is no such step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_action(plan: *const ccm_plan, index: usize) -> ccm_step_action {
    quiet(ccm_step_action::CCM_STEP_NONE, || {
        let step = unsafe { borrow(plan) }?.plan.steps.get(index);
        Ok(step.map_or(ccm_step_action::CCM_STEP_NONE, |step| match step.action {
            Action::Create => ccm_step_action::CCM_STEP_CREATE,
            Action::Update => ccm_step_action::CCM_STEP_UPDATE,
            Action::Replace => ccm_step_action::CCM_STEP_REPLACE,
            Action::Delete => ccm_step_action::CCM_STEP_DELETE,
        }))
    })
}

/// Returns the section of the entity of a step: "tags", "settings", "values" and so on.
///
/// @return A string that is valid as long as the plan; NULL if there is no such step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_section(plan: *const ccm_plan, index: usize) -> *const c_char {
    unsafe { string(plan, index, "section") }
}

/// Returns the names that lead to the entity of a step, such as "Storefront / newCheckout / Production".
///
/// @return A string that is valid as long as the plan; NULL if there is no such step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_place(plan: *const ccm_plan, index: usize) -> *const c_char {
    unsafe { string(plan, index, "place") }
}

/// Returns why the service would refuse a step.
///
/// @return A string that is valid as long as the plan; NULL if it would not, or there is no such step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_refused(plan: *const ccm_plan, index: usize) -> *const c_char {
    unsafe { string(plan, index, "refused") }
}

/// Returns what to know about a step before it is applied.
///
/// @return A string that is valid as long as the plan; NULL if there is nothing, or no such step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_note(plan: *const ccm_plan, index: usize) -> *const c_char {
    unsafe { string(plan, index, "note") }
}

/// Returns the fields that a step changes, as they are; everything that it deletes. Names are those of documents.
///
/// @return A value that is valid as long as the plan; NULL if there is none, or no such step. ccm_value_json() returns its JSON text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_before(plan: *const ccm_plan, index: usize) -> *const ccm_value {
    unsafe { value(plan, index, "before") }
}

/// Returns the fields that a step changes, as they will be. Names are those of documents.
///
/// @return A value that is valid as long as the plan; NULL if there is none, or no such step. ccm_value_json() returns its JSON text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_step_after(plan: *const ccm_plan, index: usize) -> *const ccm_value {
    unsafe { value(plan, index, "after") }
}
