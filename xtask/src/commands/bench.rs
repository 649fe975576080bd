//! `cargo xtask bench`: benchmarks against alternatives. Ratios are measured side by side in one run.

use crate::parts::{bench, c, kotlin, swift};
use crate::support::lanes::{Part, chosen};
use anyhow::{Context as _, Result};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

pub const PARTS: &[Part] = &[
    Part {
        name: "rust",
        about: "the Rust clients, asynchronous and blocking, against reqwest and hyper",
        run: bench::rust,
    },
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
        name: "jobs",
        about: "plans of the change layer against single calls, and under a rate limit",
        run: bench::jobs,
    },
    Part {
        name: "simulator",
        about: "the simulator against WireMock and Prism",
        run: bench::simulator_under_load,
    },
    Part {
        name: "instructions",
        about: "instruction counts of fixed workloads, compared with the recorded ones",
        run: bench::count_instructions,
    },
];

/// Options of the command.
#[derive(Args)]
pub struct Options {
    /// Measures even if the machine is busy, and marks the figures.
    #[arg(long)]
    anyway: bool,
    /// Afterwards writes docs/performance.md with the figures, and the charts, into this directory.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
}

pub fn run_command(names: &[String], options: &Options) -> Result<ExitCode> {
    let wanted = chosen(PARTS, names)?;
    if std::env::var_os(bench::COLLECTED).is_none() {
        bench::run_parts(&wanted.iter().map(|part| part.name).collect::<Vec<_>>(), options.anyway)?;
        if let Some(folder) = &options.record {
            bench::write_page(Some(folder))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    for part in wanted {
        (part.run)().with_context(|| part.name.to_owned())?;
    }
    Ok(ExitCode::SUCCESS)
}
