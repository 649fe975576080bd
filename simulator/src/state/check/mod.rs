//! Checks of a state that was read from a snapshot or a file: it must be one that requests could have produced.

mod flags;
mod links;
mod numbers;
mod people;
mod structure;

use super::State;
use super::table::Row;
use std::fmt::Display;

/// Why a row is not valid; the row is added by [`each`].
struct Invalid {
    field: &'static str,
    message: String,
}

type Checked = Result<(), Invalid>;

fn invalid(field: &'static str, message: impl Display) -> Invalid {
    Invalid { field, message: message.to_string() }
}

/// Returns an error about a field if a condition does not hold.
fn ensure(holds: bool, field: &'static str, message: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Invalid { field, message: message() }) }
}

/// Returns an error about a field if the row that it refers to does not exist.
fn exists<T>(row: Option<T>, field: &'static str, id: impl Display) -> Result<T, Invalid> {
    row.ok_or_else(|| invalid(field, format!("there is no {id}")))
}

/// Returns an error about a field unless two references lead to the same product.
fn same<T: PartialEq + Display>(field: &'static str, one: &T, other: &T) -> Checked {
    ensure(one == other, field, || format!("it belongs to {one}, not to {other}"))
}

/// Returns an error about a list with more items than the plan allows.
fn at_most(field: &'static str, count: usize, most: usize) -> Checked {
    ensure(count <= most, field, || format!("there are {count}, and the plan allows {most}"))
}

/// Checks all rows of a table. An error names the table, the row by its key, and the field.
fn each<'a, R: Row + 'a>(
    table: &str,
    mut rows: impl Iterator<Item = &'a R>,
    check: impl Fn(&R) -> Checked,
) -> Result<(), String> {
    rows.try_for_each(|row| {
        check(row).map_err(|Invalid { field, message }| {
            let key = serde_json::to_string(&row.key()).unwrap_or_default();
            format!("tables.{table}: row {key}: {field}: {message}")
        })
    })
}

impl State {
    /// Checks all rows. Takes time that is proportional to their number.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.check_structure()?;
        self.check_flags()?;
        self.check_people()?;
        self.check_links()?;
        self.check_numbers()
    }
}
