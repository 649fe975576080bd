//! The C ABI: one file per object of C.
//!
//! The names of types are those of C, so that this reads as the header does; the comments are the header's comments and
//! speak to people who write C. Every function that can fail returns a status and takes an optional error; nothing
//! unwinds into C; a handle is checked before it is used.
#![allow(unsafe_code, reason = "pointers of C")]
#![allow(non_camel_case_types, reason = "the names of C")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the comments are for C: what holds for a pointer is said there"
)]

mod allocator;
mod builder;
mod call;
mod client;
mod describe;
mod document;
mod error;
#[path = "../generated/mod.rs"]
mod generated;
mod guard;
mod handle;
mod log;
mod observer;
mod options;
mod pages;
mod params;
mod patch;
mod queue;
mod response;
mod runtime;
mod status;
mod text;
mod value;
mod version;
mod webhook;
