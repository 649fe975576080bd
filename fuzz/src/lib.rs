//! Shared by the fuzz targets.

pub mod generated;

/// Splits off the first byte as a number.
pub fn split(data: &[u8]) -> Option<(usize, &[u8])> {
    data.split_first().map(|(first, rest)| (usize::from(*first), rest))
}
