//! Benchmarks that compare implementations side by side in one run, and code shared by the benchmarks of several languages.

mod artefact;
mod chart;
mod figures;
mod instructions;
mod machine;
mod pacing;
mod page;
mod program;
mod record;
mod recorded;
mod report;
mod servers;
mod stats;

pub use artefact::Artefact;
pub use machine::measured;
pub use program::{FIRST_CALLS, run as run_program};
pub use record::COLLECTED;
pub use recorded::Recorded;
pub use report::run as run_parts;

use crate::support::process::{output, run, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::{Running, simulator};
use crate::support::workspace::{root, target};
use crate::support::{npm, report as reporting};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub fn rust() -> Result<()> {
    let recorded = Recorded::start()?;
    measured(|| {
        recorded.measure(&["clients", &recorded.small, &recorded.large])?;
        recorded.measure(&["blocking", &recorded.small, &recorded.large])?;
        recorded.measure(&["memory", &recorded.large])?;
        (0..FIRST_CALLS).try_for_each(|_| recorded.measure(&["first-call"]))
    })
}

pub fn python() -> Result<()> {
    let environment = Environment::prepare(Profile::Release)?;
    // The generated client imports the last three.
    environment.require(&["httpx", "requests", "pydantic", "python-dateutil", "urllib3"])?;
    let generated = generated_client("python", &["--package-name", "generated_client"]);
    let module = Artefact::wheel_module()?;
    let recorded = Recorded::start()?;
    let mut clients = environment.python();
    clients.args(["bench/python/clients.py", recorded.url(), &recorded.small, &recorded.large]);
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
    let script = |name: &str| {
        let mut command = environment.python();
        command.args([name, recorded.url()]);
        command
    };
    measured(|| {
        run_program(&mut clients, &module)?;
        // In a separate process, whose memory contains nothing else.
        run_program(script("bench/python/memory.py").arg(&recorded.large), &module)?;
        (0..FIRST_CALLS).try_for_each(|_| run_program(&mut script("bench/python/first_call.py"), &module))?;
        recorded.floor()
    })
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
    pacing::bench(&recorded::program()?)
}

/// Whole jobs: with responses after 20 ms beside single calls, and under a budget of 100 requests in 10 s.
pub fn jobs() -> Result<()> {
    let program = recorded::program()?;
    let artefact = Artefact::new(&program, "release")?;
    let measure = |what: &[&str], options: &[&str]| -> Result<()> {
        let running = Running::start(Profile::Release, options)?;
        program::run(Command::new(&program).args(["--url", &running.url]).args(what), &artefact)
    };
    measured(|| {
        measure(&["jobs", "compare"], &[])?;
        measure(&["jobs", "100 requests in 10 s"], &["--rate-limit", "100/10"])?;
        measure(&["large"], &["--journal", "0"])
    })
}

pub fn simulator_under_load() -> Result<()> {
    let program = recorded::program()?;
    let binary = simulator(Profile::Release)?;
    let artefact = Artefact::new(&binary, "release")?;
    let alternatives = super::interop::npm_packages()?;
    measured(|| {
        start_and_load(&program, &binary)?;
        servers::restart()?;
        servers::compare(&program, &binary, &artefact, alternatives.as_deref())
    })
}

/// Measures the start of the simulator, and its throughput.
fn start_and_load(program: &Path, binary: &Path) -> Result<()> {
    let mut ready: Vec<Duration> = (0..21).map(|_| first_line(binary)).collect::<Result<_>>()?;
    ready.sort();
    let middle = ready.get(ready.len() / 2).copied().unwrap_or_default();
    let last = ready.last().copied().unwrap_or_default();
    let most = format!("at most, of {}", ready.len());
    let times = [("median", milliseconds(middle)), (most.as_str(), milliseconds(last))];
    record::cells("Simulator, start", "from the start of the process until it prints its URL", &times);
    // The simulator is single-threaded; the load generator runs on another core.
    let running = Running::start(Profile::Release, &[])?;
    for connections in ["1", "16"] {
        let mut rates: Vec<(u64, String)> = Vec::new();
        for _ in 0..3 {
            let line = output(Command::new(program).args(["--url", &running.url, "load", connections, "3"]))?;
            let Some(rate) = line.split_whitespace().next() else { bail!("no figure") };
            rates.push((rate.parse()?, line));
        }
        rates.sort();
        let (_, line) = rates.get(1).context("no figure")?;
        let mut parts = line.split_whitespace();
        let mut next = || parts.next().unwrap_or("?").to_owned();
        let cells = [
            ("requests per second", next()),
            ("median", format!("{} us", next())),
            ("99th percentile", format!("{} us", next())),
        ];
        record::cells("Simulator, load generator", &format!("{connections} connections"), &cells);
    }
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{} ms", figures::number(time.as_secs_f64() * 1e3))
}

/// Measures the time from starting the simulator until it prints its URL.
fn first_line(binary: &Path) -> Result<Duration> {
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
pub fn count_instructions() -> Result<()> {
    instructions::bench(false)
}

/// Records the current instruction counts.
pub fn update_instructions() -> Result<()> {
    instructions::bench(true)
}

/// Writes the figures of `target/bench.json` into the documentation, or into a copy of it in another directory.
pub fn write_page(folder: Option<&Path>) -> Result<()> {
    let docs = root().join("docs");
    page::write(&report::read()?, &docs, folder.unwrap_or(&docs))
}

/// Draws the charts of the documentation again, from the figures in them.
pub fn redraw_charts() -> Result<()> {
    page::redraw(&root().join("docs"))
}

/// Checks the form of the figures in the documentation, not the figures.
pub fn check_page() -> Result<()> {
    page::check(&root().join("docs"))
}
