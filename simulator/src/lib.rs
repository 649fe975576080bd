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
//! The rules live in `rules` and `state`, apart from HTTP; whatever no source states is in [`assumed`].

pub mod admin;
pub mod assumed;
pub mod command_line;
mod config_json;
pub mod delivery;
mod generated;
mod handlers;
mod http;
pub mod problem;
mod rules;
pub mod seed;
mod server;
pub mod state;
mod store;
pub mod testing;
mod wiremock;

pub use http::limiter::{RateLimit, ResetFormat};
pub use server::{Builder, Simulator};
