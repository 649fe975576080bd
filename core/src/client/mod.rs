//! The client, as Rust code uses it.

pub mod blocking;
mod builder;
mod driver;
pub mod edit;
mod handle;
mod heartbeat;
pub mod page;
pub(crate) mod request;
mod response;
mod runtime;
mod wait;

pub use builder::Builder;
pub use handle::Client;
pub use request::Request;
pub use response::Response;
