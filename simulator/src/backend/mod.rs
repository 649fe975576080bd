//! State shared by all requests: data, journal, faults and the store on disk. Independent of HTTP routes.

mod control;
mod durability;
mod feed;
mod settler;
mod transactions;

pub use control::{ClockReport, NewCredential};
pub(crate) use feed::Feed;
pub(crate) use settler::Settler;
pub(crate) use transactions::{Backend, SharedState, lock};
