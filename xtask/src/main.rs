//! `cargo xtask`: generates, checks, tests and measures the project.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]
#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null, it does not panic")]

mod commands;
mod drift;
mod emit;
mod fidelity;
mod model;
mod pages;
mod parity;
mod parts;
mod prose;
mod structure;
mod support;
mod workflows;

use clap::{Args, Parser, Subcommand};
use commands::{
    bench, codegen, demo, dist, docs, drift as drift_command, lint, nightly, setup, test, update, verify,
};
use parts::{kotlin, rust, swift};
use std::path::PathBuf;
use std::process::ExitCode;
use support::lanes::{self, Lane};
use support::python::Profile;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Generates, checks, tests and measures the project.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Selection of parts of a lane.
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
    /// Tests every language whose tools are installed; takes minutes.
    Test(Chosen),
    /// Runs the longer checks: memory checkers, distributions, type checkers, third-party tools.
    Verify(Chosen),
    /// Runs the checks that take too long for every change: fuzzing, more seeds, instruction counts, reproducible builds.
    Nightly(Chosen),
    /// Checks formatting, generated files, clippy, licences, code structure and prose.
    Lint(Chosen),
    /// Installs the Debian packages and other tools that the parts need.
    Setup {
        /// Installs without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Writes every generated file from api/openapi.yaml, docs/simulator-fidelity.md and docs/parity.md.
    Codegen {
        /// Only lists stale files; fails if there are any.
        #[arg(long)]
        check: bool,
        /// Accepts moved or removed fields, which breaks users of positional arguments.
        #[arg(long)]
        move_fields: bool,
    },
    /// Compares api/openapi.yaml with another OpenAPI document; fails if they differ.
    Drift {
        /// The other document, YAML or JSON.
        file: PathBuf,
    },
    /// Builds the libraries and bindings into the Kotlin project, for Maven and editors.
    Kotlin,
    /// Builds the libraries and bindings into the Swift package, for the compiler and editors.
    Swift,
    /// Updates the snapshot that a check compares with.
    Update {
        #[arg(value_enum)]
        kept: update::Kept,
    },
    /// Builds and checks the distributions.
    Dist(Chosen),
    /// Builds the documentation of every language as a site in target/docs, and checks it in a browser.
    Docs(Chosen),
    /// Fuzzes the code that parses untrusted input, with libFuzzer.
    Fuzz {
        /// `responses`, `headers`, `error_bodies`, `webhook`, `patch`, `spec`, `seeds`, `c`; all if none is named.
        targets: Vec<String>,
        /// Seconds for each target.
        #[arg(long, default_value_t = 600)]
        seconds: u32,
    },
    /// Benchmarks the clients against their alternatives; refuses on a busy machine. Figures go to target/bench.json.
    Bench {
        #[command(flatten)]
        chosen: Chosen,
        #[command(flatten)]
        options: bench::Options,
    },
}

// Numbers of parts that run at once, chosen for two cores. Most tests spend their time waiting; the longer checks are CPU-bound.
const TEST: Lane = Lane { name: "test", parts: test::PARTS, concurrent: 3, alone: &[] };
const VERIFY: Lane = Lane { name: "verify", parts: verify::PARTS, concurrent: 2, alone: verify::ALONE };
const NIGHTLY: Lane = Lane { name: "nightly", parts: nightly::PARTS, concurrent: 1, alone: &[] };
const LINT: Lane = Lane { name: "lint", parts: lint::PARTS, concurrent: 1, alone: &[] };
const DOCS: Lane = Lane { name: "docs", parts: docs::PARTS, concurrent: 2, alone: docs::ALONE };
const DIST: Lane = Lane { name: "dist", parts: dist::PARTS, concurrent: 1, alone: &[] };

fn run_lane(lane: &Lane, chosen: &Chosen) -> anyhow::Result<ExitCode> {
    if chosen.list {
        return Ok(lanes::list(lane.parts));
    }
    lanes::run(lane, &lanes::chosen(lane.parts, &chosen.parts)?)
}

/// Runs the test lane. Fails before anything is compiled if generated files are stale.
fn test_lane(chosen: &Chosen) -> anyhow::Result<ExitCode> {
    if !chosen.list {
        anyhow::ensure!(codegen::is_fresh()?, "generated files are stale: run `cargo xtask codegen`");
    }
    run_lane(&TEST, chosen)
}

fn main() -> ExitCode {
    let done = |result: anyhow::Result<()>| result.map(|()| ExitCode::SUCCESS);
    let result = match Cli::parse().command {
        Command::Demo => demo::run_command(),
        Command::Test(chosen) => test_lane(&chosen),
        Command::Verify(chosen) => run_lane(&VERIFY, &chosen),
        Command::Nightly(chosen) => run_lane(&NIGHTLY, &chosen),
        Command::Lint(chosen) => run_lane(&LINT, &chosen),
        Command::Update { kept } => done(update::run(kept)),
        Command::Dist(chosen) => run_lane(&DIST, &chosen),
        Command::Docs(chosen) => run_lane(&DOCS, &chosen),
        Command::Setup { yes } => setup::run_command(yes),
        Command::Codegen { check, move_fields } => codegen::run(check, move_fields),
        Command::Drift { file } => drift_command::run(&file),
        Command::Kotlin => done(kotlin::prepare(Profile::Dev)),
        Command::Swift => done(swift::prepare(Profile::Dev)),
        Command::Fuzz { targets, seconds } => done(rust::fuzz::run(&targets, seconds)),
        Command::Bench { chosen, .. } if chosen.list => Ok(lanes::list(bench::PARTS)),
        Command::Bench { chosen, options } => bench::run_command(&chosen.parts, &options),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
