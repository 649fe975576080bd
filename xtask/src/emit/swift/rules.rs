//! Rules in Swift: a method per comparator, and the variants of enums as properties.

use super::{DIR, header, ident, ty};
use crate::emit::comparators::{self, Comparator, Takes};
use crate::emit::slashes as doc;
use crate::emit::{Context, File};
use crate::model::SchemaKind;
use crate::model::names::Name;
use anyhow::Result;
use std::fmt::Write;

/// Writes the methods of an attribute, and the variants of enums as properties.
pub fn files(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut text = header();
    text.push_str("/// A user attribute, with a method per comparator. See ``When``.\npublic struct Attribute: Sendable, Hashable {\n    /// Name of the attribute, case-sensitive.\n    public let name: String\n\n    /// Creates an attribute by its name: 1 to 1000 characters.\n    public init(_ name: String) { self.name = name }\n\n");
    for comparator in comparators::all(cx.api)? {
        method(&mut text, &comparator);
    }
    text.push_str("    private func list(_ comparator: UserComparator, _ values: [String]) -> UpdateCondition {\n        compare(comparator, .list(values.map { UpdateComparisonValueList(value: $0) }))\n    }\n\n    private func compare(_ comparator: UserComparator, _ value: UpdateComparisonValue) -> UpdateCondition {\n        .user(UpdateUserCondition(comparisonAttribute: name, comparator: comparator, comparisonValue: value))\n    }\n}\n");
    let attribute = File { path: format!("{DIR}/Attribute.swift"), text };
    Ok(vec![attribute, variants(cx)])
}

fn method(text: &mut String, comparator: &Comparator<'_>) {
    let value = format!(".{}", Name::new(&comparator.value.variant()).camel());
    let (ty, body) = match comparator.takes {
        Takes::List => ("[String]", format!("list({value}, values)")),
        Takes::String => ("String", format!("compare({value}, .string(value))")),
        Takes::Number => ("Double", format!("compare({value}, .double(value))")),
    };
    let _ = writeln!(
        text,
        "{}    public func {}(_ {}: {ty}) -> UpdateCondition {{ {body} }}\n",
        doc(&comparator.doc(), "    "),
        ident(&comparator.method),
        comparator.argument(),
    );
}

fn variants(cx: &Context<'_>) -> File {
    let mut text = header();
    for schema in cx.api.schemas.iter().filter(|schema| schema.one_of) {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        let _ = writeln!(text, "extension {} {{", schema.name);
        for field in fields {
            let case = Name::new(&schema.variant(field)).camel();
            let _ = writeln!(
                text,
                "    /// The value of the case `{case}`, or `nil` if it is another one.\n    public var {}: {}? {{\n        if case .{case}(let value) = self {{ value }} else {{ nil }}\n    }}\n",
                ident(&field.name),
                ty(&field.ty),
            );
        }
        let end = text.trim_end().len();
        text.truncate(end);
        text.push_str("\n}\n\n");
    }
    File { path: format!("{DIR}/Variants.swift"), text: format!("{}\n", text.trim_end()) }
}
