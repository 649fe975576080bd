//! Snapshots with rows that no request could make.

use super::http::call;
use super::mutate::mutate;
use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use configcat_simulator::state::Snapshot;
use fastrand::Rng;
use serde_json::Value;

pub const ATTACK: Attack = Attack {
    name: "hostile-snapshots",
    surface: Surface::File,
    does: "restores snapshots with wrong types, numbers and references, missing and repeated rows",
    bound: "each is refused with its place and without a change, or requests to the new state succeed",
    run,
};

const PRODUCT: &str = "20000000-0000-4000-8000-000000000001";

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut random = Rng::with_seed(plan.seed);
        let seed = Seed::demo().map_err(|error| error.to_string())?;
        let simulator = Simulator::builder().seed(seed).start().await.map_err(|error| error.to_string())?;
        let demo = state(&simulator)?;
        let mut refused = 0;
        let tries = plan.tries(40, 3_000);
        for n in 0..tries {
            let mut document = demo.clone();
            for _ in 0..random.usize(1..3) {
                mutate(&mut document, &mut random);
            }
            let before = state(&simulator)?;
            let restored = match Snapshot::from_json(document.to_string().as_bytes()) {
                Ok(snapshot) => simulator.restore(snapshot).await.map_err(|problem| problem.to_string()),
                Err(error) => Err(format!("400: {error}")),
            };
            match restored {
                Ok(()) => served(&simulator).await.map_err(|error| format!("try {n}: {error}"))?,
                Err(message) => {
                    ensure(message.starts_with("400"), format!("try {n}: {message}"))?;
                    ensure(state(&simulator)? == before, format!("try {n}: refused, with a change"))?;
                    refused += 1;
                }
            }
        }
        Ok(Seen { tries, seen: format!("{refused} refused, {} restored", tries - refused) })
    })
}

fn state(simulator: &Simulator) -> Result<Value, String> {
    serde_json::to_value(simulator.snapshot()).map_err(|error| error.to_string())
}

/// Checks that requests succeed, and that a new tag takes the place of nothing.
async fn served(simulator: &Simulator) -> Result<(), String> {
    let address = simulator.address();
    for path in ["/v1/products", "/v1/organizations", &format!("/v1/products/{PRODUCT}/configs"), "/v1/me"] {
        let (status, body) = call(address, &format!("GET {path}"), "").await?;
        // The snapshot may have other people and products.
        ensure(status < 500, format!("{path}: status {status}: {body}"))?;
    }
    let rows = |state: &Value| state["tables"]["tags"].as_array().map_or(0, Vec::len);
    let before = rows(&state(simulator)?);
    let line = format!("POST /v1/products/{PRODUCT}/tags");
    let (status, body) = call(address, &line, r#"{ "name": "new" }"#).await?;
    ensure(status < 500, format!("a new tag: status {status}: {body}"))?;
    let expected = before + usize::from(status == 201);
    ensure(rows(&state(simulator)?) == expected, "a new tag took the place of another")?;
    let again = simulator.restore(simulator.snapshot()).await;
    again.map_err(|problem| format!("its own snapshot: {problem}"))
}
