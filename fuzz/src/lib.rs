//! What the targets share.

pub mod generated;

/// The first byte as a number, and the rest.
pub fn split(data: &[u8]) -> Option<(usize, &[u8])> {
    data.split_first().map(|(first, rest)| (usize::from(*first), rest))
}
