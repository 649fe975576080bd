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
//! The client paces requests by the rate limit that the service reports, retries what is safe to retry, and checks
//! the documented limits before it sends anything. [`blocking::Client`] has the same surface without `async`.

pub mod call;
mod client;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
#[doc(hidden)]
pub mod log;
#[cfg(feature = "uniffi")]
mod mobile;
pub mod models;
pub mod observer;
pub mod patch;
#[cfg(feature = "python")]
pub mod python;
mod redaction;
pub mod rules;
pub mod spec;
#[cfg(feature = "testing")]
pub mod testing;
mod timestamp;
mod transport;
pub mod webhook;

pub use client::bulk::{self, bulk};
#[doc(hidden)]
pub use client::request::Operation as Called;
pub use client::{Builder, Client, RawRequest, Request, Response, blocking, edit, find, page};
pub use error::{Error, ErrorKind, Result};
#[doc(hidden)]
pub use generated::edits::find as find_edit;
pub use generated::{operations, resources, schema};
pub use http::HeaderMap;
#[cfg(feature = "uniffi")]
#[doc(hidden)]
pub use mobile::JsonValue;
pub use models::field::Field;
pub use timestamp::Timestamp;
pub use transport::auth::{CredentialFuture, CredentialProvider, Credentials};
pub use transport::cassette::{Cassette, CassetteMode};
pub use transport::extra_headers::ExtraHeaders;
#[doc(hidden)]
pub use transport::header_pairs::header_pairs;
pub use transport::limiter::{RateLimit, RateLimitPolicy};
pub use transport::pipeline::CallOptions;
pub use transport::response::CallResponse;
pub use transport::usage::Usage;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
