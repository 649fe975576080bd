//! Damages the file in which the simulator keeps its state.

use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use fastrand::Rng;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

pub const ATTACK: Attack = Attack {
    name: "state-file-mutations",
    surface: Surface::File,
    does: "flips bits of the state's file, overwrites, swaps or cuts off parts of it",
    bound: "the file is refused with a message that names it, or the state is exactly the same; no panic, no hang",
    run,
};

const FILE: &str = "state.redb";
/// No try takes nearly as long, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut random = Rng::with_seed(plan.seed);
        let images = images().await?;
        let (mut refused, mut same) = (0_u32, 0_u32);
        let tries = plan.tries(40, 1_200);
        for n in 0..tries {
            let (bytes, expected) = &images[random.usize(..images.len())];
            let mut damaged = bytes.clone();
            let what = damage(&mut damaged, &mut random);
            let opened = tokio::spawn(open(damaged));
            let opened = tokio::time::timeout(PATIENCE, opened)
                .await
                .map_err(|_| format!("try {n}, {what}: it hangs"))?
                .map_err(|error| format!("try {n}, {what}: {error}"))?;
            match opened {
                Ok(state) => {
                    ensure(state == *expected, format!("try {n}, {what}: another state"))?;
                    same += 1;
                }
                Err(message) => {
                    ensure(message.contains(FILE), format!("try {n}, {what}: {message}"))?;
                    refused += 1;
                }
            }
        }
        Ok(Seen { tries, seen: format!("{refused} refused, {same} without effect") })
    })
}

fn seed() -> Result<Seed, String> {
    let settings: Vec<Value> = (0..60)
        .map(|n| json!({ "key": format!("flag{n}"), "name": "F", "settingType": "boolean", "values": { "E": true } }))
        .collect();
    let product = json!({ "name": "P", "environments": [{ "name": "E" }, { "name": "D" }],
        "configs": [{ "name": "C", "settings": settings }] });
    let seed = json!({ "organizations": [{ "name": "O", "products": [product] }] });
    Seed::from_json(&seed.to_string()).map_err(|error| error.to_string())
}

fn state(simulator: &Simulator) -> Result<Value, String> {
    serde_json::to_value(simulator.snapshot()).map_err(|error| error.to_string())
}

/// Returns files with their states: one as after a kill, and one as after a regular end.
async fn images() -> Result<Vec<(Vec<u8>, Value)>, String> {
    let text = |error: std::io::Error| error.to_string();
    let folder = tempfile::tempdir().map_err(text)?;
    let start =
        || async { Simulator::builder().state_dir(folder.path()).seed(seed()?).start().await.map_err(text) };
    let simulator = start().await?;
    // Another commit, so that the file has an older one, too.
    simulator.freeze_clock(None).await.map_err(|problem| problem.to_string())?;
    let expected = state(&simulator)?;
    let killed = std::fs::read(folder.path().join(FILE)).map_err(text)?;
    simulator.stop().await;
    let mut ended = killed.clone();
    for _ in 0..500 {
        // The last commit at the end of the process changes the file.
        ended = std::fs::read(folder.path().join(FILE)).map_err(text)?;
        if ended != killed {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    ensure(ended != killed, "the file was not closed")?;
    let ended = std::fs::read(folder.path().join(FILE)).map_err(text)?;
    Ok(vec![(killed, expected.clone()), (ended, expected)])
}

/// Starts a simulator with these bytes as its file, and returns its state, or the message of the refusal.
async fn open(bytes: Vec<u8>) -> Result<Value, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let write = |folder: &Path| std::fs::write(folder.join(FILE), &bytes);
    write(folder.path()).map_err(|error| error.to_string())?;
    let simulator =
        Simulator::builder().state_dir(folder.path()).start().await.map_err(|error| error.to_string())?;
    let state = state(&simulator);
    simulator.stop().await;
    state
}

/// Damages the bytes, and returns what was done.
fn damage(bytes: &mut Vec<u8>, random: &mut Rng) -> String {
    const PAGE: usize = 4096;
    let length = bytes.len();
    // Half of the tries change the header or one of the first pages, where most of the structure is.
    let place = |random: &mut Rng| {
        let end = [320, 16 * PAGE, length][random.usize(..3)].min(length);
        random.usize(..end)
    };
    match random.u8(..7) {
        0..=2 => {
            let flips: Vec<usize> =
                (0..random.usize(1..4)).map(|_| place(random) * 8 + random.usize(..8)).collect();
            flips.iter().for_each(|bit| bytes[bit / 8] ^= 1 << (bit % 8));
            format!("bits {flips:?}")
        }
        3 => {
            let rest = random.usize(..length);
            bytes.truncate(rest);
            format!("cut off at {rest}")
        }
        4 => {
            let (from, fill) = (place(random), [0, 0xff, random.u8(..)][random.usize(..3)]);
            let end = (from + random.usize(1..2 * PAGE)).min(length);
            bytes[from..end].fill(fill);
            format!("{from}..{end} is {fill}")
        }
        5 => {
            let (one, other) = (random.usize(..length / PAGE), random.usize(..length / PAGE));
            let page = bytes[one * PAGE..(one + 1) * PAGE].to_vec();
            bytes.copy_within(other * PAGE..(other + 1) * PAGE, one * PAGE);
            bytes[other * PAGE..(other + 1) * PAGE].copy_from_slice(&page);
            format!("pages {one} and {other} swapped")
        }
        _ => {
            let more = random.usize(1..3 * PAGE);
            bytes.extend((0..more).map(|_| random.u8(..)));
            format!("{more} bytes more")
        }
    }
}
