//! Rate limits, in every form in which a service says when to come back.

use super::common::{answer, product, say};
use crate::fault::{Fault, Seen, Server, settings};
use crate::step::Step;
use std::time::{Duration, SystemTime};

fn once(headers: &str) -> Vec<Step> {
    say(answer("429 Too Many Requests", &format!("{headers}connection: close\r\n"), "Limit exceeded."))
}

/// A server whose clock is wrong by so many seconds says a date in a SECOND, and its own.
fn dated(n: usize, wrong: i64) -> Vec<Step> {
    let offset = Duration::from_secs(wrong.unsigned_abs());
    let real = SystemTime::now();
    let now = if wrong < 0 { real - offset } else { real + offset };
    let text = |at| httpdate::fmt_http_date(at);
    if n == 0 {
        // Dates have whole seconds: this is one to two seconds from now.
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

/// A 429 that is waited out.
fn once_limited() -> Vec<Fault> {
    vec![
        Fault::paced(
            "limited-seconds",
            "answers 429 once: in a second",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: 1\r\n")),
        )
        .everywhere(),
        Fault::paced(
            "limited-date",
            "answers 429 once: in two seconds, as a date",
            SECOND * 2,
            Server::Plain(|n| dated(n, 0)),
        ),
        Fault::paced(
            "limited-clock-ahead",
            "does the same, with a clock that is an hour ahead",
            SECOND * 2,
            Server::Plain(|n| dated(n, 3600)),
        ),
        Fault::paced(
            "limited-clock-behind",
            "does the same, with a clock that is an hour behind",
            SECOND * 2,
            Server::Plain(|n| dated(n, -3600)),
        ),
        Fault::paced(
            "limited-silently",
            "answers 429 once, without saying until when",
            SECOND,
            Server::Plain(|n| first(n, "")),
        ),
        Fault::paced(
            "limited-nonsense",
            "answers 429 once, until \"soon\"",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: soon\r\n")),
        ),
        Fault::paced(
            "limited-negative",
            "answers 429 once, until before now",
            SECOND,
            Server::Plain(|n| first(n, "retry-after: -5\r\n")),
        ),
    ]
}

/// A 429 that cannot be waited out.
fn always_limited() -> Vec<Fault> {
    vec![
        Fault::refused(
            "limited-for-an-hour",
            "rate_limited",
            "answers 429: in an hour",
            Server::Plain(|_| once("retry-after: 3600\r\n")),
        )
        .everywhere(),
        Fault::paced(
            "limited-for-ever",
            "answers 429 whenever it is asked: in a second",
            SECOND,
            Server::Plain(|_| once("retry-after: 1\r\n")),
        )
        .get(Seen::Error("rate_limited"), settings::MAX_ATTEMPTS, false)
        .post(Seen::Error("rate_limited"), settings::MAX_ATTEMPTS, false),
    ]
}
