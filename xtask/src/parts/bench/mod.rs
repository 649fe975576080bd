//! Benchmarks that compare implementations side by side in one run, and code shared by the benchmarks of several languages.

pub mod pacing;
pub mod report;
mod servers;

use crate::support::process::{output, run, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::{Running, simulator};
use crate::support::workspace::{cargo, root, target};
use crate::support::{build, npm, report as reporting};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Builds the benchmark program and returns its path.
fn program() -> Result<PathBuf> {
    let built = build::run(cargo()?.args(["build", "--release", "--package", "bench"]))?;
    built.program("bench").map(Path::to_path_buf)
}

/// Starts a server that replays responses of the simulator, including a config of 1,000 flags and one of 10,000. Returns the
/// server, the benchmark program, and the IDs of both configs.
pub fn recorded() -> Result<(Running, PathBuf, String, String)> {
    let program = program()?;
    let simulator = Running::start(Profile::Release, &[])?;
    step("recording responses, with 11,000 flags");
    let fill = |flags: &str| output(Command::new(&program).args(["--url", &simulator.url, "fill", flags]));
    let (small, large) = (fill("1000")?, fill("10000")?);
    let list = |config: &str| format!("/v1/configs/{config}/settings");
    let paths = ["/v1/me".to_owned(), list(&small), list(&large)];
    let player = Running::spawn(Command::new(&program).args(["--url", &simulator.url, "play"]).args(paths))?;
    Ok((player, program, small, large))
}

pub fn rust() -> Result<()> {
    let (player, program, small, large) = recorded()?;
    let part = |arguments: &[&str]| run(Command::new(&program).args(["--url", &player.url]).args(arguments));
    part(&["clients", &small, &large])?;
    part(&["memory", &large])?;
    (0..3).try_for_each(|_| part(&["first-call"]))
}

pub fn python() -> Result<()> {
    let environment = Environment::prepare(Profile::Release)?;
    // The generated client imports the last three.
    environment.require(&["httpx", "requests", "pydantic", "python-dateutil", "urllib3"])?;
    let generated = generated_client("python", &["--package-name", "generated_client"]);
    let (player, program, small, large) = recorded()?;
    let mut clients = environment.python();
    clients.args(["bench/python/clients.py", &player.url, &small, &large]);
    if let Some(modules) = npm::packages("axios", &["axios@1.21.1"], "Node with axios was not measured")? {
        // Node resolves modules relative to the importing script.
        let script = modules.join("axios-bench.mjs");
        std::fs::copy(root().join("bench/node/axios.mjs"), &script)?;
        clients.arg("node").arg(script);
    }
    match generated {
        Ok(folder) => drop(clients.env("PYTHONPATH", folder)),
        Err(error) => reporting::skip(&format!("the client of openapi-generator: {error:#}")),
    }
    run(&mut clients)?;
    // In a separate process, whose memory contains nothing else.
    run(environment.python().args(["bench/python/memory.py", &player.url, &large]))?;
    for _ in 0..3 {
        run(environment.python().args(["bench/python/first_call.py", &player.url]))?;
    }
    run(Command::new(&program).args(["--url", &player.url, "floor", &small, &large]))
}

/// Generates a client with openapi-generator and returns its directory. The input is our spec, or the document that
/// `BENCH_DOCUMENT` names.
pub fn generated_client(language: &str, options: &[&str]) -> Result<PathBuf> {
    let environment = Environment::tools()?;
    environment.require(&["openapi-generator-cli==7.26.0"])?;
    let document = std::env::var("BENCH_DOCUMENT").unwrap_or_else(|_| "api/openapi.yaml".into());
    step(&format!("openapi-generator makes a client for {language} of {document}"));
    let folder = target("bench-generated")?.join(language);
    let mut generator = environment.python();
    const RUN: &str = "import sys; from openapi_generator_cli import cli; sys.exit(cli())";
    generator.args(["-c", RUN, "generate", "--generator-name", language]).args(options);
    generator.args(["--input-spec", &document, "--output"]).arg(&folder);
    run(generator.stdout(Stdio::null()))?;
    Ok(folder)
}

pub fn shared_budget() -> Result<()> {
    pacing::bench(&program()?)
}

pub fn simulator_under_load() -> Result<()> {
    let program = program()?;
    let binary = simulator(Profile::Release)?;
    let mut ready: Vec<Duration> = (0..21).map(|_| first_line(&binary)).collect::<Result<_>>()?;
    ready.sort();
    let middle = ready.get(ready.len() / 2).copied().unwrap_or_default();
    let last = ready.last().copied().unwrap_or_default();
    println!("simulator ready: {:.1} ms median, {:.1} ms at most of {}", ms(middle), ms(last), ready.len());
    // The simulator is single-threaded; the load generator runs on another core.
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
    servers::restart()?;
    servers::compare(&program)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Measures the time from starting the simulator until it prints its URL.
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

/// Compares the instruction counts of fixed workloads with the recorded ones.
pub fn instructions() -> Result<()> {
    super::rust::instructions::bench(&program()?, false)
}

/// Records the current instruction counts.
pub fn update_instructions() -> Result<()> {
    super::rust::instructions::bench(&program()?, true)
}
