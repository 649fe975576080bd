//! Faulty servers, each with one fault, on raw sockets: an HTTP framework would not produce such responses.
//!
//! A [`Fault`] describes the behaviour of its server, and the result that a client must report for an idempotent and for a
//! non-idempotent request. The tests of every language take their expectations from here.

mod catalog;
mod fault;
mod serve;
mod step;
mod tls;

pub use catalog::all;
pub use fault::{Expected, Fault, Seen, settings};
pub use serve::{MutualSite, Site, start, start_mutual};
