//! The client, as Rust code uses it.

pub mod blocking;
mod builder;
pub mod bulk;
mod driver;
pub mod edit;
pub mod find;
mod handle;
mod heartbeat;
pub mod page;
mod raw;
pub(crate) mod request;
mod response;
mod runtime;
mod unknown;
mod wait;

pub use builder::Builder;
pub use handle::Client;
pub use raw::RawRequest;
pub use request::Request;
pub use response::Response;
pub use unknown::{unknown_edit, unknown_operation};
