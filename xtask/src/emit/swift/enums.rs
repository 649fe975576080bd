//! Enums in Swift: their texts in the API, by which they are encoded.

use super::{DIR, header};
use crate::emit::{Context, File};
use crate::model::SchemaKind;
use crate::model::names::Name;
use std::fmt::Write;

/// Writes the conformances of the enums whose values are strings.
pub fn file(cx: &Context<'_>) -> File {
    let mut text = header();
    for schema in &cx.api.schemas {
        let SchemaKind::Enum(values) = &schema.kind else { continue };
        let (mut parsed, mut written) = (String::new(), String::new());
        for value in values {
            let case = Name::new(&value.variant()).camel();
            let _ = writeln!(parsed, "        case \"{}\": self = .{case}", value.wire());
            let _ = writeln!(written, "        case .{case}: \"{}\"", value.wire());
        }
        let _ = writeln!(
            text,
            "extension {0}: RawRepresentable, Codable {{\n    /// Creates a value from its text in the API. Any other text is `unknown`.\n    public init(rawValue: String) {{\n        switch rawValue {{\n{parsed}        default: self = .unknown(rawValue)\n        }}\n    }}\n\n    /// The text of the value in the API.\n    public var rawValue: String {{\n        switch self {{\n{written}        case .unknown(let text): text\n        }}\n    }}\n}}\n",
            schema.name
        );
    }
    File { path: format!("{DIR}/Enums.swift"), text: format!("{}\n", text.trim_end()) }
}
