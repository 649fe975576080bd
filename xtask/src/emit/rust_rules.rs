//! Writes what the comparators take, and a method for each of them: `core/src/generated/rules.rs`.

use super::comparators::{self, Takes};
use super::rust::{self, doc};
use super::{Context, File};
use anyhow::Result;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let comparators = comparators::all(cx.api)?;
    let mut text = rust::header();
    text.push_str("//! Conditions on user attributes, by comparator.\n\nuse crate::models::{UpdateComparisonValueList, UpdateCondition, UserComparator};\nuse crate::rules::{Attribute, ComparisonType};\n\nimpl UserComparator {\n/// Returns the type of value that the comparator takes; `None` for a comparator that this version does not know.\n#[must_use]\npub const fn takes(&self) -> Option<ComparisonType> {\nSome(match self {\n");
    for (takes, variant) in [(Takes::List, "List"), (Takes::String, "String"), (Takes::Number, "Number")] {
        let values = comparators.iter().filter(|comparator| comparator.takes == takes);
        let values: Vec<String> =
            values.map(|comparator| format!("Self::{}", comparator.value.variant())).collect();
        let _ = writeln!(text, "{} => ComparisonType::{variant},", values.join(" | "));
    }
    text.push_str("Self::Unknown(_) => return None,\n})\n}\n}\n\nimpl Attribute {\n");
    for comparator in &comparators {
        let argument = comparator.argument();
        let ty = match comparator.takes {
            Takes::List => "impl IntoIterator<Item = impl Into<UpdateComparisonValueList>>",
            Takes::String => "impl Into<String>",
            Takes::Number => "impl Into<f64>",
        };
        let value = match comparator.takes {
            Takes::List => "values.into_iter().map(Into::into).collect::<Vec<UpdateComparisonValueList>>()",
            Takes::String => "Into::<String>::into(value)",
            Takes::Number => "Into::<f64>::into(value)",
        };
        let _ = writeln!(
            text,
            "{}#[must_use]\npub fn {}(&self, {argument}: {ty}) -> UpdateCondition {{ self.compare(UserComparator::{}, {value}) }}\n",
            doc(&comparator.doc()),
            comparator.method.snake(),
            comparator.value.variant(),
        );
    }
    text.push_str("}\n");
    Ok(vec![File { path: "core/src/generated/rules.rs".into(), text }])
}
