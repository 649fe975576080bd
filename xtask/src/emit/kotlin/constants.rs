//! Values of enums as constants for Java, where an object of a sealed class is `SettingType.Boolean.INSTANCE`.

use super::{DIR, MODELS, doc, header};
use crate::emit::{Context, File};
use crate::model::SchemaKind;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Writes a class of constants for each enum. Fields of the enum itself would be null while its first value is initialized.
pub fn file(cx: &Context<'_>) -> File {
    let mut body = String::new();
    for schema in &cx.api.schemas {
        let SchemaKind::Enum(values) = &schema.kind else { continue };
        let name = &schema.name;
        let about = format!("Values of [{name}] as constants, for Java.");
        let _ = writeln!(body, "{}public object {} {{", doc(&about, ""), plural(name));
        for value in values {
            let variant = value.variant();
            let _ = writeln!(
                body,
                "    /** [{name}.{variant}]: `{}` in the API. */\n    @JvmField\n    public val {}: {name} = {name}.{variant}\n",
                value.wire(),
                value.member(),
            );
        }
        body.truncate(body.trim_end().len());
        body.push_str("\n}\n\n");
    }
    let text = header(MODELS, &BTreeSet::new());
    File { path: format!("{DIR}/models/Constants.kt"), text: format!("{text}{}\n", body.trim_end()) }
}

/// Returns the plural of a class name.
fn plural(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if name.ends_with('s') => format!("{name}es"),
        None => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_constants_have_the_plural_of_the_enum() {
        assert_eq!(plural("SettingType"), "SettingTypes");
        assert_eq!(plural("ChangeRequestStatus"), "ChangeRequestStatuses");
    }
}
