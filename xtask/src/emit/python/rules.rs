//! Writes a method per comparator: `rules.py`.

use super::text::{definition, docstring};
use super::{DIR, header, ident};
use crate::emit::comparators::{self, Takes};
use crate::emit::{Context, File};
use anyhow::Result;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<File> {
    let mut text = header();
    text.push_str("\"\"\"Conditions on user attributes, by comparator.\"\"\"\n\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nfrom .._rules import Comparisons\n\nif TYPE_CHECKING:\n    from collections.abc import Iterable\n\n    from .inputs import UpdateCondition\n    from .types import UpdateComparisonValueListLike\n\n__all__ = [\"Attribute\"]\n\n\nclass Attribute(Comparisons):\n    \"\"\"A user attribute, with a method per comparator.\"\"\"\n\n    __slots__ = ()\n");
    for comparator in comparators::all(cx.api)? {
        let argument = comparator.argument();
        let (ty, function) = match comparator.takes {
            Takes::List => ("Iterable[UpdateComparisonValueListLike | str]", "_list"),
            Takes::String => ("str", "_string"),
            Takes::Number => ("float", "_number"),
        };
        let signature = ["self".to_owned(), format!("{argument}: {ty}")];
        let _ = write!(
            text,
            "\n{}{}        return self.{function}(\"{}\", {argument})\n",
            definition("def", &ident(&comparator.method), &signature, "UpdateCondition"),
            docstring(&comparator.doc(), 8),
            comparator.value.wire(),
        );
    }
    Ok(File { path: format!("{DIR}/rules.py"), text })
}
