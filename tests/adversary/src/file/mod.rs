//! Attacks on the programs that read files, by files.

mod bombs;
mod disk;
mod http;
mod large;
mod mutate;
mod seeds;
mod snapshots;
mod state_file;

use crate::attack::Attack;

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    vec![state_file::ATTACK, disk::ATTACK, bombs::ATTACK, seeds::ATTACK, snapshots::ATTACK, large::ATTACK]
}
