//! The rate limiter under a paused clock, tested through calls.

use super::testing::*;
use crate::ErrorKind;
use crate::operations::configs::{CREATE, LIST};
use crate::transport::limiter::{RateLimitPolicy, RateLimiter};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

#[tokio::test(start_paused = true)]
async fn a_429_blocks_every_call_until_its_retry_after() {
    let script =
        Scripted::new(|n| if n == 0 { response(429, &[("retry-after", "5")]) } else { response(200, &[]) });
    let pipeline = Arc::new(pipeline(script.clone()));
    let first = spawn(&pipeline, &CREATE);
    sleep(Duration::from_millis(50)).await;
    let others: Vec<_> = (0..20).map(|_| spawn(&pipeline, &LIST)).collect();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(first.await.unwrap().unwrap().attempts(), 2);
    let times = script.times();
    assert!(times[1] >= 5010, "{times:?}");
    assert_eq!(times.len(), 22);
}

#[tokio::test(start_paused = true)]
async fn a_429_without_a_valid_retry_after_uses_the_blind_wait() {
    for header in [None, Some("soon"), Some("99999999999"), Some("-3")] {
        let script = Scripted::new(move |n| {
            let headers: Vec<(&'static str, &str)> = header.iter().map(|h| ("retry-after", *h)).collect();
            if n < 2 { response(429, &headers) } else { response(200, &[]) }
        });
        pipeline(script.clone()).go(&LIST).await.unwrap();
        let times = script.times();
        assert!((1000..1200).contains(&times[1]), "{header:?} {times:?}");
        assert!((3000..3400).contains(&times[2]), "{header:?} {times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_date_uses_the_server_clock() {
    let script = Scripted::new(|n| {
        let date = ("date", "Mon, 23 Nov 2020 09:24:50 GMT");
        if n == 0 {
            response(429, &[("retry-after", "Mon, 23 Nov 2020 09:24:55 GMT"), date])
        } else {
            response(200, &[])
        }
    });
    pipeline(script.clone()).go(&LIST).await.unwrap();
    assert!((5000..5300).contains(&script.times()[1]), "{:?}", script.times());
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_the_limit_fails_with_retry_after() {
    let script = Scripted::new(|_| response(429, &[("retry-after", "90")]));
    let pipeline = pipeline(script.clone());
    let error = pipeline.go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
    assert!(error.retry_after().unwrap() >= Duration::from_secs(89));
    assert_eq!(error.status(), Some(429));
    // The next call fails without sending anything.
    let error = pipeline.go(&LIST).await.unwrap_err();
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert_eq!(script.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn longest_wait_tolerates_whole_seconds() {
    for (longest, seconds, waited) in
        [(60, "61", true), (60, "62", false), (10, "10.2", true), (10, "11", false)]
    {
        let script = Scripted::new(move |n| {
            if n == 0 { response(429, &[("retry-after", seconds)]) } else { response(200, &[]) }
        });
        let mut pipeline = pipeline(script);
        pipeline.limiter = Arc::new(RateLimiter::new(RateLimitPolicy::Pace, Duration::from_secs(longest)));
        assert_eq!(pipeline.go(&LIST).await.is_ok(), waited, "{seconds} s with {longest} s at most");
    }
}

async fn burst(server: &WindowServer, calls: usize) -> Duration {
    let pipeline = Arc::new(pipeline(server.clone()));
    let start = Instant::now();
    let calls: Vec<_> = (0..calls).map(|_| spawn(&pipeline, &LIST)).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn single_client_is_never_rejected_in_any_reset_format() {
    for form in [Form::DotNet, Form::EpochSeconds, Form::SecondsFromNow] {
        let server = WindowServer::new(50, Duration::from_secs(20), form);
        let took = burst(&server, 500).await;
        assert_eq!((server.refused(), server.served()), (0, 500), "{form:?}");
        // 500 calls at 50 per 20 s: nine windows have to pass.
        assert!(took >= Duration::from_secs(180), "{form:?} {took:?}");
        let bound = if matches!(form, Form::DotNet) { 1.05 } else { 1.12 };
        assert!(took.as_secs_f64() <= 180.0 * bound, "{form:?} {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_minute_window_fits_a_longest_wait_of_one_minute() {
    let server = WindowServer::new(3, Duration::from_secs(60), Form::DotNet);
    let took = burst(&server, 9).await;
    assert_eq!(server.refused(), 0);
    assert!((120..124).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn competing_clients_are_rejected_at_most_once_a_window() {
    let server = WindowServer::new(100, Duration::from_secs(20), Form::DotNet);
    let start = Instant::now();
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let pipeline = pipeline(server.clone());
            tokio::spawn(async move {
                for _ in 0..250 {
                    pipeline.go_with(&LIST, limits(3600, 5)).await.unwrap();
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let took = start.elapsed().as_secs_f64();
    let windows = (took / 20.0).ceil() as u64;
    assert!(server.refused() <= windows, "{} refused in {windows} windows", server.refused());
    assert!(took <= 180.0 * 1.15, "{took}");
}

#[tokio::test(start_paused = true)]
async fn waiters_are_served_first_come_first_served() {
    let server = WindowServer::new(5, Duration::from_secs(10), Form::DotNet);
    let pipeline = Arc::new(pipeline(server));
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut calls = Vec::new();
    for n in 0..30 {
        let (pipeline, order) = (Arc::clone(&pipeline), Arc::clone(&order));
        calls.push(tokio::spawn(async move {
            pipeline.go(&LIST).await.unwrap();
            order.lock().unwrap().push(n / 5);
        }));
        // Each call takes its ticket before the next one starts.
        tokio::task::yield_now().await;
    }
    for call in calls {
        call.await.unwrap();
    }
    let order = order.lock().unwrap();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn cancelled_waiter_lets_the_next_one_proceed() {
    let server = WindowServer::new(1, Duration::from_secs(10), Form::DotNet);
    let pipeline = Arc::new(pipeline(server.clone()));
    pipeline.go(&LIST).await.unwrap();
    let cancelled: Vec<_> = (0..10)
        .map(|_| {
            let pipeline = Arc::clone(&pipeline);
            tokio::spawn(async move { timeout(Duration::from_secs(2), pipeline.go(&LIST)).await.is_err() })
        })
        .collect();
    sleep(Duration::from_millis(100)).await;
    let patient = pipeline.go(&LIST).await.unwrap();
    assert!(patient.waited() < Duration::from_secs(11), "{:?}", patient.waited());
    for call in cancelled {
        assert!(call.await.unwrap());
    }
    assert_eq!((server.served(), pipeline.limiter.snapshot().waiting), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn call_cancelled_in_flight_counts_as_spent() {
    let script = Scripted::new(|n| {
        let (_, result) = response(200, &[("x-rate-limit-remaining", "10"), ("x-rate-limit-reset", "60")]);
        (Duration::from_secs(if n == 0 { 0 } else { 20 }), result)
    });
    let pipeline = pipeline(script);
    pipeline.go(&LIST).await.unwrap();
    assert!(timeout(Duration::from_secs(1), pipeline.go(&LIST)).await.is_err());
    let state = pipeline.limiter.snapshot();
    assert_eq!((state.in_flight, state.remaining), (0, Some(9)));
}

#[tokio::test(start_paused = true)]
async fn out_of_order_responses_never_raise_the_budget() {
    let script = Scripted::new(|n| {
        let remaining = ["50", "47", "49", "48"][n.min(3)];
        response(200, &[("x-rate-limit-remaining", remaining), ("x-rate-limit-reset", "1900000000")])
    });
    let pipeline = pipeline(script);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(pipeline.go(&LIST).await.unwrap().rate_limit().remaining.unwrap());
    }
    assert_eq!(seen, [50, 47, 47, 47]);
}

#[tokio::test(start_paused = true)]
async fn first_call_learns_the_budget_before_the_rest_follow() {
    let script = Scripted::new(|_| response(200, &[]));
    let pipeline = Arc::new(pipeline(script.clone()));
    let calls: Vec<_> = (0..8).map(|_| spawn(&pipeline, &LIST)).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    // One call learns that there is no limit, then the rest are sent together.
    assert_eq!(script.times(), [0, 10, 10, 10, 10, 10, 10, 10]);
}

#[tokio::test(start_paused = true)]
async fn server_error_does_not_mean_unlimited_budget() {
    let script = Scripted::new(|n| response(if n == 0 { 500 } else { 200 }, &[]));
    let pipeline = Arc::new(pipeline(script.clone()));
    pipeline.go(&CREATE).await.unwrap_err();
    let calls = (0..3).map(|_| spawn(&pipeline, &LIST));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // One call still has to learn that there is no limit.
    assert_eq!(script.times(), [0, 10, 20, 20]);
}

#[tokio::test(start_paused = true)]
async fn late_response_of_an_earlier_window_is_ignored() {
    for (window, next) in [("1795425920", "1795425980"), ("30", "90")] {
        let script = Scripted::new(move |n| {
            let (millis, remaining, reset) = [(10, "50", window), (500, "3", window), (10, "90", next)][n];
            let (_, result) = left(remaining, reset);
            (Duration::from_millis(millis), result)
        });
        let pipeline = Arc::new(pipeline(script));
        pipeline.go(&LIST).await.unwrap();
        let late = spawn(&pipeline, &LIST);
        sleep(Duration::from_millis(1)).await;
        assert_eq!(pipeline.go(&LIST).await.unwrap().rate_limit().remaining, Some(90));
        assert_eq!(late.await.unwrap().unwrap().rate_limit().remaining, Some(90), "until {window}");
    }
}

#[tokio::test(start_paused = true)]
async fn malformed_headers_do_not_delay_calls() {
    for (remaining, reset) in [("many", "whenever"), ("5", ""), ("5", "2001-01-01T00:00:00Z"), ("3", "-1")] {
        let script = Scripted::new(move |_| left(remaining, reset));
        let pipeline = pipeline(script.clone());
        let start = Instant::now();
        for _ in 0..20 {
            pipeline.go(&LIST).await.unwrap();
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{remaining} {reset} {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn used_up_budget_without_a_reset_is_probed_again() {
    let script =
        Scripted::new(|n| response(200, &[("x-rate-limit-remaining", if n == 0 { "0" } else { "50" })]));
    let pipeline = pipeline(script.clone());
    for _ in 0..3 {
        pipeline.go(&LIST).await.unwrap();
    }
    let times = script.times();
    assert!((1000..1100).contains(&times[1]) && times[2] - times[1] < 20, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn fail_fast_fails_immediately_and_off_ignores_the_budget() {
    let script =
        || Scripted::new(|_| response(200, &[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "30")]));
    let mut fast = pipeline(script());
    fast.limiter = Arc::new(RateLimiter::new(RateLimitPolicy::FailFast, Duration::from_secs(60)));
    fast.go(&LIST).await.unwrap();
    let error = fast.go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert!(error.retry_after().unwrap() > Duration::from_secs(29));

    let mut off = pipeline(script());
    off.limiter = Arc::new(RateLimiter::new(RateLimitPolicy::Off, Duration::from_secs(60)));
    let start = Instant::now();
    for _ in 0..5 {
        let done = off.go(&LIST).await.unwrap();
        assert_eq!(done.rate_limit().in_flight, 0);
    }
    assert!(start.elapsed() < Duration::from_secs(1));
    // Requests in flight are counted nevertheless.
    let off = Arc::new(off);
    let calls: Vec<_> = (0..3).map(|_| spawn(&off, &LIST)).collect();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(off.limiter.snapshot().in_flight, 3);
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_without_retry_after_waits_for_the_reset() {
    // A reset that is already due is no help, so the blind wait applies.
    for (reset, waits) in [("5", 5000..5200), ("0", 1000..1200)] {
        let script = Scripted::new(move |n| {
            if n == 0 { response(429, &[("x-rate-limit-reset", reset)]) } else { response(200, &[]) }
        });
        pipeline(script.clone()).go(&LIST).await.unwrap();
        let waited = script.times()[1] - 10;
        assert!(waits.contains(&waited), "{reset}: {waited}");
    }
}

#[tokio::test(start_paused = true)]
async fn reset_without_a_date_header_uses_the_local_clock() {
    let soon =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap() + Duration::from_secs(20);
    let reset = soon.as_secs().to_string();
    let script = Scripted::new(move |_| {
        response(200, &[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", &reset)])
    });
    let pipeline = pipeline(script.clone());
    for _ in 0..2 {
        pipeline.go(&LIST).await.unwrap();
    }
    // Less the time that this test has taken, and the truncated fraction of a second.
    let waited = script.times()[1];
    assert!((15_000..20_500).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn slow_probe_blocks_other_calls_for_five_seconds_only() {
    let script = Scripted::new(|n| (Duration::from_secs(if n == 0 { 20 } else { 0 }), Ok(raw(200, &[]))));
    let pipeline = Arc::new(pipeline(script.clone()));
    let slow = spawn(&pipeline, &LIST);
    sleep(Duration::from_millis(1)).await;
    pipeline.go(&LIST).await.unwrap();
    assert_eq!(script.times()[1], 5000);
    assert_eq!(slow.await.unwrap().unwrap().elapsed(), Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn relative_resets_that_are_close_are_one_window() {
    for (later, remaining) in [(10, 50), (1500, 50), (1501, 90)] {
        let script = Scripted::new(|n| {
            let remaining = if n == 0 { "50" } else { "90" };
            response(200, &[("x-rate-limit-remaining", remaining), ("x-rate-limit-reset", "10")])
        });
        let pipeline = pipeline(script);
        pipeline.go(&LIST).await.unwrap();
        // Measured from response to response.
        sleep(Duration::from_millis(later) - Duration::from_millis(10)).await;
        let found = pipeline.go(&LIST).await.unwrap().rate_limit().remaining;
        assert_eq!(found, Some(remaining), "{later} ms later");
    }
}

#[tokio::test(start_paused = true)]
async fn absolute_resets_a_second_apart_are_two_windows() {
    for (second, remaining) in [("1795425900", 50), ("1795425901", 90)] {
        let script = Scripted::new(move |n| {
            let (remaining, reset) = [("50", "1795425900"), ("90", second)][n];
            left(remaining, reset)
        });
        let pipeline = pipeline(script);
        pipeline.go(&LIST).await.unwrap();
        assert_eq!(pipeline.go(&LIST).await.unwrap().rate_limit().remaining, Some(remaining), "{second}");
    }
}

#[tokio::test(start_paused = true)]
async fn call_that_cannot_wait_takes_more_than_its_share() {
    // How long fifty calls take, after another client has made `others` calls.
    let fifty = async |window: u64, others: usize| {
        let server = WindowServer::new(1000, Duration::from_secs(window), Form::DotNet);
        let (one, other) = (pipeline(server.clone()), pipeline(server.clone()));
        for _ in 0..5 {
            one.go(&LIST).await.unwrap();
            other.go(&LIST).await.unwrap();
        }
        for _ in 0..others {
            other.go(&LIST).await.unwrap();
        }
        let start = Instant::now();
        for _ in 0..50 {
            one.go(&LIST).await.unwrap();
        }
        start.elapsed()
    };
    // The timeout of a call is 300 s.
    assert!(fifty(3600, 100).await < Duration::from_secs(2));
    assert!(fifty(60, 100).await > Duration::from_secs(4), "calls that can wait are paced");
    assert!(fifty(60, 5).await < Duration::from_secs(2), "there is enough for both");
}

#[tokio::test(start_paused = true)]
async fn call_that_cannot_wait_spends_only_the_remaining_budget() {
    // Other clients spend most of the budget, so the last of it is left to them.
    let script = Scripted::new(|n| {
        let remaining = ["100", "60", "50", "40", "30", "20", "15", "10", "5", "2"].get(n).unwrap_or(&"1");
        left(remaining, "1795425950")
    });
    let pipeline = Arc::new(pipeline(script.clone()));
    for _ in 0..10 {
        pipeline.go(&LIST).await.unwrap();
    }
    let patient = spawn(&pipeline, &LIST);
    sleep(Duration::from_millis(1)).await;
    let hurried = || pipeline.go_with(&LIST, limits(5, 1));
    let (first, second, third) = tokio::join!(hurried(), hurried(), hurried());
    let errors: Vec<_> = [first, second, third].into_iter().filter_map(Result::err).collect();
    assert_eq!((errors.len(), script.attempts()), (1, 12));
    assert_eq!((errors[0].kind(), errors[0].attempts()), (ErrorKind::RateLimited, 0));
    assert!(patient.await.unwrap().unwrap().waited() > Duration::from_secs(30));
}
