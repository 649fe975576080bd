//! `cargo xtask dist`: builds and checks the distributions.

use crate::parts::{c, kotlin, python, reproducible, rust};
use crate::support::lanes::Part;

pub const PARTS: &[Part] = &[
    Part { name: "python", about: "wheel and source distribution, in target/dist", run: python::dist::check },
    Part { name: "c", about: "archive with headers and libraries, in target/dist-c", run: c::dist::check },
    Part {
        name: "kotlin",
        about: "JARs, in target/dist-kotlin and Maven's local repository",
        run: kotlin::dist,
    },
    Part {
        name: "crates",
        about: "crates as published, with their software bills of materials",
        run: rust::crates::check,
    },
    Part {
        name: "reproducible",
        about: "library and wheel built twice, with identical bytes",
        run: reproducible::check,
    },
];
