//! Medians and spreads of interleaved runs.

use std::time::Duration;

/// Times of two contenders, run by run in turn.
#[derive(Default)]
pub struct Pairs {
    theirs: Vec<f64>,
    ours: Vec<f64>,
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Pairs {
    pub fn add(&mut self, theirs: Duration, ours: Duration) {
        self.theirs.push(theirs.as_secs_f64());
        self.ours.push(ours.as_secs_f64());
    }

    /// One row: medians in milliseconds, and how many times as long the other takes, with quartiles.
    pub fn row(&self, name: &str) -> String {
        let mut ratios: Vec<f64> = self.theirs.iter().zip(&self.ours).map(|(a, b)| a / b).collect();
        ratios.sort_by(f64::total_cmp);
        let at = |part: usize| ratios.get(ratios.len() * part / 4).copied().unwrap_or(f64::NAN);
        format!(
            "{name:<28}{:>10.3} ms{:>10.3} ms{:>8.2} x ({:.2} to {:.2})",
            median(&self.ours) * 1e3,
            median(&self.theirs) * 1e3,
            median(&ratios),
            at(1),
            at(3)
        )
    }
}
