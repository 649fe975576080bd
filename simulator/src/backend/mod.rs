//! What all requests share: the state, the journal, faults, and what is written to disk. Knows nothing of HTTP routes.

mod control;
mod transactions;

pub use control::{ClockReport, NewCredential};
pub(crate) use transactions::{Backend, Shared, lock};
