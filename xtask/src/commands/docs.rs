//! `cargo xtask docs`: the documentation of every language as one site.

use crate::parts::site::{self, reference};
use crate::support::lanes::Part;
use anyhow::Result;

/// The pages link to the references, and the checks need the pages.
pub const ALONE: &[&str] = &["site", "check"];

/// The part that takes longest comes first.
pub const PARTS: &[Part] = &[
    Part { name: "kotlin", about: "reference of Kotlin and Java, by Dokka", run: reference::kotlin },
    Part { name: "rust", about: "reference of the crates, by rustdoc", run: reference::rust },
    Part { name: "swift", about: "reference of Swift, by DocC", run: reference::swift },
    Part { name: "c", about: "references of C and C++, by Doxygen", run: reference::c },
    Part { name: "site", about: "the pages, with the references that are built", run: site::build },
    Part {
        name: "check",
        about: "the pages in Chromium: overflow, contrast, links, weights, search",
        run: site::check::run,
    },
];

/// Runs all parts in sequence, as one part of another lane.
pub fn all() -> Result<()> {
    PARTS.iter().try_for_each(|part| (part.run)())
}
