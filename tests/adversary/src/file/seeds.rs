//! Seeds with values that no reader expects.

use super::mutate::mutate;
use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use configcat_simulator::seed::Seed;
use configcat_simulator::state::State;
use fastrand::Rng;
use serde_json::Value;
use std::time::{Duration, Instant};

pub const ATTACK: Attack = Attack {
    name: "hostile-seeds",
    surface: Surface::File,
    does: "reads seeds with wrong types, huge numbers, long and unusual strings, missing and repeated parts, as JSON and YAML",
    bound: "each is refused with a message, or the result is a valid state; no panic, at most 2 seconds",
    run,
};

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut random = Rng::with_seed(plan.seed);
        let demo = Seed::demo().map_err(|error| error.to_string())?;
        let demo = serde_json::to_value(&demo).map_err(|error| error.to_string())?;
        let (mut refused, mut slowest) = (0, Duration::ZERO);
        let tries = plan.tries(60, 4_000);
        for n in 0..tries {
            let mut document = demo.clone();
            for _ in 0..random.usize(1..4) {
                mutate(&mut document, &mut random);
            }
            let started = Instant::now();
            let yaml = random.bool();
            // JSON is YAML, apart from a few escapes.
            let accepted = std::thread::spawn(move || plant(&document, yaml)).join();
            let accepted = accepted.map_err(|_| format!("try {n}: panic"))?;
            refused += u32::from(!accepted.map_err(|error| format!("try {n}: {error}"))?);
            let time = started.elapsed();
            ensure(time < Duration::from_secs(2), format!("try {n}: {time:?}"))?;
            slowest = slowest.max(time);
        }
        Ok(Seen { tries, seen: format!("{refused} refused, at most {} ms", slowest.as_millis()) })
    })
}

/// Returns whether a seed is accepted; the error states which bound it broke.
fn plant(document: &Value, yaml: bool) -> Result<bool, String> {
    let text = document.to_string();
    let seed = if yaml { Seed::from_yaml(&text) } else { Seed::from_json(&text) };
    let seed = match seed {
        Ok(seed) => seed,
        Err(error) => return ensure(!error.to_string().is_empty(), "no message").map(|()| false),
    };
    match State::from_seed(&seed, "simulator", "simulator") {
        Ok(state) => {
            let restored = State::default().restore(state.snapshot());
            restored
                .map(|()| true)
                .map_err(|error| format!("accepted, and its snapshot is not valid: {error}"))
        }
        Err(problem) => ensure(problem.status == 400, &problem).map(|()| false),
    }
}
