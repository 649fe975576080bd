//! HTTP: from bytes to calls and back.

pub mod auth;
pub mod call;
pub mod connection;
pub mod hal;
pub mod limiter;
pub mod pages;
pub mod respond;
pub mod routes;
pub mod service;
