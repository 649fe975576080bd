//! Rules of the service, independent of HTTP and of how the state is stored.

pub mod access;
pub mod change_requests;
pub mod comparators;
pub mod formulas;
mod json_equality;
pub mod paging;
pub mod patching;
pub mod people;
pub mod proposals;
pub mod requirement;
pub mod rollouts;
pub mod urls;
pub mod values;

use crate::problem::Problem;
use configcat_management::Field;
use std::fmt::Display;

/// Rejects a name that is already in use among `others`.
// Assumed: names and keys that must be unique are compared with their case; a duplicate is refused with 400.
pub fn unique<'a>(field: &str, name: &str, mut others: impl Iterator<Item = &'a str>) -> Result<(), Problem> {
    if others.any(|other| other == name) {
        return Err(Problem::field(field, format!("'{name}' is already in use.")));
    }
    Ok(())
}

/// Rejects a name that is empty or blank.
// Assumed: a name, title or comment of spaces only is refused with 400, like an empty one.
pub fn named(field: &str, name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() { Err(Problem::field(field, "The name must not be empty.")) } else { Ok(()) }
}

/// Rejects adding one more item when the limit of the plan is reached.
// Assumed: one more item than the plan allows is refused with 400.
pub fn room(field: &str, have: usize, most: impl Display + Copy + PartialOrd<usize>) -> Result<(), Problem> {
    if most > have { Ok(()) } else { Err(Problem::field(field, format!("The plan allows {most}."))) }
}

/// Rejects a list with more items than the plan allows.
// Assumed: a longer list than the plan allows is refused with 400.
pub fn at_most(field: impl Into<String>, count: usize, most: i32) -> Result<(), Problem> {
    if i32::try_from(count).is_ok_and(|count| count > most) {
        return Err(Problem::field(field, format!("The plan allows {most}.")));
    }
    Ok(())
}

/// Rejects a change without a reason where a reason is required.
// Documented: a change of a value needs a `reason` where the product or the environment requires one.
// Observed (infrastructure provider): a missing reason is refused with 400 and a text that contains `Reason required`.
// Assumed: a blank reason counts as missing.
pub fn reason(required: bool, reason: Option<&str>) -> Result<(), Problem> {
    let present = reason.is_some_and(|reason| !reason.trim().is_empty());
    if required && !present { Err(Problem::property("reason", "Reason required.")) } else { Ok(()) }
}

/// Rejects a direct change where an approval is required, unless the request explicitly bypasses the approval and the
/// caller may do so.
// Documented: where an approval is required, a direct change needs `bypassApproval` and the right to it.
// Observed (infrastructure provider): a direct change without a required approval is refused with 400 and a text that
// contains `Approval required.`.
// Assumed: `bypassApproval` without the right to it is refused with 403.
pub fn approval(required: bool, bypass: Option<bool>, may_bypass: bool) -> Result<(), Problem> {
    if !required {
        return Ok(());
    }
    if bypass != Some(true) {
        return Err(Problem::property("bypassApproval", "Approval required."));
    }
    if may_bypass { Ok(()) } else { Err(Problem::forbidden("Your group may not skip the approval here.")) }
}

/// Applies a field of an update: a value replaces `current`; absent and null leave it unchanged (see
/// [`crate::assumed`]).
pub fn keep<T>(current: &mut T, input: Field<T>) {
    if let Some(value) = crate::assumed::on_update(input) {
        *current = value;
    }
}

/// Like [`keep`], for an optional value.
pub fn keep_optional<T>(current: &mut Option<T>, input: Field<T>) {
    if let Some(value) = crate::assumed::on_update(input) {
        *current = Some(value);
    }
}
