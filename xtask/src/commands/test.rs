//! `cargo xtask test`: tests that give feedback on a change within minutes, in every language whose tools are installed.

use crate::parts::{c, examples, guides, kotlin, python, rust, swift};
use crate::support::lanes::Part;

pub const PARTS: &[Part] = &[
    Part {
        name: "rust",
        about: "all crates: unit tests, tests over HTTP, generated files are up to date",
        run: rust::tests::test,
    },
    Part {
        name: "python",
        about: "pytest on the package in a virtual environment",
        run: python::tests::test,
    },
    Part {
        name: "c",
        about: "C and C++ programs against the headers and shared libraries",
        run: c::tests::test,
    },
    Part { name: "kotlin", about: "Kotlin and Java on the JVM, with Maven", run: kotlin::test },
    Part { name: "swift", about: "the Swift package and its examples' tests", run: swift::test },
    Part { name: "guides", about: "the code of the guides, against their output", run: guides::run_all },
    Part {
        name: "examples",
        about: "quickstarts and examples of every language against a simulator",
        run: examples::run_all,
    },
];
