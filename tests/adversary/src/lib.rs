//! Attacks on the client and on the simulator, with the bound that must hold under each.
//!
//! An [`Attack`] makes its tries, checks its bound, and reports what it saw. `cargo xtask test rust` makes a part of the
//! tries, `cargo xtask verify adversary` all of them.

mod attack;
pub mod client;
pub mod file;
pub mod memory;
pub mod server;

pub use attack::{Attack, Outcome, Plan, Seen, Surface, ensure};

/// All attacks, in the order of their surfaces.
#[must_use]
pub fn all() -> Vec<Attack> {
    [server::attacks(), client::attacks(), file::attacks()].into_iter().flatten().collect()
}
