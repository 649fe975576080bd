//! Medians and quartiles of interleaved runs.

use std::time::Duration;

/// Times per contender, one for each round; the first contender is ours.
pub struct Rounds(Vec<Vec<f64>>);

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Rounds {
    pub fn new(contenders: usize) -> Self {
        Self(vec![Vec::new(); contenders])
    }

    pub fn add(&mut self, contender: usize, took: Duration) {
        if let Some(times) = self.0.get_mut(contender) {
            times.push(took.as_secs_f64());
        }
    }

    /// Returns a row: medians in milliseconds, and the ratios of the others to ours, with quartiles.
    pub fn row(&self, name: &str) -> String {
        let mut row = format!("{name:<28}");
        for times in &self.0 {
            row += &format!("{:>10.3} ms", median(times) * 1e3);
        }
        let Some((ours, others)) = self.0.split_first() else { return row };
        for times in others {
            let mut ratios: Vec<f64> = times.iter().zip(ours).map(|(a, b)| a / b).collect();
            ratios.sort_by(f64::total_cmp);
            let at = |part: usize| ratios.get(ratios.len() * part / 4).copied().unwrap_or(f64::NAN);
            row += &format!("{:>8.2} x ({:.2} to {:.2})", median(&ratios), at(1), at(3));
        }
        row
    }
}
