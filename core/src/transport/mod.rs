//! From a prepared request to its answer: pacing, retries, credentials, connection, in this order.

pub(crate) mod auth;
mod clock;
pub(crate) mod headers;
pub(crate) mod http;
pub(crate) mod pipeline;
#[cfg(test)]
mod pipeline_tests;
pub(crate) mod rate_limit;
#[cfg(test)]
mod rate_limit_tests;
pub(crate) mod retry;
#[cfg(test)]
mod scale_tests;
mod sharing;
#[cfg(all(test, shuttle))]
mod shuttle_tests;
#[cfg(test)]
mod simulation_tests;
mod sync;
#[cfg(test)]
mod testing;
pub(crate) mod usage;
