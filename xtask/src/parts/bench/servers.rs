//! Compares the simulator with its alternatives: WireMock with one stub, and Prism serving the spec.

use super::artefact::Artefact;
use super::figures::number;
use super::record;
use crate::support::process::{output, run, step};
use crate::support::python::Profile;
use crate::support::report;
use crate::support::servers::simulator;
use crate::support::workspace::{root, target};
use anyhow::{Context, Result, bail};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const REQUEST: &[u8] = b"GET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n\r\n";
const PATIENCE: Duration = Duration::from_secs(60);

/// Server under measurement. Killed when it is dropped.
struct Server {
    name: &'static str,
    child: Child,
    port: u16,
    ready: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Starts a server and waits until it responds with status 200.
fn start(name: &'static str, port: u16, command: &mut Command) -> Result<Server> {
    let begun = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context(name)?;
    let mut server = Server { name, child, port, ready: Duration::ZERO };
    while begun.elapsed() < PATIENCE {
        if responds(port) {
            server.ready = begun.elapsed();
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("{name} did not response");
}

fn responds(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut response = Vec::new();
    let sent = stream.set_read_timeout(Some(Duration::from_secs(5))).and_then(|()| stream.write_all(REQUEST));
    sent.is_ok() && stream.read_to_end(&mut response).is_ok() && response.starts_with(b"HTTP/1.1 200")
}

/// Returns the resident memory of a process in megabytes; `None` if the system does not report it.
fn memory(server: &Server) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// Compares the simulator, which is this artefact, with the alternatives among these npm packages.
pub fn compare(program: &Path, ours: &Path, artefact: &Artefact, alternatives: Option<&Path>) -> Result<()> {
    let folder = target("bench-servers")?;
    let (mappings, openapi) = (folder.join("wiremock"), folder.join("openapi.json"));
    std::fs::create_dir_all(mappings.join("mappings"))?;
    let stub = r#"{ "request": { "method": "GET", "urlPath": "/v1/me",
        "basicAuthCredentials": { "username": "simulator", "password": "simulator" } },
        "response": { "status": 200, "headers": { "Content-Type": "application/json" },
        "body": "{\"email\":\"simulator@example.com\",\"fullName\":\"Simulator User\"}" } }"#;
    std::fs::write(mappings.join("mappings/me.json"), stub)?;
    std::fs::copy(root().join("simulator/src/generated/openapi.json"), &openapi)?;

    measure(program, || {
        let port = free_port()?;
        let server = start("simulator", port, Command::new(ours).args(["--port", &port.to_string()]))?;
        artefact.verify(server.child.id())?;
        Ok(server)
    })?;
    let Some(modules) = alternatives else { return Ok(()) };
    let wiremock = jar(&modules.join("wiremock/build"));
    let begun = |result: Result<()>, name: &str| {
        if let Err(error) = result {
            report::skip(&format!("{name}: {error:#}"));
        }
    };
    let java = measure(program, || {
        let port = free_port()?;
        let mut command = Command::new("java");
        command.arg("-jar").arg(wiremock.as_ref().context("its jar is not there")?);
        command.args(["--port", &port.to_string(), "--bind-address", "127.0.0.1", "--no-request-journal"]);
        start("WireMock", port, command.arg("--root-dir").arg(&mappings))
    });
    begun(java, "WireMock");
    let prism = measure(program, || {
        let port = free_port()?;
        let mut command = Command::new("node");
        command.arg(modules.join("@stoplight/prism-cli/dist/index.js")).args(["mock", "--host", "127.0.0.1"]);
        start("Prism", port, command.args(["--port", &port.to_string()]).arg(&openapi))
    });
    begun(prism, "Prism");
    Ok(())
}

fn jar(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "jar")).max()
}

/// Starts a server three times to measure the startup time, then measures the last one under load.
fn measure(program: &Path, begin: impl Fn() -> Result<Server>) -> Result<()> {
    let mut ready = Vec::new();
    for _ in 0..2 {
        ready.push(begin()?.ready);
    }
    let server = begin()?;
    ready.push(server.ready);
    ready.sort();
    let ready = ready.get(1).copied().unwrap_or_default();
    let url = format!("http://127.0.0.1:{}", server.port);
    let load = |connections: &str, seconds: &str| {
        output(Command::new(program).args(["--url", &url, "load", connections, seconds]))
    };
    // Warms up servers with a just-in-time compiler.
    load("16", "5")?;
    let figures = [load("1", "4")?, load("16", "4")?];
    let memory = memory(&server).map_or_else(|| "?".to_owned(), |mb| format!("{mb:.0} MB"));
    let mut cells = vec![("ready", format!("{} ms", number(ready.as_secs_f64() * 1e3))), ("memory", memory)];
    for (figure, [rate, times]) in figures.iter().zip([
        ["1 connection", "median, 99th percentile"],
        ["16 connections", "median, 99th percentile of 16"],
    ]) {
        let mut parts = figure.split_whitespace();
        let mut next = || parts.next().unwrap_or("?");
        cells.push((rate, format!("{}/s", next())));
        cells.push((times, format!("{}, {} us", next(), next())));
    }
    record::cells("Simulator and other mock servers", server.name, &cells);
    Ok(())
}

/// Measures how long the simulator takes to restore a persisted state of 100,000 flags.
pub fn restart() -> Result<()> {
    step("a state of 100,000 flags");
    let folder = target("bench-state")?;
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let flag = |c: usize, s: usize| format!(r#"{{"key":"f{c}x{s}","name":"F","settingType":"boolean"}}"#);
    let configs: Vec<String> = (0..200)
        .map(|c| {
            let flags: Vec<String> = (0..500).map(|s| flag(c, s)).collect();
            format!(r#"{{"name":"C{c}","settings":[{}]}}"#, flags.join(","))
        })
        .collect();
    let seed = folder.join("seed.json");
    std::fs::write(
        &seed,
        format!(
            r#"{{"organizations":[{{"name":"O","products":[{{"name":"P","environments":[{{"name":"E"}}],"configs":[{}]}}]}}]}}"#,
            configs.join(",")
        ),
    )?;
    let binary = simulator(Profile::Release)?;
    let state = folder.join("state");
    let mut plant = Command::new(&binary);
    plant.arg("--seed").arg(&seed).arg("--state").arg(&state);
    run(plant.args(["export", "snapshot"]).arg(folder.join("snapshot.json")))?;
    let mut times = Vec::new();
    for _ in 0..5 {
        let port = free_port()?;
        let server = start(
            "simulator",
            port,
            Command::new(&binary).args(["--port", &port.to_string()]).arg("--state").arg(&state),
        )?;
        times.push(server.ready);
        // The server is killed here, so that the next start recovers from the state that a crash leaves behind.
    }
    times.sort();
    let at = |n: usize| times.get(n).copied().unwrap_or_default().as_secs_f64() * 1e3;
    let cells = [("median", at(2)), ("fastest", at(0)), ("slowest", at(4))]
        .map(|(column, milliseconds)| (column, format!("{milliseconds:.0} ms")));
    record::cells("Simulator, stored state", "ready with 100,000 flags, after a crash", &cells);
    Ok(())
}
