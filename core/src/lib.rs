//! A client for the ConfigCat Public Management API.
//!
//! ```no_run
//! # async fn run() -> Result<(), configcat_management::Error> {
//! use configcat_management::Client;
//!
//! let client = Client::from_env()?;
//! for product in client.products().list().await? {
//!     println!("{}", product.name);
//! }
//! # Ok(()) }
//! ```
//!
//! The client paces itself by the rate limit that the service reports, retries what is safe to retry, and checks
//! the documented limits before it sends anything. [`blocking::Client`] has the same surface without `async`.

pub mod blocking;
mod client;
mod config;
pub mod describe;
pub mod dynamic;
mod error;
mod field;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
mod id;
mod locate;
#[cfg(feature = "uniffi")]
mod mobile;
mod named;
pub mod observer;
pub mod page;
pub mod patch;
#[cfg(feature = "python")]
pub mod python;
mod request;
mod timestamp;
mod transport;
pub mod validate;
mod value;
pub mod webhook;
mod wire_enum;

pub use client::Client;
pub use config::{Builder, RateLimitPolicy};
pub use error::{Error, ErrorKind, Result};
pub use field::Field;
pub use generated::{models, operations, resources, schema};
#[doc(hidden)]
pub use request::Operation as Called;
pub use request::{Request, Response};
pub use timestamp::Timestamp;
pub use transport::auth::{CredentialProvider, Credentials, Giving};
pub use transport::rate_limit::RateLimit;
pub use transport::usage::Usage;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
