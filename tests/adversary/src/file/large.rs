//! Seeds with very many flags.

use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::seed::Seed;
use configcat_simulator::state::State;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub const ATTACK: Attack = Attack {
    name: "large-seed",
    surface: Surface::File,
    does: "plants seeds with many flags, each with a prerequisite and a tag, so that they form one long chain",
    bound: "four times the flags take at most eight times as long and five times the memory, and a flag at most 20 KB",
    run,
};

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let flags = usize::try_from(plan.tries(400, 25_000)).unwrap_or_default();
        let (small, large) = (plant(flags)?, plant(4 * flags)?);
        let ratio = large.0.as_secs_f64() / small.0.as_secs_f64().max(1e-6);
        ensure(ratio < 8.0, format!("4 times the flags took {ratio:.1} times as long"))?;
        ensure(large.1 < 5 * small.1, format!("{} bytes and {} bytes", small.1, large.1))?;
        let each = large.1 / (4 * flags);
        ensure(each < 20_000, format!("{each} bytes per flag"))?;
        let seen =
            format!("{} flags in {:.1?}, {:.1} times as long, {each} bytes each", 4 * flags, large.0, ratio);
        Ok(Seen { tries: 2, seen })
    })
}

/// Returns the time and the memory that a seed takes. Of five times, the shortest one.
fn plant(flags: usize) -> Result<(Duration, usize), String> {
    let seed = seed(flags)?;
    let mut shortest = Duration::MAX;
    let mut memory = 0;
    for _ in 0..5 {
        let measure = Measure::start();
        let started = Instant::now();
        let state =
            State::from_seed(&seed, "simulator", "simulator").map_err(|problem| problem.to_string())?;
        shortest = shortest.min(started.elapsed());
        memory = measure.peak();
        drop(state);
    }
    Ok((shortest, memory))
}

fn seed(flags: usize) -> Result<Seed, String> {
    let setting = |n: usize| {
        let condition = json!([{ "prerequisiteFlagCondition": {
            "prerequisiteSettingId": 1_000_000 + n - 1, "comparator": "equals",
            "prerequisiteComparisonValue": { "boolValue": true } } }]);
        let rule = json!({ "conditions": condition, "value": { "boolValue": true } });
        let rules = if n == 0 { json!([]) } else { json!([rule]) };
        json!({
            "settingId": 1_000_000 + n, "key": format!("flag{n}"), "name": "F", "settingType": "boolean",
            "tags": [format!("tag{}", n % 100)],
            "values": { "E": { "defaultValue": { "boolValue": false }, "targetingRules": rules } },
        })
    };
    let settings: Vec<Value> = (0..flags).map(setting).collect();
    let tags: Vec<Value> = (0..100).map(|n| json!({ "name": format!("tag{n}") })).collect();
    let seed = json!({ "organizations": [{ "name": "O", "products": [{
        "name": "P", "environments": [{ "name": "E" }, { "name": "D" }], "tags": tags,
        "configs": [{ "name": "C", "settings": settings }],
    }] }] });
    Seed::from_json(&seed.to_string()).map_err(|error| error.to_string())
}
