//! Finds the item of a list that has a name. The rule is the same in every language.

use super::suggest::suggestions;
use crate::error::{Error, ErrorKind, Result};
use crate::spec::validate::Violation;
use crate::spec::{NameFields, Operation};
use crate::transport::response::CallResponse;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Maximum number of similar names in an error.
const NEAR: usize = 3;
/// Maximum number of ids in an error.
const IDS: usize = 5;
/// Longest name for which similar ones are suggested, in bytes. The comparison takes quadratic time.
const COMPARED: usize = 200;

/// Search for the only item of a list with a name, by the first field that an item matches exactly.
///
/// For dynamic callers and bindings; typed callers use the `find` methods of the resources.
#[derive(Debug, Clone)]
pub struct NameSearch {
    operation: &'static Operation,
    by: NameFields,
    wanted: String,
}

impl NameSearch {
    /// Prepares a search in the response of an operation.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if the name is empty, or if the items of the operation have no names.
    pub fn new(operation: &'static Operation, wanted: impl Into<String>) -> Result<Self> {
        let wanted = wanted.into();
        let Some(by) = operation.find else {
            let message = format!("{} does not list items that have names", operation.id);
            return Err(Error::bad_request(message));
        };
        if wanted.is_empty() {
            let empty = Violation { path: by.argument.to_owned(), message: "must not be empty".to_owned() };
            return Err(Error::invalid(&[empty]).with_operation(operation));
        }
        Ok(Self { operation, by, wanted })
    }

    /// The operation whose response is searched.
    #[must_use]
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the position of the item in the response, which has `count` items. `text` returns a field of an item as a string.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] with the ids of the items if several have the name; [`ErrorKind::NotFound`] with similar names if
    /// none has it.
    pub fn pick<'a>(
        &self,
        response: &CallResponse,
        count: usize,
        text: impl Fn(usize, &'static str) -> Option<Cow<'a, str>>,
    ) -> Result<usize> {
        for &field in self.by.fields {
            let has_name = |&index: &usize| text(index, field).as_deref() == Some(&*self.wanted);
            let found: Vec<usize> = (0..count).filter(has_name).collect();
            match *found {
                [] => {}
                [only] => return Ok(only),
                _ => {
                    let ids = found.iter().filter_map(|&index| text(index, self.by.id));
                    let message = self.ambiguous(field, found.len(), ids);
                    return Err(response.fail(Error::new(ErrorKind::Conflict, message)));
                }
            }
        }
        let names = self.by.fields.iter().flat_map(|&field| (0..count).map(move |index| (index, field)));
        let message = self.missing(count, names.filter_map(|(index, field)| text(index, field)));
        Err(response.fail(Error::new(ErrorKind::NotFound, message)))
    }

    fn ambiguous<'a>(&self, field: &str, count: usize, ids: impl Iterator<Item = Cow<'a, str>>) -> String {
        let mut shown: Vec<String> = ids.take(IDS).map(Cow::into_owned).collect();
        if count > IDS {
            shown.push("…".to_owned());
        }
        let (wanted, shown) = (quoted(&self.wanted), shown.join(", "));
        format!("{count} have the {} {wanted}: use an id, one of {shown}", field.replace('_', " "))
    }

    fn missing<'a>(&self, count: usize, names: impl Iterator<Item = Cow<'a, str>>) -> String {
        let fields: Vec<String> = self.by.fields.iter().map(|field| field.replace('_', " ")).collect();
        let near = self.similar(names);
        let hint = match (near.is_empty(), count) {
            (false, _) => format!("did you mean {}?", near.join(" or ")),
            (true, 0) => "the list is empty".to_owned(),
            (true, 1) => "there is 1 other".to_owned(),
            (true, _) => format!("there are {count} others"),
        };
        format!("none has the {} {}; {hint}", fields.join(" or "), quoted(&self.wanted))
    }

    /// Returns similar names in quotes, whatever their case, the most similar first.
    fn similar<'a>(&self, names: impl Iterator<Item = Cow<'a, str>>) -> Vec<String> {
        if self.wanted.len() > COMPARED {
            return Vec::new();
        }
        let mut known: BTreeMap<String, Cow<'a, str>> = BTreeMap::new();
        for name in names.filter(|name| name.len() <= 2 * COMPARED) {
            known.entry(name.to_lowercase()).or_insert(name);
        }
        let near = suggestions(&self.wanted.to_lowercase(), known.keys().map(String::as_str), NEAR);
        near.iter().filter_map(|lower| known.get(*lower)).map(|name| quoted(name)).collect()
    }
}

fn quoted(name: &str) -> String {
    format!("'{name}'")
}
