//! Attacks on the simulator by clients and web pages.

use crate::attack::Attack;

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    Vec::new()
}
