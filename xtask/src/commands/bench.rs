//! `cargo xtask bench`: ratios, measured side by side in one run.

use super::bench_report;
use super::parts::{self, Part};
use super::process::{cargo, root, run, step};
use super::python_env::{Environment, Profile, simulator};
use super::servers::Running;
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const PARTS: &[Part] = &[
    ("rust", rust),
    ("python", python),
    ("c", super::c_bench::bench),
    ("kotlin", super::kotlin_bench::bench),
    ("swift", super::swift::bench),
    ("pacing", pacing),
    ("simulator", simulator_bench),
    ("instructions", || super::instructions_bench::bench(&program()?)),
];

pub fn run_command(chosen: &[String]) -> Result<ExitCode> {
    let wanted = parts::chosen(PARTS, chosen)?;
    if std::env::var_os(bench_report::COLLECTED).is_none() {
        bench_report::run(&wanted.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (name, part) in wanted {
        part().with_context(|| (*name).to_owned())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The measuring program, built.
fn program() -> Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--release", "--package", "bench"]))?;
    Ok(root().join("target/release").join(format!("bench{}", std::env::consts::EXE_SUFFIX)))
}

pub fn output(command: &mut Command) -> Result<String> {
    let out = command.stderr(Stdio::inherit()).output()?;
    ensure!(out.status.success(), "{:?} ended with {}", command.get_program(), out.status);
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}

/// A server that plays the simulator's answers, among them a config of 1,000 flags and one of 10,000.
pub fn recorded() -> Result<(Running, PathBuf, String, String)> {
    let program = program()?;
    let simulator = Running::start(Profile::Release, &[])?;
    step("recording answers, with 11,000 flags");
    let fill = |flags: &str| output(Command::new(&program).args(["--url", &simulator.url, "fill", flags]));
    let (small, large) = (fill("1000")?, fill("10000")?);
    let list = |config: &str| format!("/v1/configs/{config}/settings");
    let paths = ["/v1/me".to_owned(), list(&small), list(&large)];
    let player = Running::spawn(Command::new(&program).args(["--url", &simulator.url, "play"]).args(paths))?;
    Ok((player, program, small, large))
}

fn rust() -> Result<()> {
    let (player, program, small, large) = recorded()?;
    let part = |arguments: &[&str]| run(Command::new(&program).args(["--url", &player.url]).args(arguments));
    part(&["clients", &small, &large])?;
    part(&["memory", &large])?;
    (0..3).try_for_each(|_| part(&["first-call"]))
}

fn python() -> Result<()> {
    let environment = Environment::prepare(Profile::Release)?;
    // The last three are what the generated client imports.
    environment.require(&["httpx", "requests", "pydantic", "python-dateutil", "urllib3"])?;
    let generated = generated_client("python", &["--package-name", "generated_client"]);
    let (player, program, small, large) = recorded()?;
    let mut clients = environment.python();
    clients.args(["bench/python/clients.py", &player.url, &small, &large]);
    match super::interop::npm_package("axios@1.21.1") {
        Some(modules) => {
            // A module is looked up from the script that imports it.
            let script = modules.join("axios-bench.mjs");
            std::fs::copy(root().join("bench/node/axios.mjs"), &script)?;
            clients.arg("node").arg(script);
        }
        None => println!("SKIPPED: Node with axios, for npm could not install it"),
    }
    match generated {
        Ok(folder) => drop(clients.env("PYTHONPATH", folder)),
        Err(error) => println!("SKIPPED: the client of openapi-generator: {error:#}"),
    }
    run(&mut clients)?;
    // In a process of its own, which has held nothing yet.
    run(environment.python().args(["bench/python/memory.py", &player.url, &large]))?;
    for _ in 0..3 {
        run(environment.python().args(["bench/python/first_call.py", &player.url]))?;
    }
    run(Command::new(&program).args(["--url", &player.url, "floor", &small, &large]))
}

/// A client that openapi-generator makes of a description: ours, or the one that `BENCH_DOCUMENT` names.
pub fn generated_client(language: &str, options: &[&str]) -> Result<PathBuf> {
    let environment = Environment::tools()?;
    environment.require(&["openapi-generator-cli==7.26.0"])?;
    let document = std::env::var("BENCH_DOCUMENT").unwrap_or_else(|_| "api/openapi.yaml".into());
    step(&format!("openapi-generator makes a client for {language} of {document}"));
    let folder = root().join("target/bench-generated").join(language);
    let mut generator = environment.python();
    const RUN: &str = "import sys; from openapi_generator_cli import cli; sys.exit(cli())";
    generator.args(["-c", RUN, "generate", "--generator-name", language]).args(options);
    generator.args(["--input-spec", &document, "--output"]).arg(&folder);
    run(generator.stdout(Stdio::null()))?;
    Ok(folder)
}

fn pacing() -> Result<()> {
    super::pacing_bench::bench(&program()?)
}

fn simulator_bench() -> Result<()> {
    let program = program()?;
    let binary = simulator(Profile::Release)?;
    let mut ready: Vec<Duration> = (0..21).map(|_| first_line(&binary)).collect::<Result<_>>()?;
    ready.sort();
    let middle = ready.get(ready.len() / 2).copied().unwrap_or_default();
    let last = ready.last().copied().unwrap_or_default();
    println!("simulator ready: {:.1} ms median, {:.1} ms at most of {}", ms(middle), ms(last), ready.len());
    // The simulator has one thread; the load comes from another core.
    let running = Running::start(Profile::Release, &[])?;
    println!("{:<14}{:>14}{:>12}{:>12}", "connections", "requests/s", "p50", "p99");
    for connections in ["1", "16"] {
        let mut rates: Vec<(u64, String)> = Vec::new();
        for _ in 0..3 {
            let line =
                output(Command::new(&program).args(["--url", &running.url, "load", connections, "3"]))?;
            let Some(rate) = line.split_whitespace().next() else { bail!("no figure") };
            rates.push((rate.parse()?, line));
        }
        rates.sort();
        let (_, line) = rates.get(1).context("no figure")?;
        let mut parts = line.split_whitespace();
        let mut next = || parts.next().unwrap_or("?").to_owned();
        println!("{connections:<14}{:>14}{:>9} us{:>9} us", next(), next(), next());
    }
    drop(running);
    super::bench_servers::restart()?;
    super::bench_servers::compare(&program)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How long the simulator takes from its start until it says where it listens.
fn first_line(binary: &PathBuf) -> Result<Duration> {
    let start = Instant::now();
    let mut child = Command::new(binary).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
    let took = start.elapsed();
    child.kill()?;
    child.wait()?;
    ensure!(line.starts_with("http://"), "it said {line:?}");
    Ok(took)
}
