//! The probes of a closed rate limiter, under a paused clock.

use super::testing::*;
use crate::ErrorKind;
use crate::operations::configs::LIST;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn one_response_closes_for_the_longest_wait_at_most() {
    for first in [
        || left("0", "86000"),
        || left("1", "86000"),
        || response(429, &[("retry-after", "86000")]),
        || response(429, &[("retry-after", "86000"), ("x-rate-limit-remaining", "0")]),
    ] {
        let script = Scripted::new(move |n| if n == 0 { first() } else { response(200, &[]) });
        let pipeline = pipeline(script.clone());
        // The first response closes at the latest when its one remaining request is spent.
        let _ = (pipeline.go(&LIST).await, pipeline.go(&LIST).await);
        let mut failed = 0;
        while let Err(error) = pipeline.go(&LIST).await {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
            assert!(error.retry_after().unwrap() > Duration::from_secs(80_000), "{error}");
            failed += 1;
            sleep(Duration::from_secs(10)).await;
        }
        let times = script.times();
        assert!(failed >= 5 && (60_000..=71_000).contains(times.last().unwrap()), "{failed} {times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn closed_limiter_sends_one_probe_per_longest_wait() {
    let script = Scripted::new(|_| response(429, &[("retry-after", "86000")]));
    let pipeline = pipeline(script.clone());
    for _ in 0..600 {
        pipeline.go(&LIST).await.unwrap_err();
        sleep(Duration::from_secs(1)).await;
    }
    assert!((9..=11).contains(&script.attempts()), "{:?}", script.times());
}
