//! From an HTTP request to a handler and back.

pub mod auth;
pub mod call;
pub mod limiter;
pub mod routes;
pub mod service;
