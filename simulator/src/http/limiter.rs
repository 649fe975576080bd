//! The rate limit: a fixed window per credential, reported the way the service reports it.

use configcat_management::Timestamp;
use std::time::{Duration, SystemTime};

/// So many requests in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in a window.
    pub limit: u64,
    /// Length of a window.
    pub window: Duration,
}

/// The window of one credential.
#[derive(Debug, Clone, Copy)]
struct Window {
    began: SystemTime,
    used: u64,
}

/// Counts requests per credential.
#[derive(Debug)]
pub struct Limiter {
    limit: RateLimit,
    windows: Vec<Option<Window>>,
}

/// What one request does to the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it goes through.
    pub allowed: bool,
    /// Requests left.
    pub remaining: u64,
    /// End of the window, as the service writes it.
    pub reset: String,
    /// Whole seconds until then, at least one.
    pub retry_after: u64,
}

impl Limiter {
    pub fn new(limit: RateLimit, credentials: usize) -> Self {
        Self { limit, windows: vec![None; credentials] }
    }

    /// Counts a request.
    pub fn count(&mut self, credential: usize, now: SystemTime) -> Verdict {
        let fresh = Window { began: now, used: 0 };
        let mut window = self.windows.get(credential).copied().flatten().unwrap_or(fresh);
        let age = now.duration_since(window.began).unwrap_or_default();
        if age >= self.limit.window {
            window = fresh;
        }
        let allowed = window.used < self.limit.limit;
        if allowed {
            window.used += 1;
        }
        if let Some(slot) = self.windows.get_mut(credential) {
            *slot = Some(window);
        }
        let ends = window.began + self.limit.window;
        let left = ends.duration_since(now).unwrap_or_default();
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Verdict {
            allowed,
            remaining: self.limit.limit - window.used,
            reset: dotnet(ends),
            retry_after: seconds.max(1),
        }
    }
}

/// .NET's round-trip format: UTC with seven fraction digits.
fn dotnet(time: SystemTime) -> String {
    let nanos = Timestamp::try_from(time).map_or(0, Timestamp::unix_nanos);
    let ticks = nanos.div_euclid(100);
    let seconds =
        Timestamp::from_unix_micros(i64::try_from(ticks.div_euclid(10_000_000)).unwrap_or(0) * 1_000_000);
    let text = seconds.map(|s| s.to_string()).unwrap_or_default();
    format!("{}.{:07}Z", text.trim_end_matches('Z'), ticks.rem_euclid(10_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_795_425_895) + Duration::from_millis(millis)
    }

    #[test]
    fn a_window_has_its_budget_and_then_starts_anew() {
        let mut limiter = Limiter::new(RateLimit { limit: 2, window: Duration::from_secs(10) }, 2);
        let reset = "2026-11-23T09:25:05.5000000Z";
        let verdict = |limiter: &mut Limiter, who, millis| {
            let v = limiter.count(who, at(millis));
            (v.allowed, v.remaining, v.retry_after, v.reset)
        };
        assert_eq!(verdict(&mut limiter, 0, 500), (true, 1, 10, reset.into()));
        assert_eq!(verdict(&mut limiter, 0, 600), (true, 0, 10, reset.into()));
        assert_eq!(verdict(&mut limiter, 0, 10_400), (false, 0, 1, reset.into()));
        assert!(limiter.count(1, at(600)).allowed, "budgets are per credential");
        assert!(limiter.count(0, at(10_500)).allowed);
    }
}
