//! Tests of the command line: they run the program, in a pipe and in a pseudo-terminal, against the simulator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod changes;
mod crashes;
#[cfg(unix)]
mod documented;
mod flags;
mod grids;
mod profiles;
mod queries;
#[cfg(unix)]
mod rehearsals;
mod scripts;
mod statuses;
mod support;
#[cfg(unix)]
mod terminals;
