//! Places in documents.

use crate::changes::section::Section;

/// Returns the place of an entity in a document: `configs[Storefront].settings[newCheckout]`.
pub(crate) fn place(section: &Section, path: &[String]) -> String {
    match path {
        [] => "product".to_owned(),
        [name] => format!("{}[{name}]", section.name),
        [parent, name] => format!("configs[{parent}].{}[{name}]", section.name),
        [config, flag, environment, ..] => format!("configs[{config}].settings[{flag}].values.{environment}"),
    }
}
