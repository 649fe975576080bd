//! Web pages that attack the simulator, in Chromium: `cargo xtask verify browser`.

use crate::support::*;
use configcat_simulator::Simulator;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How long a page may take.
const LONGEST: Duration = Duration::from_secs(60);

/// What a page tries against a target, which is an origin. Its lines say what it could read.
const SCRIPT: &str = r##"
const note = line => { document.getElementById("seen").textContent += line + "\n"; };
const credentials = { authorization: "Basic " + btoa("simulator:simulator") };
const fault = '{"operation":"*","status":503}';
async function request(name, url, options) {
  try {
    const response = await fetch(url, options);
    const text = await response.text();
    note(`${name}: ${response.type} ${response.status} ${text.length > 0 ? "READ " + text.slice(0, 200) : ""}`);
  } catch (error) { note(`${name}: ${error.name}`); }
}
function form(url, type, name, value) {
  const frame = document.createElement("iframe");
  frame.name = "frame" + Math.random();
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { action: url, method: "POST", enctype: type, target: frame.name });
  const input = document.createElement("input");
  Object.assign(input, { name, value });
  form.append(input);
  document.body.append(form);
  return new Promise(done => { frame.onload = () => done(); form.submit(); setTimeout(done, 1000); });
}
function element(tag, url) {
  const element = document.createElement(tag);
  element.src = url;
  return new Promise(done => {
    element.onload = element.onerror = () => {
      try { if (element.contentDocument?.body?.textContent) note(`${tag}: READ`); } catch (error) {}
      done();
    };
    document.body.append(element);
  });
}
async function attack(target) {
  const admin = target + "/__simulator";
  const text = { "content-type": "text/plain" };
  const type = { "content-type": "application/json" };
  await request("read", admin + "/snapshot", {});
  await request("read without CORS", admin + "/snapshot", { mode: "no-cors" });
  await request("reset", admin + "/reset", { method: "POST" });
  await request("reset without CORS", admin + "/reset", { method: "POST", mode: "no-cors" });
  await request("reset as text", admin + "/reset", { method: "POST", mode: "no-cors", headers: text, body: "x" });
  await request("fault as text", admin + "/faults", { method: "POST", mode: "no-cors", headers: text, body: fault });
  await request("fault as JSON", admin + "/faults", { method: "POST", headers: type, body: fault });
  await request("delete", admin + "/journal", { method: "DELETE" });
  await request("token", admin + "/reset", { method: "POST", headers: { "x-simulator-token": "x" } });
  await request("tag", target + "/v1/products/SHOP/tags",
    { method: "POST", headers: { ...type, ...credentials }, body: '{"name":"evil"}' });
  // Without "omit", the status 401 makes Chromium ask for a password, for which it waits.
  await request("tag as text", target + "/v1/products/SHOP/tags",
    { method: "POST", mode: "no-cors", credentials: "omit", headers: text, body: '{"name":"evil"}' });
  navigator.sendBeacon(admin + "/reset", new Blob(["x"], { type: "text/plain" }));
  await form(admin + "/faults", "text/plain", '{"operation":"*","status":503,"id":"', '"}');
  await form(admin + "/reset", "application/x-www-form-urlencoded", "a", "b");
  await form(admin + "/reset", "multipart/form-data", "a", "b");
  for (const tag of ["img", "script", "iframe"]) await element(tag, admin + "/snapshot");
}
"##;

/// Returns a page that attacks the targets.
fn page(targets: &[String]) -> String {
    let calls: String = targets.iter().map(|target| format!("await attack({target:?});\n")).collect();
    let script = SCRIPT.replace("SHOP", SHOP);
    format!(
        "<!doctype html><title>x</title><body><pre id=seen></pre><script type=module>{script}{calls}await fetch(\"/seen\", {{ method: \"POST\", body: document.getElementById(\"seen\").textContent }});</script>"
    )
}

/// A server that forwards requests to the simulator as they are, records their first lines, and has a page of its own.
struct Front {
    port: u16,
    seen: Arc<Seen>,
}

/// What a front serves and has received.
#[derive(Default)]
struct Seen {
    page: Mutex<String>,
    lines: Mutex<Vec<String>>,
    /// What the page noted, when it has ended.
    notes: Mutex<Option<String>>,
}

impl Front {
    async fn start(simulator: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let front = Self { port, seen: Arc::default() };
        let seen = Arc::clone(&front.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(forward(stream, simulator, Arc::clone(&seen)));
            }
        });
        front
    }

    fn count(&self, line: &str) -> usize {
        self.seen.lines.lock().unwrap().iter().filter(|known| known.starts_with(line)).count()
    }
}

async fn forward(mut browser: TcpStream, simulator: SocketAddr, seen: Arc<Seen>) -> Option<()> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4_096]);
    let head = loop {
        let read = browser.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        if body.len() >= length {
            break head.to_owned();
        }
    };
    let text = String::from_utf8(bytes).ok()?;
    if head.starts_with("POST /seen ") {
        *seen.notes.lock().unwrap() = text.split_once("\r\n\r\n").map(|(_, notes)| notes.to_owned());
        return None;
    }
    seen.lines.lock().unwrap().push(head.lines().next().unwrap().to_owned());
    if head.starts_with("GET /page ") {
        let page = seen.page.lock().unwrap().clone();
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{page}",
            page.len()
        );
        return browser.write_all(response.as_bytes()).await.ok();
    }
    let text = text.replace("Connection: keep-alive", "Connection: close");
    let mut server = TcpStream::connect(simulator).await.ok()?;
    server.write_all(text.as_bytes()).await.ok()?;
    tokio::io::copy(&mut server, &mut browser).await.ok().map(drop)
}

/// Starts Chromium with a page and these options. `folder` receives its profile.
fn chromium(folder: &Path, options: &[&str], url: &str) -> Command {
    let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
    let mut command = Command::new(program);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .arg("--host-resolver-rules=MAP evil.example 127.0.0.1")
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(options)
        .arg(url)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Loads a page in Chromium and returns its DOM after its scripts have run.
async fn load(url: String) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("dom.html");
    let mut child = chromium(folder.path(), &["--virtual-time-budget=20000", "--dump-dom"], &url)
        .stdout(std::fs::File::create(&output).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    std::fs::read_to_string(&output).unwrap()
}

/// Loads the attacking page of a front, by one of the names of this machine, and returns what it noted.
async fn notes(front: &Front, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{name}:{}/page", front.port);
    // In real time: virtual time does not wait for frames of another site.
    let mut child = chromium(folder.path(), &[], &url).stdout(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    let notes = loop {
        let notes = front.seen.notes.lock().unwrap().take();
        if notes.is_some() || started.elapsed() > LONGEST {
            break notes;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    child.kill().unwrap();
    child.wait().unwrap();
    notes.unwrap_or_else(|| panic!("the page did not end; requests: {:#?}", front.seen.lines.lock().unwrap()))
}

/// A simulator with a changed flag, behind a server that records requests.
async fn scene() -> (Simulator, Caller, Front, Front) {
    let (simulator, owner) = demo().await;
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let target = Front::start(simulator.address()).await;
    let attacker = Front::start(simulator.address()).await;
    (simulator, owner, target, attacker)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: cargo xtask verify browser"]
async fn page_of_another_origin_reads_and_changes_nothing() {
    let (simulator, _owner, target, attacker) = scene().await;
    let before = serde_json::to_value(simulator.snapshot()).unwrap();
    let port = target.port;
    let names = ["127.0.0.1", "localhost", "evil.example"];
    let targets = names.map(|name| format!("http://{name}:{port}"));
    *attacker.seen.page.lock().unwrap() = page(&targets);
    for name in names {
        let notes = notes(&attacker, name).await;
        assert!(!notes.contains("READ"), "{notes}");
    }
    assert!(simulator.faults().is_empty());
    assert_eq!(serde_json::to_value(simulator.snapshot()).unwrap(), before);
    // The requests were really made: those that need no preflight request reached the simulator.
    for (line, least) in [
        ("GET /__simulator/snapshot ", 9),
        ("POST /__simulator/reset ", 9),
        ("POST /__simulator/faults ", 9),
        ("OPTIONS /__simulator/faults ", 9),
    ] {
        assert!(target.count(line) >= least, "{line}: {}", target.count(line));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: cargo xtask verify browser"]
async fn page_whose_name_resolves_to_this_machine_gets_403() {
    let (simulator, owner, _target, attacker) = scene().await;
    let before = serde_json::to_value(simulator.snapshot()).unwrap();
    let origin = format!("http://evil.example:{}", attacker.port);
    *attacker.seen.page.lock().unwrap() = page(std::slice::from_ref(&origin));
    let seen = notes(&attacker, "evil.example").await;
    for name in ["read", "reset", "fault as JSON", "delete", "token", "tag"] {
        assert!(seen.lines().any(|line| line.starts_with(&format!("{name}: basic 403"))), "{name}: {seen}");
    }
    assert!(!seen.contains("password"), "{seen}");
    assert!(simulator.faults().is_empty());
    assert_eq!(serde_json::to_value(simulator.snapshot()).unwrap(), before);
    // The same page succeeds where the name is one of this machine's.
    let origin = format!("http://localhost:{}", attacker.port);
    *attacker.seen.page.lock().unwrap() = page(std::slice::from_ref(&origin));
    let seen = notes(&attacker, "localhost").await;
    assert!(seen.contains("read: basic 200 READ"), "{seen}");
    assert_eq!(simulator.faults().len(), 0, "the last step of the page resets the simulator");
    let line = value("GET", TEST, CHECKOUT);
    assert_eq!(owner.get(line.split_once(' ').unwrap().1).await["defaultValue"]["boolValue"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: cargo xtask verify browser"]
async fn swagger_ui_is_rendered_with_the_operations() {
    let (simulator, _owner) = demo().await;
    let dom = load(format!("{}/swagger#/Products", simulator.url())).await;
    assert!(dom.contains("opblock") && dom.contains("/v1/products"), "{dom}");
}
