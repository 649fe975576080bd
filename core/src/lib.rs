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
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `changes` | yes | documents, plans, apply and undo: the module `changes` |
//! | `brotli`, `gzip` | yes | compression of responses |
//! | `http2` | yes | HTTP/2, where the server offers it |
//! | `socks` | yes | SOCKS proxies |
//! | `system-proxy` | yes | proxy settings of the operating system |
//! | `testing` | no | default values of the models of responses, for tests: the module `testing` |
//!
//! `python`, `uniffi` and `construct` are for the bindings and the simulator, and may change in any release.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod call;
#[cfg(feature = "changes")]
#[cfg_attr(docsrs, doc(cfg(feature = "changes")))]
pub mod changes;
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
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod timestamp;
mod transport;
pub mod webhook;

pub use client::bulk::{self, bulk};
pub use client::request::{Async, Blocking, CallFuture, Mode, Operation, WithResponse};
pub use client::{Builder, Client, RawRequest, Request, Response, blocking, edit, find, page};
#[doc(hidden)]
pub use client::{unknown_edit, unknown_operation};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "construct")]
#[doc(hidden)]
pub use generated::construct;
#[doc(hidden)]
pub use generated::edits::find as find_edit;
pub use generated::resources;
#[doc(hidden)]
pub use generated::{operations, schema};
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
