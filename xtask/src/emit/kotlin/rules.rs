//! Rules in Kotlin: a method per comparator, and the variants of sealed classes as properties.

use super::{DIR, MODELS, doc, header, ident, ty};
use crate::emit::comparators::{self, Comparator, Takes};
use crate::emit::{Context, File};
use crate::model::SchemaKind;
use anyhow::Result;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Writes the methods of an attribute.
pub fn attribute(cx: &Context<'_>) -> Result<File> {
    let models = [
        "UpdateComparisonValue",
        "UpdateComparisonValueList",
        "UpdateCondition",
        "UpdateUserCondition",
        "UserComparator",
    ];
    let imports = models.map(|model| format!("{MODELS}.{model}")).into();
    let mut text = header("configcat.management", &imports);
    text.push_str(&doc("A user attribute, with a method per comparator. See [When].", ""));
    text.push_str("public data class Attribute(public val name: String) {\n");
    for comparator in comparators::all(cx.api)? {
        method(&mut text, &comparator);
    }
    text.push_str("    private fun list(comparator: UserComparator, values: Iterable<String>) =\n        compare(comparator, UpdateComparisonValue.List(values.map { UpdateComparisonValueList(it) }))\n\n    private fun compare(comparator: UserComparator, value: UpdateComparisonValue): UpdateCondition =\n        UpdateCondition.User(UpdateUserCondition(name, comparator, value))\n}\n");
    Ok(File { path: format!("{DIR}/Attribute.kt"), text })
}

fn method(text: &mut String, comparator: &Comparator<'_>) {
    let about = doc(&comparator.doc(), "    ");
    let value = format!("UserComparator.{}", comparator.value.variant());
    // `equals` is a method of every object, and would take any type.
    let name = match ident(&comparator.method).as_str() {
        "equals" => "equalTo".to_owned(),
        name => name.to_owned(),
    };
    let _ = match comparator.takes {
        Takes::List => writeln!(
            text,
            "{about}    public fun {name}(values: Iterable<String>): UpdateCondition = list({value}, values)\n\n{about}    public fun {name}(vararg values: String): UpdateCondition = list({value}, values.asList())\n"
        ),
        Takes::String => writeln!(
            text,
            "{about}    public fun {name}(value: String): UpdateCondition =\n        compare({value}, UpdateComparisonValue.String(value))\n"
        ),
        Takes::Number => writeln!(
            text,
            "{about}    public fun {name}(value: Double): UpdateCondition =\n        compare({value}, UpdateComparisonValue.Double(value))\n"
        ),
    };
}

/// Writes the variants of sealed classes as properties.
pub fn variants(cx: &Context<'_>) -> File {
    let mut body = String::new();
    for schema in cx.api.schemas.iter().filter(|schema| schema.one_of) {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        for field in fields {
            let (name, variant) = (&schema.name, schema.variant(field));
            let _ = writeln!(
                body,
                "{}public val {name}.{}: {}?\n    get() = (this as? {name}.{variant})?.v1\n",
                doc(&format!("The value of [{name}.{variant}], or `null` if it is another variant."), ""),
                ident(&field.name),
                ty(&field.ty),
            );
        }
    }
    let text = header(MODELS, &BTreeSet::new());
    let text = text.replacen("package ", "@file:JvmName(\"Variants\")\n\npackage ", 1);
    File { path: format!("{DIR}/models/Variants.kt"), text: format!("{text}{}\n", body.trim_end()) }
}
