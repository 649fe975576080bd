//! HTTP: from bytes to calls and back.

pub mod auth;
pub mod connection;
pub mod hal;
pub mod pages;
pub mod query;
pub mod respond;
pub mod router;
pub mod routes;
