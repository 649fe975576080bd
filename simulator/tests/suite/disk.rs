//! A disk that refuses writes: the change is undone, and later ones succeed when there is space again.

use crate::support::*;
use configcat_simulator::testing::journal::Query;
use configcat_simulator::{DiskFaults, RateLimit, Simulator};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Number of faults of [`Scene::fail`].
const FAULTS: u32 = 4;

struct Scene {
    folder: tempfile::TempDir,
    faults: Arc<DiskFaults>,
    simulator: Simulator,
    owner: Caller,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(DiskFaults::default());
        let builder = Simulator::builder().state_dir(folder.path()).disk_faults(Arc::clone(&faults));
        let (simulator, owner) = start(builder).await;
        Self { folder, faults, simulator, owner }
    }

    /// Fails writes, or flushes after the first ones, or stops doing so. The last flush of a commit is the one after
    /// which it is on disk.
    fn fail(&self, fault: u32, fail: bool) {
        self.faults.fail_writes(fail && fault == 0);
        self.faults.fail_flushes((fail && fault > 0).then_some(fault.saturating_sub(1)));
    }

    fn state(&self) -> Value {
        serde_json::to_value(self.simulator.snapshot()).unwrap()
    }

    async fn create_tag(&self, name: &str) -> Response {
        self.owner.call(&format!("POST /v1/products/{SHOP}/tags"), json!({ "name": name })).await
    }

    async fn tags(&self) -> Vec<String> {
        names(&self.owner.get(&format!("/v1/products/{SHOP}/tags")).await, "name")
    }
}

/// Starts a simulator on a folder whose last one has been stopped.
pub async fn restart(folder: &Path) -> Simulator {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    loop {
        // The file stays open until the last connection is closed.
        match Simulator::builder().state_dir(folder).start().await {
            Ok(simulator) => return simulator,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn refused_change_is_undone_and_later_ones_are_kept() {
    for fault in 0..FAULTS {
        let scene = Scene::new().await;
        let before = scene.state();
        scene.fail(fault, true);
        for _ in 0..3 {
            // Its rows have random keys, so that no later row takes their place in the file.
            let line = format!("POST /v1/products/{SHOP}/configs");
            let refused = scene.owner.call(&line, json!({ "name": "refused" })).await;
            assert_eq!(refused.status, 507, "fault {fault}: {}", refused.body);
            assert_eq!(scene.state(), before, "fault {fault}");
        }
        scene.fail(fault, false);
        let kept = scene.create_tag("kept").await.with(201);
        assert_eq!(scene.tags().await, ["checkout", "experiment", "operations", "kept"], "fault {fault}");
        let last = before["meta"]["ids"]["number"].as_i64().unwrap();
        assert_eq!(kept["tagId"], last + 1, "the number of a refused tag is assigned again");
        let after = scene.state();
        scene.simulator.stop().await;
        drop(scene.owner);
        let restarted = restart(scene.folder.path()).await;
        assert_eq!(serde_json::to_value(restarted.snapshot()).unwrap(), after, "fault {fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_changes_are_kept_or_refused_as_a_whole() {
    let scene = Scene::new().await;
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let owner = scene.owner.clone();
            tokio::spawn(async move {
                let mut results = Vec::new();
                for n in 0..40 {
                    let name = format!("c{caller}-{n}");
                    let line = format!("POST /v1/products/{SHOP}/tags");
                    results.push((name.clone(), owner.call(&line, json!({ "name": name })).await.status));
                }
                results
            })
        })
        .collect();
    for round in 0..20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        scene.fail(round % FAULTS, true);
        tokio::time::sleep(Duration::from_millis(5)).await;
        scene.fail(0, false);
    }
    let (mut kept, mut refused) = (Vec::new(), 0);
    for caller in callers {
        for (name, status) in caller.await.unwrap() {
            match status {
                201 => kept.push(name),
                507 => refused += 1,
                other => panic!("{name}: {other}"),
            }
        }
    }
    assert!(refused > 0 && !kept.is_empty(), "{refused} refused, {} kept", kept.len());
    kept.sort();
    let mut found: Vec<String> =
        scene.tags().await.into_iter().filter(|name| name.starts_with('c')).collect();
    found.retain(|name| name != "checkout");
    found.sort();
    assert_eq!(found, kept, "acknowledged tags, and no others");
    let state = scene.state();
    scene.simulator.stop().await;
    drop(scene.owner);
    let restarted = restart(scene.folder.path()).await;
    assert_eq!(serde_json::to_value(restarted.snapshot()).unwrap(), state);
}

#[tokio::test]
async fn refused_change_sends_no_webhook_and_keeps_its_order() {
    let scene = Scene::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        }
    });
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let body = json!({ "url": url, "httpMethod": "post", "content": "##ChangeDetails##" });
    scene.owner.call(&line, body).await.with(201);
    scene.fail(0, true);
    let line = value("PUT", TEST, CART);
    assert_eq!(scene.owner.call(&line, json!({ "defaultValue": { "intValue": 7 } })).await.status, 507);
    scene.fail(0, false);
    scene.owner.call(&line, json!({ "defaultValue": { "intValue": 8 } })).await.with(200);
    let deliveries = loop {
        let deliveries = scene.simulator.webhook_deliveries();
        if !deliveries.is_empty() {
            break deliveries;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(deliveries.len(), 1, "{deliveries:?}");
    let puts = Query { operation: Some("flag_values.replace".into()), ..Query::default() };
    let entries = scene.simulator.journal(&puts);
    assert_eq!(entries.iter().map(|entry| entry.status).collect::<Vec<_>>(), [507, 200]);
    assert!(entries[0].order < entries[1].order);
}

#[tokio::test]
async fn due_change_request_is_applied_when_there_is_space() {
    let scene = Scene::new().await;
    let start = "2030-01-01T00:00:00Z".parse().unwrap();
    scene.simulator.freeze_clock(Some(start)).await.unwrap();
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests");
    let created = scene
        .owner
        .call(
            &line,
            json!({
                "title": "later", "applyAt": "2030-01-02T00:00:00Z",
                "proposedChanges": [{ "proposedChange": {
                    "settingId": CART, "defaultValue": { "intValue": 99 } } }],
            }),
        )
        .await;
    let id = created.with(201)["changeRequestId"].clone();
    scene.fail(0, true);
    let day = Duration::from_secs(2 * 86_400);
    assert_eq!(scene.simulator.advance_clock(day).await.unwrap_err().status, 507);
    assert_eq!(scene.simulator.clock().now, start, "the clock did not move");
    scene.fail(0, false);
    scene.simulator.advance_clock(day).await.unwrap();
    let request = scene.owner.get(&format!("/v2/change-requests/{id}")).await;
    assert_eq!(request["changeRequestStatus"], "applied", "{request}");
}

#[tokio::test]
async fn refused_reset_keeps_state_journal_and_budgets() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Arc::new(DiskFaults::default());
    let limit = RateLimit { limit: 5, window: Duration::from_secs(3_600) };
    let builder = Simulator::builder().state_dir(folder.path()).disk_faults(Arc::clone(&faults));
    let (simulator, owner) = start(builder.rate_limit(limit)).await;
    let get = || owner.call("GET /v1/me", Value::Null);
    get().await.with(200);
    let before = serde_json::to_value(simulator.snapshot()).unwrap();
    faults.fail_writes(true);
    assert_eq!(simulator.reset().await.unwrap_err().status, 507);
    assert_eq!(serde_json::to_value(simulator.snapshot()).unwrap(), before);
    assert_eq!(simulator.journal(&Query::default()).len(), 1);
    assert_eq!(get().await.header("x-rate-limit-remaining"), Some("3"));
    faults.fail_writes(false);
    simulator.reset().await.unwrap();
    assert_eq!(get().await.header("x-rate-limit-remaining"), Some("4"));
}
