//! The text of the page.

use super::row::{Language, Row, TABLE};
use std::fmt::Write as _;

/// Writes a table with a row per capability, and a list of what is missing.
pub(super) fn write(rows: &[Row]) -> String {
    let mut text = format!(
        "<!-- @generated Written by `cargo xtask codegen` from {TABLE}. Do not edit. -->\n\n\
         # Capabilities by language\n\n\
         What can each language do? \"yes\" links to the file with the test that proves it; the name of the test is the\n\
         link's title. \"no\" is explained below the table.\n\n| |"
    );
    for (_, name, _) in Language::ALL {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Language::ALL.len()));
    text.push('\n');
    for row in rows {
        let _ = write!(text, "| {} |", row.capability);
        for (language, ..) in Language::ALL {
            match row.tests.get(&language).and_then(|test| test.split_once("::")) {
                Some((file, name)) => {
                    let _ = write!(text, " [yes](../{file} \"{name}\") |");
                }
                None => text.push_str(" no |"),
            }
        }
        text.push('\n');
    }
    text.push_str(&missing(rows));
    text
}

fn missing(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        for (language, name, _) in Language::ALL {
            if let Some(reason) = row.missing.get(&language) {
                let _ = writeln!(text, "- {}, {name}: {reason}.", row.capability);
            }
        }
    }
    if text.is_empty() { text } else { format!("\n## What is missing\n\n{text}") }
}
