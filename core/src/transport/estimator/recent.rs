//! Recent spending, weighted by its age.

use tokio::time::Instant;

/// u and v of the model.
#[derive(Debug)]
pub(super) struct Recent {
    own: f64,
    others: f64,
    at: Instant,
}

impl Recent {
    pub(super) const fn new(now: Instant) -> Self {
        Self { own: 0.0, others: 0.0, at: now }
    }

    /// Own requests and those of others, weighted by their age; `half_life` is in seconds.
    pub(super) fn weighted(&self, half_life: f64, now: Instant) -> (f64, f64) {
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        let weight = 0.5_f64.powf(elapsed / half_life);
        (self.own * weight, self.others * weight)
    }

    pub(super) fn add(&mut self, own: f64, others: f64, half_life: f64, now: Instant) {
        let (before, others_before) = self.weighted(half_life, now);
        *self = Self { own: before + own, others: others_before + others, at: now };
    }
}
