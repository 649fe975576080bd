//! The faults, by the stage of a call at which they occur.

mod bodies;
mod common;
mod connections;
mod encodings;
mod http2;
mod pacing;
mod redirects;
mod statuses;
mod syntax;
mod tls;

use crate::fault::Fault;

/// Returns every fault.
#[must_use]
pub fn all() -> Vec<Fault> {
    [
        connections::faults(),
        tls::faults(),
        syntax::faults(),
        bodies::faults(),
        encodings::faults(),
        statuses::faults(),
        redirects::faults(),
        pacing::faults(),
        http2::faults(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
