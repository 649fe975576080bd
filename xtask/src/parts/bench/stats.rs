//! Medians and quartiles.

use serde::{Deserialize, Serialize};

/// The median of several values, and the quartiles around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Quartiles {
    /// Returns `None` if there are no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |part: usize| sorted.get(sorted.len() * part / 4).copied();
        Some(Self { low: at(1)?, median: at(2)?, high: at(3)? })
    }

    /// Returns the distance of the quartiles in percent of the median.
    pub fn spread(&self) -> f64 {
        100.0 * (self.high - self.low) / self.median
    }
}

#[cfg(test)]
mod tests {
    use super::Quartiles;

    #[test]
    fn quartiles_are_values_of_the_sample() {
        let values = [8.0, 1.0, 4.0, 2.0, 16.0];
        let quartiles = Quartiles::of(&values).unwrap();
        assert_eq!(quartiles, Quartiles { low: 2.0, median: 4.0, high: 8.0 });
        assert!((quartiles.spread() - 150.0).abs() < 1e-9);
        assert_eq!(Quartiles::of(&[]), None);
    }
}
