//! `cargo xtask`: generates, checks, tests and measures the project.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]
#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null, it does not panic")]

mod commands;
mod drift;
mod emit;
mod model;

use clap::{Parser, Subcommand};
use commands::python_env::Profile;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Generates, checks, tests and measures the project.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes every generated file from api/openapi.yaml.
    Codegen {
        /// Only lists the files that are stale; fails when there are any.
        #[arg(long)]
        check: bool,
    },
    /// Compares api/openapi.yaml with another OpenAPI document; fails when they differ.
    Drift {
        /// The other document, YAML or JSON.
        file: PathBuf,
    },
    /// Runs a Python script against the built-in simulator.
    Demo,
    /// Runs all tests, or those of one part.
    Test {
        /// `rust`, `shuttle`, `python`, `c`, `kotlin`, `swift`, `examples`, `docs`, `dist`, `dist-c`, `interop`, `schemathesis`; all when left out.
        parts: Vec<String>,
    },
    /// Builds the documentation for users of Python into target/docs.
    Docs,
    /// Puts the libraries and bindings into the Kotlin project, for Maven and editors.
    Kotlin,
    /// Puts the libraries and bindings into the Swift package, for its compiler and editors.
    Swift,
    /// Builds what is shipped and checks it: the wheel and source distribution for Python, the libraries for C, JARs.
    Dist {
        /// `python` (target/dist), `c` (target/dist-c), `kotlin` (target/dist-kotlin), `crates` (target/package),
        /// `reproducible` (builds twice and compares); all when left out.
        parts: Vec<String>,
    },
    /// Fuzzes what reads the input of others, with libFuzzer.
    Fuzz {
        /// `answers`, `headers`, `error_bodies`, `webhook`, `patch`, `description`, `seeds`, `c`; all when left out.
        targets: Vec<String>,
        /// For so many seconds each.
        #[arg(long, default_value_t = 600)]
        seconds: u32,
    },
    /// Does what takes too long for every change: fuzzing, more seeds, counted instructions, packages.
    Nightly,
    /// Measures the clients beside what a user would pick instead.
    Bench {
        /// `rust`, `python`, `c`, `kotlin`, `swift`, `pacing`, `simulator`, `instructions`; all when left out.
        parts: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Codegen { check } => commands::codegen::run(check),
        Command::Drift { file } => commands::drift::run(&file),
        Command::Demo => commands::demo::run_command(),
        Command::Docs => commands::docs::build().map(|()| ExitCode::SUCCESS),
        Command::Kotlin => commands::kotlin::prepare(Profile::Dev).map(|()| ExitCode::SUCCESS),
        Command::Swift => commands::swift::prepare(Profile::Dev).map(|()| ExitCode::SUCCESS),
        Command::Dist { parts } => commands::dist::run_command(&parts),
        Command::Fuzz { targets, seconds } => commands::fuzz::run_command(&targets, seconds),
        Command::Nightly => commands::nightly::run_command(),
        Command::Test { parts } => commands::test::run_command(&parts),
        Command::Bench { parts } => commands::bench::run_command(&parts),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
