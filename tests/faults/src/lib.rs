//! Servers that misbehave, each in one way, on raw sockets: a framework would be too polite.
//!
//! A [`Fault`] says what its server does, and what a client has to see of it for a request that may be repeated and for one
//! that may not. The tests of every language take their expectations from here.

mod catalog;
mod fault;
mod serve;
mod step;
mod tls;

pub use catalog::all;
pub use fault::{Expected, Fault, Seen, settings};
pub use serve::{Site, start};
