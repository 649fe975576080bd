//! `cargo xtask nightly`: checks that take too long for every change.

use crate::parts::{bench, reproducible, rust};
use crate::support::lanes::Part;

/// Fuzzing time per target, in seconds.
const FUZZ: u32 = 60;

pub const PARTS: &[Part] = &[
    Part { name: "fuzz", about: "every fuzz target for a minute", run: || rust::fuzz::run(&[], FUZZ) },
    Part { name: "ledger", about: "10,000 calls per seed under faults, 20 seeds", run: rust::long::ledger },
    Part {
        name: "simulation",
        about: "the rate limiter in virtual time, 6,000 seeds",
        run: rust::long::simulation,
    },
    Part { name: "kept", about: "60 kills of the simulator while it writes", run: rust::long::kept },
    Part {
        name: "states",
        about: "200 random states of the simulator, written back and exported as seeds",
        run: rust::long::states,
    },
    Part {
        name: "instructions",
        about: "instruction counts of fixed workloads, compared with the recorded ones",
        run: bench::count_instructions,
    },
    Part {
        name: "crates",
        about: "the crates as published, with the oldest supported compiler and dependencies",
        run: rust::crates::check,
    },
    Part {
        name: "reproducible",
        about: "library and wheel built twice, with identical bytes",
        run: reproducible::check,
    },
];
