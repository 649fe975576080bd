//! The `cargo xtask` subcommands.

pub mod bench;
pub mod codegen;
pub mod demo;
pub mod dist;
pub mod docs;
pub mod drift;
pub mod lint;
pub mod nightly;
pub mod setup;
pub mod test;
pub mod update;
pub mod verify;
