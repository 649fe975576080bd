//! HTTP server: converts requests to calls, and results to responses.

pub mod auth;
pub mod body;
pub mod connection;
pub mod etag;
pub mod hal;
pub mod listener;
pub mod observer;
pub mod origin;
pub mod pages;
pub mod query;
pub mod respond;
pub mod router;
pub mod routes;
pub mod tls;
