//! From a prepared request to its response: rate limit, retries, credentials, connection, in this order.
//!
//! Depends on neither the builder nor the client.

mod attempt;
pub(crate) mod attempt_headers;
pub(crate) mod auth;
pub(crate) mod cassette;
mod clock;
mod connect;
mod deadline;
mod estimator;
pub(crate) mod extra_headers;
pub(crate) mod header_pairs;
pub(crate) mod headers;
pub(crate) mod http;
pub(crate) mod http_options;
mod identity;
pub(crate) mod in_flight;
pub(crate) mod limiter;
#[cfg(test)]
mod limiter_tests;
pub(crate) mod message;
pub(crate) mod monitor;
pub(crate) mod peer;
pub(crate) mod pipeline;
#[cfg(test)]
mod pipeline_tests;
mod pools;
#[cfg(test)]
mod probe_tests;
pub(crate) mod proxy;
mod report;
pub(crate) mod response;
pub(crate) mod retry;
#[cfg(test)]
mod scale_tests;
pub(crate) mod secrets;
#[cfg(all(test, shuttle))]
mod shuttle_tests;
#[cfg(test)]
mod simulation_tests;
mod sync;
#[cfg(test)]
mod testing;
pub(crate) mod usage;

pub(crate) use attempt::Sender;
