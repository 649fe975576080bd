//! The client, as Rust code uses it.

pub mod blocking;
mod builder;
mod handle;
mod heartbeat;
pub mod page;
pub(crate) mod request;
mod response;
mod runtime;

pub use builder::Builder;
pub use handle::Client;
pub use request::Request;
pub use response::Response;
