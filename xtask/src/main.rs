//! `cargo xtask`: generates, checks, tests and measures the project.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]
#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null, it does not panic")]

mod commands;
mod drift;
mod emit;
mod model;
mod parts;
mod structure;
mod support;

use clap::{Args, Parser, Subcommand};
use commands::{
    bench, codegen, demo, dist, drift as drift_command, lint, nightly, setup, test, update, verify,
};
use parts::{kotlin, rust, swift};
use std::path::PathBuf;
use std::process::ExitCode;
use support::lanes::{self, Part};
use support::python::Profile;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Generates, checks, tests and measures the project.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Parts of a lane.
#[derive(Args)]
struct Chosen {
    /// Parts to run; all if none is named.
    parts: Vec<String>,
    /// Lists the parts instead of running them.
    #[arg(long)]
    list: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a Python script against the built-in simulator.
    Demo,
    /// Tests every language whose tools are on this machine, in minutes.
    Test(Chosen),
    /// Runs the longer checks: memory checkers, distributions, type checkers, other people's tools.
    Verify(Chosen),
    /// Runs what takes too long for every change: fuzzing, more seeds, counted instructions, reproducible builds.
    Nightly(Chosen),
    /// Checks format, generated files, clippy and licences.
    Lint(Chosen),
    /// Installs the Debian packages and other tools that the parts need.
    Setup {
        /// Installs without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Writes every generated file from api/openapi.yaml.
    Codegen {
        /// Only lists the files that are stale; fails if there are any.
        #[arg(long)]
        check: bool,
        /// Accepts fields that moved or are gone, which breaks users of positional arguments.
        #[arg(long)]
        move_fields: bool,
    },
    /// Compares api/openapi.yaml with another OpenAPI document; fails if they differ.
    Drift {
        /// The other document, YAML or JSON.
        file: PathBuf,
    },
    /// Puts the libraries and bindings into the Kotlin project, for Maven and editors.
    Kotlin,
    /// Puts the libraries and bindings into the Swift package, for its compiler and editors.
    Swift,
    /// Writes down what is now, where a check compares with what was written down before.
    Update {
        #[arg(value_enum)]
        kept: update::Kept,
    },
    /// Builds what is shipped, and checks it.
    Dist(Chosen),
    /// Fuzzes what reads the input of others, with libFuzzer.
    Fuzz {
        /// `answers`, `headers`, `error_bodies`, `webhook`, `patch`, `description`, `seeds`, `c`; all if none is named.
        targets: Vec<String>,
        /// Seconds for each target.
        #[arg(long, default_value_t = 600)]
        seconds: u32,
    },
    /// Measures the clients beside what a user would pick instead.
    Bench(Chosen),
}

/// Parts that run concurrently. Most tests wait, so that two cores have enough to do; the longer checks compute.
const CONCURRENT_TESTS: usize = 3;
const CONCURRENT_CHECKS: usize = 2;

fn run_lane(
    name: &str,
    parts: &'static [Part],
    chosen: &Chosen,
    concurrent: usize,
) -> anyhow::Result<ExitCode> {
    if chosen.list {
        return Ok(lanes::list(parts));
    }
    lanes::run(name, &lanes::chosen(parts, &chosen.parts)?, concurrent)
}

/// Stale generated files fail before anything is compiled.
fn test_lane(chosen: &Chosen) -> anyhow::Result<ExitCode> {
    if !chosen.list {
        anyhow::ensure!(codegen::is_fresh()?, "generated files are stale: run `cargo xtask codegen`");
    }
    run_lane("test", test::PARTS, chosen, CONCURRENT_TESTS)
}

fn main() -> ExitCode {
    let done = |result: anyhow::Result<()>| result.map(|()| ExitCode::SUCCESS);
    let result = match Cli::parse().command {
        Command::Demo => demo::run_command(),
        Command::Test(chosen) => test_lane(&chosen),
        Command::Verify(chosen) => run_lane("verify", verify::PARTS, &chosen, CONCURRENT_CHECKS),
        Command::Nightly(chosen) => run_lane("nightly", nightly::PARTS, &chosen, 1),
        Command::Lint(chosen) => run_lane("lint", lint::PARTS, &chosen, 1),
        Command::Update { kept } => done(update::run(kept)),
        Command::Dist(chosen) => run_lane("dist", dist::PARTS, &chosen, 1),
        Command::Setup { yes } => setup::run_command(yes),
        Command::Codegen { check, move_fields } => codegen::run(check, move_fields),
        Command::Drift { file } => drift_command::run(&file),
        Command::Kotlin => done(kotlin::prepare(Profile::Dev)),
        Command::Swift => done(swift::prepare(Profile::Dev)),
        Command::Fuzz { targets, seconds } => done(rust::fuzz::run(&targets, seconds)),
        Command::Bench(chosen) if chosen.list => Ok(lanes::list(bench::PARTS)),
        Command::Bench(chosen) => bench::run_command(&chosen.parts),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
