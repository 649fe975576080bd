//! Attacks on the programs that read files, by files.

use crate::attack::Attack;

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    Vec::new()
}
