//! What the service allows, apart from HTTP and from how the state is kept.

pub mod access;
pub mod change_requests;
pub mod comparators;
pub mod formulas;
pub mod paging;
pub mod patching;
pub mod people;
pub mod requirement;
pub mod rollouts;
pub mod urls;
pub mod values;

use crate::problem::Problem;
use configcat_management::Field;
use std::fmt::Display;

/// Refuses a name that something else in the same place has.
pub fn unique<'a>(field: &str, name: &str, mut others: impl Iterator<Item = &'a str>) -> Result<(), Problem> {
    if others.any(|other| other == name) {
        return Err(Problem::field(field, format!("'{name}' is already in use.")));
    }
    Ok(())
}

/// Refuses a name that is empty or blank.
pub fn named(field: &str, name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() { Err(Problem::field(field, "The name must not be empty.")) } else { Ok(()) }
}

/// Refuses one more thing where a plan has enough of them.
pub fn room(field: &str, have: usize, most: impl Display + Copy + PartialOrd<usize>) -> Result<(), Problem> {
    if most > have { Ok(()) } else { Err(Problem::field(field, format!("The plan allows {most}."))) }
}

/// Refuses more things than a plan has.
pub fn at_most(field: impl Into<String>, count: usize, most: i32) -> Result<(), Problem> {
    if i32::try_from(count).is_ok_and(|count| count > most) {
        return Err(Problem::field(field, format!("The plan allows {most}.")));
    }
    Ok(())
}

/// A change where a reason is asked for needs one.
pub fn reason(required: bool, reason: Option<&str>) -> Result<(), Problem> {
    let given = reason.is_some_and(|reason| !reason.trim().is_empty());
    if required && !given { Err(Problem::field("reason", "A reason is required here.")) } else { Ok(()) }
}

/// A change where approvals are asked for has to skip them openly, and by somebody who may.
pub fn approval(required: bool, bypass: Option<bool>, may_bypass: bool) -> Result<(), Problem> {
    if !required {
        return Ok(());
    }
    if bypass != Some(true) {
        let message = "Changes here need an approved change request, or bypassApproval and the right to it.";
        return Err(Problem::field("bypassApproval", message));
    }
    if may_bypass { Ok(()) } else { Err(Problem::forbidden("Your group may not skip the approval here.")) }
}

/// For an update: a value is taken; nothing, and null, leave what is there (see [`crate::assumed`]).
pub fn keep<T>(current: &mut T, wish: Field<T>) {
    if let Some(value) = crate::assumed::on_update(wish) {
        *current = value;
    }
}

/// Like [`keep`], for something that may be missing.
pub fn keep_optional<T>(current: &mut Option<T>, wish: Field<T>) {
    if let Some(value) = crate::assumed::on_update(wish) {
        *current = Some(value);
    }
}
