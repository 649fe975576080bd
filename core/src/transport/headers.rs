//! Parses the rate-limit and time headers of responses. Malformed values are ignored.

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longest accepted wait or window; a longer one is ignored.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Whole numbers from here on are Unix timestamps in seconds, smaller ones are seconds from now.
const EPOCH_SECONDS: i128 = 1_000_000_000;
/// Whole numbers from here on are Unix timestamps in milliseconds.
const EPOCH_MILLIS: i128 = 1_000_000_000_000;

const SECOND: i128 = 1_000_000_000;

/// When the window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reset {
    /// At this time of the server's clock, in Unix nanoseconds.
    At(i128),
    /// This long after the response was written.
    In(Duration),
}

/// Rate-limit and time headers of a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reported {
    pub(crate) remaining: Option<u64>,
    pub(crate) reset: Option<Reset>,
    pub(crate) retry_after: Option<Duration>,
    /// The server's clock in Unix seconds.
    pub(crate) date: Option<i64>,
}

impl Reported {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
        let date = headers.get(DATE).and_then(|v| v.to_str().ok()).and_then(http_date);
        Self {
            remaining: text("x-rate-limit-remaining").and_then(remaining),
            reset: text("x-rate-limit-reset").and_then(reset),
            retry_after: text(RETRY_AFTER.as_str()).and_then(|t| retry_after(t, date)),
            date,
        }
    }
}

/// Treats negative numbers as zero: some servers keep counting below zero.
fn remaining(text: &str) -> Option<u64> {
    text.parse::<i64>().ok().map(|n| u64::try_from(n).unwrap_or(0))
}

fn reset(text: &str) -> Option<Reset> {
    if let Ok(number) = text.parse::<i128>() {
        return match number {
            EPOCH_MILLIS.. => Some(Reset::At(number.checked_mul(1_000_000)?)),
            EPOCH_SECONDS.. => Some(Reset::At(number * SECOND)),
            0.. => sane(Duration::from_secs(u64::try_from(number).ok()?)).map(Reset::In),
            _ => None,
        };
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok().and_then(sane).map(Reset::In);
    }
    if let Ok(timestamp) = text.parse::<crate::Timestamp>() {
        return Some(Reset::At(timestamp.unix_nanos()));
    }
    http_date(text).map(|seconds| Reset::At(i128::from(seconds) * SECOND))
}

/// Parses seconds, or a date relative to the server's clock (the local clock if there is no `Date`).
fn retry_after(text: &str, date: Option<i64>) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<u64>() {
        return sane(Duration::from_secs(seconds));
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok().and_then(sane);
    }
    let until = http_date(text)?;
    let now = match date {
        Some(date) => date,
        None => i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?,
    };
    sane(Duration::from_secs(u64::try_from(until.checked_sub(now)?).unwrap_or(0)))
}

pub(crate) fn sane(wait: Duration) -> Option<Duration> {
    (wait <= LONGEST).then_some(wait)
}

fn http_date(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i128 = 1_795_425_895 * SECOND;

    #[test]
    fn reset_is_parsed_in_every_known_form() {
        for (text, expected) in [
            ("2026-11-23T09:24:55.0000000Z", Reset::At(AT)),
            ("2026-11-23T09:24:55.1234567Z", Reset::At(AT + 123_456_700)),
            ("2026-11-23T10:24:55+01:00", Reset::At(AT)),
            ("1795425895", Reset::At(AT)),
            ("1795425895000", Reset::At(AT)),
            ("Mon, 23 Nov 2026 09:24:55 GMT", Reset::At(AT)),
            ("30", Reset::In(Duration::from_secs(30))),
            ("0.5", Reset::In(Duration::from_millis(500))),
            ("0", Reset::In(Duration::ZERO)),
            // A day is the longest accepted window.
            ("86400", Reset::In(Duration::from_secs(86_400))),
        ] {
            assert_eq!(reset(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn malformed_reset_and_retry_after_are_ignored() {
        for text in ["", "soon", "-5", "NaN", "inf", "1e300", "99999999", "9".repeat(60).as_str()] {
            assert_eq!(reset(text), None, "{text}");
        }
        for text in ["", "soon", "-5", "86401", "99999999999999999999999", "NaN"] {
            assert_eq!(retry_after(text, None), None, "{text}");
        }
    }

    #[test]
    fn retry_after_date_is_relative_to_the_server_clock() {
        assert_eq!(retry_after("7", None), Some(Duration::from_secs(7)));
        let date = Some(1_795_425_890);
        assert_eq!(retry_after("Mon, 23 Nov 2026 09:24:55 GMT", date), Some(Duration::from_secs(5)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 09:24:50 GMT", date), Some(Duration::ZERO));
        assert_eq!(retry_after("Mon, 23 Nov 2026 09:24:40 GMT", date), Some(Duration::ZERO));
    }

    #[test]
    fn remaining_below_zero_is_zero() {
        assert_eq!(remaining("-3"), Some(0));
        assert_eq!(remaining("12"), Some(12));
        assert_eq!(remaining("many"), None);
    }
}
