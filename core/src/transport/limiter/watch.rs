//! The state of the rate limit as a stream.

use super::queue::{RateLimit, RateLimiter};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::sync::{Arc, Weak};
use tokio::sync::watch;

/// What a stream has emitted, and how it learns of changes.
struct Watch {
    limiter: Weak<RateLimiter>,
    changes: watch::Receiver<()>,
    last: Option<RateLimit>,
}

impl Watch {
    /// Waits for a state that differs from the last one in more than the time; `None` if the limiter was dropped.
    async fn next(mut self) -> Option<(RateLimit, Self)> {
        loop {
            if self.last.is_some() {
                self.changes.changed().await.ok()?;
            }
            let now = self.limiter.upgrade()?.snapshot();
            let timeless = |state: RateLimit| RateLimit { resets_in: None, ..state };
            if self.last.map(timeless) != Some(timeless(now)) {
                self.last = Some(now);
                return Some((now, self));
            }
        }
    }
}

/// Emits the current state, and again when it has changed. Ends when the limiter is dropped.
pub(crate) fn rate_limits(limiter: &Arc<RateLimiter>) -> impl Stream<Item = RateLimit> + Send + use<> {
    let changes = limiter.announcer.subscribe();
    unfold(Watch { limiter: Arc::downgrade(limiter), changes, last: None }, Watch::next)
}
