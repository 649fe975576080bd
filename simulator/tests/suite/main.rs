//! The simulator's tests over real HTTP, as one binary: one per file would take ten times as long to link.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod behaviour;
#[cfg(unix)]
mod browser;
mod change_requests;
mod clients;
mod concurrent;
mod console;
mod deliveries;
mod disk;
mod facts;
mod flags;
mod fuzz;
mod hooks;
mod hostile;
mod http;
#[cfg(unix)]
mod kept;
mod model;
mod pages;
mod patches;
mod people;
#[cfg(unix)]
mod program;
mod proxy;
mod proxy_requests;
mod replay;
mod rights;
mod round_trip;
mod seeds;
mod state_file;
mod support;
mod testing;
mod tls;
mod write_back;
