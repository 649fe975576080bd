//! Persistence: acknowledged writes survive SIGKILL.

use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Rounds of kill and restart. `KEPT_ROUNDS` overrides it.
const ROUNDS: usize = 8;
/// Number of different write counts before a kill; the rounds cycle through them.
const WRITE_COUNTS: usize = 20;
const WRITES: usize = 1_000;
const CALLERS: usize = 8;

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(folder: &Path) -> (Killed, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_configcat-simulator"))
        .args(["--seed", "demo", "--state"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Killed(child), line.trim().trim_start_matches("http://").to_owned())
}

/// Creates tags on one connection, and records those that were acknowledged.
async fn write(address: String, caller: usize, round: usize, acknowledged: Arc<Mutex<BTreeSet<String>>>) {
    let Ok(mut stream) = TcpStream::connect(&address).await else { return };
    for n in 0..WRITES / CALLERS {
        let name = format!("r{round}-c{caller}-n{n}");
        let body = json!({ "name": name }).to_string();
        let request = format!(
            "POST /v1/products/{SHOP}/tags HTTP/1.1\r\nhost: x\r\nauthorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(request.as_bytes()).await.is_err() {
            return;
        }
        let mut response = Vec::new();
        let mut buffer = [0; 4096];
        // The response is small, and ends with `}`.
        while !response.ends_with(b"}") {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(n) => response.extend_from_slice(&buffer[..n]),
            }
        }
        if response.starts_with(b"HTTP/1.1 201") {
            acknowledged.lock().unwrap().insert(name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_write_survives_a_kill() {
    let rounds = std::env::var("KEPT_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let acknowledged: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut interrupted = 0;
    for round in 0..rounds {
        let (child, address) = spawn(folder.path());
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| tokio::spawn(write(address.clone(), caller, round, Arc::clone(&acknowledged))))
            .collect();
        // Kill after a different number of writes in each round, while others are in flight.
        let enough = acknowledged.lock().unwrap().len() + 50 + 40 * (round * 7 % WRITE_COUNTS);
        let deadline = Instant::now() + Duration::from_secs(60);
        while acknowledged.lock().unwrap().len() < enough {
            assert!(Instant::now() < deadline, "too few writes in time");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let in_flight = callers.iter().filter(|caller| !caller.is_finished()).count();
        drop(child);
        for caller in callers {
            caller.await.unwrap();
        }
        interrupted += usize::from(in_flight > 0);
    }
    assert_eq!(interrupted, rounds, "every kill must interrupt writes in flight");
    let (_child, address) = spawn(folder.path());
    let owner = Caller {
        address: address.parse().unwrap(),
        basic: "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n".into(),
    };
    let tags = owner.get(&format!("/v1/products/{SHOP}/tags")).await;
    let kept: BTreeSet<String> = names(&tags, "name").into_iter().collect();
    let acknowledged = acknowledged.lock().unwrap().clone();
    let lost: Vec<&String> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} are lost, such as {:?}", lost.len(), acknowledged.len(), lost[0]);
    // A tag and its audit log entry are written atomically: neither exists without the other.
    let mut logged = BTreeSet::new();
    let mut page = 1;
    loop {
        let log = owner
            .get(&format!(
                "/v2/products/{SHOP}/auditlogs?auditLogType=tagAdded&pageNumber={page}&pageSize=100"
            ))
            .await;
        logged.extend(names(&log["data"], "actionTarget"));
        page += 1;
        if log["paging"]["hasNext"] == json!(false) {
            break;
        }
    }
    let planted: BTreeSet<String> = ["checkout", "experiment", "operations"].map(str::to_owned).into();
    let written: BTreeSet<String> = kept.difference(&planted).cloned().collect();
    assert_eq!(written, logged, "a tag or its audit log entry is missing");
    println!("{rounds} kills, {} acknowledged, {} kept", acknowledged.len(), written.len());
}

#[tokio::test]
async fn state_is_reloaded_and_seed_applied_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let begin = || Simulator::builder().state_dir(folder.path()).seed(Seed::demo().unwrap());
    let simulator = begin().start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    owner.call(&value("PUT", TEST, CART), json!({ "defaultValue": { "intValue": 3 } })).await.with(200);
    assert_eq!(owner.status("DELETE /v1/tags/2001").await, 204);
    simulator.freeze_clock(None).await.unwrap();
    let before = serde_json::to_value(simulator.snapshot()).unwrap();
    let busy = begin().start().await.unwrap_err();
    assert!(
        busy.to_string().contains(folder.path().to_str().unwrap()),
        "the error must name the folder: {busy}"
    );
    simulator.stop().await;
    drop(owner);
    let restarted = loop {
        // The store stays open until the last connection is closed.
        match begin().start().await {
            Ok(simulator) => break simulator,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    assert_eq!(serde_json::to_value(restarted.snapshot()).unwrap(), before);
    restarted.reset().await.unwrap();
    let owner = Caller::new(&restarted, "simulator", "simulator");
    assert_eq!(owner.get("/v1/tags/2001").await["name"], "checkout");
}

#[tokio::test]
async fn large_state_is_reloaded() {
    let folder = tempfile::tempdir().unwrap();
    let configs: Vec<Value> = (0..20)
        .map(|c| {
            let settings: Vec<Value> = (0..250)
                .map(|s| json!({ "key": format!("flag{c}x{s}"), "name": "F", "settingType": "boolean" }))
                .collect();
            json!({ "name": format!("C{c}"), "settings": settings })
        })
        .collect();
    let seed = json!({ "organizations": [{ "name": "O", "products": [{ "name": "P", "environments": [{ "name": "E" }], "configs": configs }] }] });
    let seed = Seed::from_json(&seed.to_string()).unwrap();
    let simulator = Simulator::builder().state_dir(folder.path()).seed(seed).start().await.unwrap();
    simulator.stop().await;
    let restarted = loop {
        match Simulator::builder().state_dir(folder.path()).start().await {
            Ok(simulator) => break simulator,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let owner = Caller::new(&restarted, "simulator", "simulator");
    let product = owner.get("/v1/products").await[0]["productId"].as_str().unwrap().to_owned();
    let configs = owner.get(&format!("/v1/products/{product}/configs")).await;
    assert_eq!(configs.as_array().unwrap().len(), 20);
    let last = configs[19]["configId"].as_str().unwrap();
    assert_eq!(owner.get(&format!("/v1/configs/{last}/settings")).await.as_array().unwrap().len(), 250);
}
