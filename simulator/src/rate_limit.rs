//! Rate limit: a fixed window per credential, reported in the service's own headers.

use configcat_management::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// Maximum number of requests in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Written", into = "Written")]
pub struct RateLimit {
    /// Maximum number of requests in a window.
    pub limit: u64,
    /// Length of a window.
    pub window: Duration,
}

/// A rate limit as serialized in seeds and snapshots.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    limit: u64,
    window_seconds: f64,
}

/// Longest window: about 30 years. The end of a much longer one could not be computed.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

impl TryFrom<Written> for RateLimit {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let window = Duration::try_from_secs_f64(written.window_seconds).unwrap_or_default();
        let limit = Self { limit: written.limit, window };
        limit.check()?;
        Ok(limit)
    }
}

impl RateLimit {
    /// Checks that both values are in their ranges.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.limit == 0 || self.window.is_zero() {
            return Err("both limit and window must be above zero".into());
        }
        if self.window > LONGEST {
            return Err(format!("the window must be at most {} seconds", LONGEST.as_secs()));
        }
        Ok(())
    }
}

impl From<RateLimit> for Written {
    fn from(limit: RateLimit) -> Self {
        Self { limit: limit.limit, window_seconds: limit.window.as_secs_f64() }
    }
}

impl FromStr for RateLimit {
    type Err = String;

    /// Parses `N/SECONDS`, such as `100/60`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (limit, seconds) = text.split_once('/').ok_or("write it as N/SECONDS, such as 100/60")?;
        let limit: u64 = limit.trim().parse().map_err(|_| "N is a whole number")?;
        let seconds: f64 = seconds.trim().parse().map_err(|_| "SECONDS is a number")?;
        let window = Duration::try_from_secs_f64(seconds).map_err(|_| "SECONDS is a positive number")?;
        let limit = Self { limit, window };
        limit.check()?;
        Ok(limit)
    }
}

/// Format of the end of a window.
// Documented: `X-Rate-Limit-Reset` is the time at which the window ends.
// Assumed: the format of `X-Rate-Limit-Reset` is that of .NET, in UTC with seven fraction digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResetFormat {
    /// .NET's round-trip format: UTC with seven fraction digits. As far as is known, the service's own format.
    #[default]
    DotNet,
    /// Unix timestamp in seconds.
    EpochSeconds,
    /// Seconds from now.
    SecondsFromNow,
    /// RFC 3339 without a fraction.
    Rfc3339,
    /// HTTP date.
    HttpDate,
}

impl FromStr for ResetFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "dotnet" => Ok(Self::DotNet),
            "epoch" => Ok(Self::EpochSeconds),
            "seconds" => Ok(Self::SecondsFromNow),
            "rfc3339" => Ok(Self::Rfc3339),
            "http-date" => Ok(Self::HttpDate),
            _ => Err("one of dotnet, epoch, seconds, rfc3339, http-date".into()),
        }
    }
}

impl ResetFormat {
    fn write(self, ends: SystemTime, left: Duration) -> String {
        let nanos = Timestamp::try_from(ends).map_or(0, Timestamp::unix_nanos);
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or_default();
        // Rounded up: never before the end of the window.
        let whole = seconds + i64::from(nanos.rem_euclid(1_000_000_000) > 0);
        let instant = |seconds: i64| {
            Timestamp::from_unix_micros(seconds.saturating_mul(1_000_000))
                .map(|t| t.to_string())
                .unwrap_or_default()
        };
        match self {
            Self::DotNet => {
                let ticks = nanos.div_euclid(100).rem_euclid(10_000_000);
                format!("{}.{ticks:07}Z", instant(seconds).trim_end_matches('Z'))
            }
            Self::EpochSeconds => whole.to_string(),
            Self::SecondsFromNow => (left.as_secs() + u64::from(left.subsec_nanos() > 0)).to_string(),
            Self::Rfc3339 => instant(whole),
            Self::HttpDate => {
                let whole = u64::try_from(whole).unwrap_or_default();
                httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(whole))
            }
        }
    }
}

/// The window of one credential.
#[derive(Debug, Clone, Copy)]
struct Window {
    began: SystemTime,
    used: u64,
}

/// Counts requests per credential.
#[derive(Debug, Default)]
pub struct Limiter {
    /// Rate limit of credentials that have none of their own.
    pub limit: Option<RateLimit>,
    /// Format of the end of a window.
    pub format: ResetFormat,
    windows: BTreeMap<String, Window>,
}

/// Decision about one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the request is allowed.
    pub allowed: bool,
    /// Remaining requests in the window.
    pub remaining: u64,
    /// End of the window, in the configured format.
    pub reset: String,
    /// Whole seconds until the end of the window, at least one.
    pub retry_after: u64,
}

/// What is left of the window of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    pub limit: u64,
    pub remaining: u64,
    pub window_ms: u128,
    /// Time until the end of the window; `None` if no window has begun.
    pub ends_in_ms: Option<u128>,
}

impl Limiter {
    pub fn new(limit: Option<RateLimit>, format: ResetFormat) -> Self {
        Self { limit, format, windows: BTreeMap::new() }
    }

    /// Restarts every window.
    pub fn reset(&mut self) {
        self.windows.clear();
    }

    /// Advances the time of every window.
    pub fn advance(&mut self, by: Duration) {
        for window in self.windows.values_mut() {
            window.began = window.began.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH);
        }
    }

    /// Returns what is left of the window of a credential; `None` if it has no rate limit.
    pub fn budget(&self, credential: &str, own: Option<RateLimit>, now: SystemTime) -> Option<Budget> {
        let limit = own.or(self.limit)?;
        let window = self.windows.get(credential);
        let age = window.and_then(|window| now.duration_since(window.began).ok());
        let (used, left) = match (window, age) {
            (Some(window), Some(age)) if age < limit.window => (window.used, limit.window - age),
            _ => (0, limit.window),
        };
        Some(Budget {
            limit: limit.limit,
            remaining: limit.limit.saturating_sub(used),
            window_ms: limit.window.as_millis(),
            ends_in_ms: if used == 0 { None } else { Some(left.as_millis()) },
        })
    }

    /// Counts a request; returns `None` if the credential has no rate limit.
    // Assumed: requests are counted per credential, in a fixed window that begins with the first request.
    // Documented: `X-Rate-Limit-Remaining` is the number of requests that are left in the window.
    // Assumed: `Retry-After` is a number of whole seconds, at least 1.
    pub fn count(&mut self, credential: &str, own: Option<RateLimit>, now: SystemTime) -> Option<Verdict> {
        let limit = own.or(self.limit)?;
        let fresh = Window { began: now, used: 0 };
        let mut window = self.windows.get(credential).copied().unwrap_or(fresh);
        let age = now.duration_since(window.began).unwrap_or_default();
        if age >= limit.window {
            window = fresh;
        }
        let allowed = window.used < limit.limit;
        if allowed {
            window.used += 1;
        }
        match self.windows.get_mut(credential) {
            Some(slot) => *slot = window,
            None => drop(self.windows.insert(credential.to_owned(), window)),
        }
        let ends = window.began + limit.window.min(LONGEST);
        let left = ends.duration_since(now).unwrap_or_default();
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Some(Verdict {
            allowed,
            remaining: limit.limit.saturating_sub(window.used),
            reset: self.format.write(ends, left),
            retry_after: seconds.max(1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_795_425_895) + Duration::from_millis(millis)
    }

    const TEN_SECONDS: RateLimit = RateLimit { limit: 2, window: Duration::from_secs(10) };

    #[test]
    fn window_rejects_excess_requests_until_it_restarts() {
        let mut limiter = Limiter::new(Some(TEN_SECONDS), ResetFormat::DotNet);
        let reset = "2026-11-23T09:25:05.5000000Z";
        let verdict = |limiter: &mut Limiter, who, millis| {
            let v = limiter.count(who, None, at(millis)).unwrap();
            (v.allowed, v.remaining, v.retry_after, v.reset)
        };
        assert_eq!(verdict(&mut limiter, "a", 500), (true, 1, 10, reset.into()));
        assert_eq!(verdict(&mut limiter, "a", 600), (true, 0, 10, reset.into()));
        assert_eq!(verdict(&mut limiter, "a", 10_400), (false, 0, 1, reset.into()));
        assert!(verdict(&mut limiter, "b", 600).0, "budgets are per credential");
        assert!(verdict(&mut limiter, "a", 10_500).0);
    }

    #[test]
    fn credential_limit_overrides_the_default() {
        let mut limiter = Limiter::new(None, ResetFormat::DotNet);
        assert_eq!(limiter.count("a", None, at(0)), None);
        assert_eq!(limiter.count("b", Some(TEN_SECONDS), at(0)).map(|v| v.remaining), Some(1));
    }

    #[test]
    fn budget_drains_and_refills_without_being_counted() {
        let mut limiter = Limiter::new(Some(TEN_SECONDS), ResetFormat::DotNet);
        let budget = |limiter: &Limiter, millis| {
            let budget = limiter.budget("a", None, at(millis)).unwrap();
            (budget.remaining, budget.ends_in_ms)
        };
        assert_eq!(budget(&limiter, 0), (2, None));
        limiter.count("a", None, at(500)).unwrap();
        limiter.count("a", None, at(600)).unwrap();
        assert_eq!((budget(&limiter, 1_500), budget(&limiter, 1_500)), ((0, Some(9_000)), (0, Some(9_000))));
        assert_eq!(budget(&limiter, 10_500), (2, None));
        assert_eq!(Limiter::default().budget("a", None, at(0)), None);
    }

    #[test]
    fn window_end_is_written_in_every_format() {
        for (name, text) in [
            ("dotnet", "2026-11-23T09:25:05.5000000Z"),
            ("epoch", "1795425906"),
            ("seconds", "10"),
            ("rfc3339", "2026-11-23T09:25:06Z"),
            ("http-date", "Mon, 23 Nov 2026 09:25:06 GMT"),
        ] {
            let mut limiter = Limiter::new(Some(TEN_SECONDS), name.parse().unwrap());
            assert_eq!(limiter.count("a", None, at(500)).unwrap().reset, text, "{name}");
        }
        assert!("x".parse::<ResetFormat>().is_err());
    }
}
