//! Fills the disk while the simulator writes to it.

use super::http::call;
use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use configcat_simulator::seed::Seed;
use configcat_simulator::{DiskFaults, Simulator};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub const ATTACK: Attack = Attack {
    name: "full-disk",
    surface: Surface::File,
    does: "fails writes and flushes of the state's file while callers change the state",
    bound: "changes rejected with 507 are undone, all others are on disk, and writes succeed when there is space",
    run,
};

const PRODUCT: &str = "20000000-0000-4000-8000-000000000001";
const CALLERS: usize = 4;

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut random = Rng::with_seed(plan.seed);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let faults = Arc::new(DiskFaults::default());
        let seed = Seed::demo().map_err(|error| error.to_string())?;
        let builder =
            Simulator::builder().state_dir(folder.path()).disk_faults(Arc::clone(&faults)).seed(seed);
        let simulator = builder.start().await.map_err(|error| error.to_string())?;
        let address = simulator.address();
        let mut kept = names(address).await?;
        let (mut refused, tries) = (0, plan.tries(20, 600));
        for n in 0..tries {
            let fault = random.u32(..4);
            let set = |fail: bool| {
                faults.fail_writes(fail && fault == 0);
                // The last flush of a commit is the one after which it is on disk.
                faults.fail_flushes((fail && fault > 0).then(|| fault - 1));
            };
            let calls: Vec<_> = (0..CALLERS)
                .map(|caller| {
                    let name = format!("t{n}-{caller}");
                    tokio::spawn(async move { (create(address, &name).await, name) })
                })
                .collect();
            // Some calls arrive before the fault, some after it, and a few when it has passed.
            tokio::time::sleep(Duration::from_micros(random.u64(..3_000))).await;
            set(true);
            tokio::time::sleep(Duration::from_micros(random.u64(..3_000))).await;
            set(false);
            for call in calls {
                let (status, name) = call.await.map_err(|error| error.to_string())?;
                match status? {
                    201 => drop(kept.insert(name)),
                    507 => refused += 1,
                    other => return Err(format!("try {n}: status {other}")),
                }
            }
            ensure(names(address).await? == kept, format!("try {n}: other tags than those acknowledged"))?;
        }
        let status = create(address, "last").await?;
        ensure(status == 201, format!("status {status} with space on the disk"))?;
        reopened(simulator, folder.path()).await?;
        Ok(Seen {
            tries,
            seen: format!("{refused} of {} changes refused and undone", tries as usize * CALLERS),
        })
    })
}

async fn create(address: SocketAddr, name: &str) -> Result<u16, String> {
    let body = json!({ "name": name }).to_string();
    Ok(call(address, &format!("POST /v1/products/{PRODUCT}/tags"), &body).await?.0)
}

async fn names(address: SocketAddr) -> Result<BTreeSet<String>, String> {
    let (_, text) = call(address, &format!("GET /v1/products/{PRODUCT}/tags"), "").await?;
    let list: Vec<Value> = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    Ok(list.iter().filter_map(|tag| tag["name"].as_str()).map(str::to_owned).collect())
}

/// Stops a simulator, and checks that the file has its state.
async fn reopened(simulator: Simulator, folder: &std::path::Path) -> Result<(), String> {
    let state =
        |simulator: &Simulator| serde_json::to_value(simulator.snapshot()).map_err(|error| error.to_string());
    let expected = state(&simulator)?;
    simulator.stop().await;
    for _ in 0..500 {
        match Simulator::builder().state_dir(folder).start().await {
            Ok(simulator) => return ensure(state(&simulator)? == expected, "the file has another state"),
            // The last connection is not closed yet.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
    Err("the file cannot be opened again".into())
}
