//! Errors for names of operations that do not exist.

use crate::call::suggestion;
use crate::error::Error;
use crate::generated::{edits, operations};

/// Returns the error for a call by a name that no operation has. It suggests a similar one, or else those of the resource.
#[must_use]
pub fn unknown_operation(name: &str) -> Error {
    let calls = operations::ALL.iter().flat_map(|operation| {
        let find = operation.find.map(|find| find.call);
        std::iter::once(operation.id).chain(find)
    });
    unknown("operation", "products.list", name, &calls.collect::<Vec<_>>())
}

/// Returns the error for an edit by a name that no edit has. It suggests a similar one.
#[must_use]
pub fn unknown_edit(name: &str) -> Error {
    let ids: Vec<_> = edits::ALL.iter().map(|edit| edit.id).collect();
    unknown("edit", "flag_values.edit", name, &ids)
}

fn unknown(what: &str, example: &str, name: &str, known: &[&str]) -> Error {
    // A name that is known elsewhere: a search, for instance, has no pages.
    let others = known.iter().copied().filter(|other| *other != name);
    let hint = match suggestion(name, others) {
        Some(similar) => format!("did you mean {similar}?"),
        None => of_resource(name, known).unwrap_or_else(|| format!("{what}s have names such as {example}")),
    };
    Error::bad_request(format!("unknown {what} {name:?}; {hint}"))
}

/// Lists what the resource of a name has.
fn of_resource(name: &str, known: &[&str]) -> Option<String> {
    let (resource, _) = name.split_once('.')?;
    let methods: Vec<_> = known
        .iter()
        .filter_map(|other| other.split_once('.').filter(|(owner, _)| *owner == resource))
        .map(|(_, method)| method)
        .collect();
    (!methods.is_empty()).then(|| format!("{resource} has {}", methods.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_operations_get_a_suggestion() {
        let said = |name: &str| unknown_operation(name).message().to_owned();
        assert_eq!(said("settings.lst"), "unknown operation \"settings.lst\"; did you mean settings.list?");
        assert_eq!(said("setting.find"), "unknown operation \"setting.find\"; did you mean settings.find?");
        assert_eq!(
            said("tags.purge_everything"),
            "unknown operation \"tags.purge_everything\"; tags has list, find, create, get, update, delete, list_settings"
        );
        assert_eq!(said("x"), "unknown operation \"x\"; operations have names such as products.list");
    }

    #[test]
    fn unknown_edits_get_a_suggestion() {
        let said = unknown_edit("flag_value.edit").message().to_owned();
        assert_eq!(said, "unknown edit \"flag_value.edit\"; did you mean flag_values.edit?");
    }
}
