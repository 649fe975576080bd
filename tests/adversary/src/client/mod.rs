//! Attacks on the simulator by clients and web pages.

mod bodies;
mod exchange;
mod malformed;
mod pages;
mod patches;
mod slow;
mod webhooks;

use crate::attack::Attack;

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    vec![
        patches::BOMBS,
        pages::HEADERS,
        webhooks::EXPANSION,
        slow::SLOW,
        slow::FLOOD,
        malformed::REQUESTS,
        bodies::LARGE,
    ]
}
