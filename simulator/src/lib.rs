//! A simulator of the ConfigCat Public Management API: real HTTP, real state, no account, no network.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use configcat_simulator::Simulator;
//!
//! let simulator = Simulator::builder().start().await.unwrap();
//! println!("listening on {}", simulator.url());
//! simulator.stop().await;
//! # });
//! ```
//!
//! As a dev-dependency it changes nothing in the client: what compiles in a test compiles in the application.
//!
//! ```
//! use configcat_management::models::Me;
//!
//! fn email(Me { email, full_name, extra, .. }: Me) -> String {
//!     email
//! }
//! ```
//!
//! The models are `non_exhaustive`, so that the pattern needs its two dots:
//!
//! ```compile_fail
//! use configcat_management::models::Me;
//!
//! fn email(Me { email, full_name, extra }: Me) -> String {
//!     email
//! }
//! ```
//!
//! The rules are in `rules` and `state`, separate from HTTP. Behaviour that no source documents is in [`assumed`].

mod admin;
pub mod assumed;
mod backend;
mod call;
mod canonical;
pub mod command_line;
mod config_json;
pub mod delivery;
mod generated;
mod glob;
mod handlers;
mod http;
mod mirror;
pub mod problem;
mod proxy_config;
mod rate_limit;
mod rules;
pub mod seed;
mod server;
pub mod state;
mod store;
pub mod testing;
mod wiremock;

pub use crate::http::connection::ConnectionLimits;
pub use crate::http::observer::ServedRequest;
pub use backend::{ClockReport, NewCredential};
pub use mirror::{Mirror, MirrorError};
pub use rate_limit::{RateLimit, ResetFormat};
pub use seed::Seed;
pub use server::{Builder, Simulator};
#[doc(hidden)]
pub use store::DiskFaults;
pub use testing::faults::Fault;
pub use testing::journal::{Expectation, Query};
