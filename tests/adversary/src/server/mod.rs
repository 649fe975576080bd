//! Attacks on the client by servers and proxies.

use crate::attack::Attack;

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    Vec::new()
}
