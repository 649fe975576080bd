//! Rate limits, with every format of the time at which to retry.

use super::common::{product, response, say};
use crate::fault::{Fault, Seen, Server, settings};
use crate::step::Step;
use std::time::{Duration, SystemTime};

fn once(headers: &str) -> Vec<Step> {
    say(response("429 Too Many Requests", &format!("{headers}connection: close\r\n"), "Limit exceeded."))
}

/// Returns the script of a server whose clock is off by `wrong` seconds: a 429 with `Retry-After` as a date in one to two
/// seconds and the server's own `Date`, then a success.
fn dated(n: usize, wrong: i64) -> Vec<Step> {
    let offset = Duration::from_secs(wrong.unsigned_abs());
    let real = SystemTime::now();
    let now = if wrong < 0 { real - offset } else { real + offset };
    let text = |at| httpdate::fmt_http_date(at);
    if n == 0 {
        // Dates are truncated to whole seconds: this is one to two seconds from now.
        let back = now + Duration::from_secs(2);
        once(&format!("date: {}\r\nretry-after: {}\r\n", text(now), text(back)))
    } else {
        say(product())
    }
}

fn first(n: usize, headers: &str) -> Vec<Step> {
    if n == 0 { once(headers) } else { say(product()) }
}

const SECOND: Duration = Duration::from_secs(1);

pub fn faults() -> Vec<Fault> {
    [once_limited(), always_limited()].into_iter().flatten().collect()
}

/// A 429 that the client waits out.
fn once_limited() -> Vec<Fault> {
    vec![
        Fault::paced(
            "limited-seconds",
            "responds with 429 once, retry after one second",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: 1\r\n")),
        )
        .everywhere(),
        Fault::paced(
            "limited-date",
            "responds with 429 once, retry after two seconds, as a date",
            SECOND * 2,
            Server::Plain(|n| dated(n, 0)),
        ),
        Fault::paced(
            "limited-clock-ahead",
            "the same, with a server clock that is an hour ahead",
            SECOND * 2,
            Server::Plain(|n| dated(n, 3600)),
        ),
        Fault::paced(
            "limited-clock-behind",
            "the same, with a server clock that is an hour behind",
            SECOND * 2,
            Server::Plain(|n| dated(n, -3600)),
        ),
        Fault::paced(
            "limited-silently",
            "responds with 429 once, without a time",
            SECOND,
            Server::Plain(|n| first(n, "")),
        ),
        Fault::paced(
            "limited-nonsense",
            "responds with 429 once, with the time \"soon\"",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: soon\r\n")),
        ),
        Fault::paced(
            "limited-negative",
            "responds with 429 once, with a time in the past",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: -5\r\n")),
        ),
    ]
}

/// A 429 that the client cannot wait out.
fn always_limited() -> Vec<Fault> {
    vec![
        Fault::refused(
            "limited-for-an-hour",
            "rate_limited",
            "responds with 429, retry after one hour",
            Server::Plain(|_| once("retry-after: 3600\r\n")),
        )
        .everywhere(),
        Fault::paced(
            "limited-for-ever",
            "responds with 429 to all requests, retry after one second",
            SECOND,
            Server::Plain(|_| once("retry-after: 1\r\n")),
        )
        .get(Seen::Error("rate_limited"), settings::MAX_ATTEMPTS, false)
        .post(Seen::Error("rate_limited"), settings::MAX_ATTEMPTS, false),
    ]
}
