//! `cargo xtask bench`: benchmarks against alternatives. Ratios are measured side by side in one run.

use crate::parts::{bench, c, kotlin, swift};
use crate::support::lanes::{Part, chosen};
use anyhow::{Context as _, Result};
use std::process::ExitCode;

pub const PARTS: &[Part] = &[
    Part { name: "rust", about: "the Rust client against reqwest and hyper", run: bench::rust },
    Part {
        name: "python",
        about: "the Python client against httpx, requests, axios and a generated client",
        run: bench::python,
    },
    Part { name: "c", about: "the C library against libcurl with JSON libraries", run: c::bench::bench },
    Part {
        name: "kotlin",
        about: "the Kotlin client against a generated Java client",
        run: kotlin::bench::bench,
    },
    Part { name: "swift", about: "the Swift client against URLSession", run: swift::bench },
    Part { name: "pacing", about: "up to 64 processes that share a budget", run: bench::shared_budget },
    Part {
        name: "simulator",
        about: "the simulator against WireMock and Prism",
        run: bench::simulator_under_load,
    },
    Part { name: "instructions", about: "instruction counts of fixed workloads", run: bench::instructions },
];

pub fn run_command(names: &[String]) -> Result<ExitCode> {
    let wanted = chosen(PARTS, names)?;
    if std::env::var_os(bench::report::COLLECTED).is_none() {
        bench::report::run(&wanted.iter().map(|part| part.name).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for part in wanted {
        (part.run)().with_context(|| part.name.to_owned())?;
    }
    Ok(ExitCode::SUCCESS)
}
