//! Forged webhook requests.

use crate::attack::{Outcome, Plan, Seen, ensure};
use configcat_management::webhook::{Verifier, sign};
use std::time::{Duration, UNIX_EPOCH};

const KEY: &str = "configcat_whsk_VN3juirnVh5pNvCKd81RYRYchxUX4j3NykbZG2fAy88=";
const NOW: u64 = 1_800_000_000;
const MONTH: u64 = 30 * 24 * 3600;

/// Divides a recorded request differently, so that its signature still matches.
pub fn recut(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut random = fastrand::Rng::with_seed(plan.seed);
        let verifier = Verifier::new([KEY]);
        let now = UNIX_EPOCH + Duration::from_secs(NOW);
        let (mut tries, mut cuts) = (0, 0);
        for _ in 0..plan.tries(20, 500) {
            let id = format!("{:032x}", random.u128(..));
            let old = (NOW - MONTH).to_string();
            let body = format!(
                r#"{{"a":{},"at":{},"b":"{:032x}"}}"#,
                random.u32(..),
                NOW + random.u64(0..200),
                random.u128(..)
            );
            let signature = sign(KEY, &id, &old, body.as_bytes());
            let whole = format!("{id}{old}{body}");
            for first in 0..whole.len() {
                for second in [first, first + 9, first + 10, first + 11] {
                    let (Some(id), Some(time), Some(body)) =
                        (whole.get(..first), whole.get(first..second), whole.get(second..))
                    else {
                        continue;
                    };
                    tries += 1;
                    cuts += u32::from(time.parse::<u64>().is_ok_and(|time| time.abs_diff(NOW) < 300));
                    let verified = verifier.verify_at(id, time, &signature, body.as_bytes(), now);
                    ensure(verified.is_err(), format!("{id} | {time} | {body}"))?;
                }
            }
        }
        Ok(Seen { tries, seen: format!("none, {cuts} at a current number") })
    })
}
