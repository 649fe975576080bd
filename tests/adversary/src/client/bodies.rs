//! Bodies that are large, or need much more memory than their text.

use super::exchange::{CONFIG, ENVIRONMENT, FLAG, PRODUCT, call, is_alive, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::Simulator;

const LIMIT: usize = 1 << 30;

pub const LARGE: Attack = Attack {
    name: "large-bodies",
    surface: Surface::Client,
    does: "bodies of up to 33 MiB whose values need up to a hundred times the memory of their text",
    bound: "400 or 413; less than 1 GiB allocated",
    run: |plan| Box::pin(large(plan)),
};

async fn large(plan: Plan) -> Result<Seen, String> {
    let simulator = start(Simulator::builder()).await?;
    // Bytes of a body: the largest that are parsed, and larger ones.
    let sizes: &[usize] =
        if plan.whole { &[1 << 20, 2 << 20, 8 << 20, 31 << 20, 33 << 20] } else { &[1 << 18, 33 << 20] };
    let targets = [
        format!("POST /v1/products/{PRODUCT}/tags"),
        format!("PUT /v2/environments/{ENVIRONMENT}/settings/{FLAG}/value"),
        format!("POST /v1/configs/{CONFIG}/settings"),
    ];
    let (mut tries, mut largest) = (0, 0);
    for size in sizes {
        for (unit, wrap) in [
            ("{\"\":0},", ("[", "0]")),
            ("0,", ("{\"targetingRules\":[", "0]}")),
            ("[],", ("{\"targetingRules\":[", "0]}")),
            ("{},", ("{\"targetingRules\":[", "0]}")),
            ("x", ("{\"name\":\"", "\"}")),
        ] {
            for target in targets.iter().take(if plan.whole { 3 } else { 1 }) {
                let body = format!("{}{}{}", wrap.0, unit.repeat(size / unit.len()), wrap.1);
                let measure = Measure::start();
                let (status, text) = call(&simulator, target, &body).await?;
                let peak = measure.peak();
                let what = format!("{target} with {size} bytes of {unit}: {status}, {peak} bytes");
                ensure(
                    status == 400 || status == 413,
                    format_args!("{what} {}", &text[..text.len().min(200)]),
                )?;
                ensure(peak < LIMIT, &what)?;
                (tries, largest) = (tries + 1, largest.max(peak));
            }
        }
    }
    is_alive(&simulator).await?;
    simulator.stop().await;
    Ok(Seen { tries, seen: format!("at most {} MiB", largest >> 20) })
}
