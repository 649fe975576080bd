//! The C ABI: one file per object of C.
//!
//! The names of types are those of C, so that this reads as the header does; the comments are the header's comments and
//! speak to people who write C. Every function that can fail returns a status and takes an optional error; nothing
//! unwinds into C; a handle is checked before it is used.
//!
//! Why the unsafe blocks are sound, by kind:
//!
//! | block | why |
//! |---|---|
//! | the body of an `extern "C"` function, generated or not, that calls functions of this folder | they take over the caller's contract, pointer by pointer, as the header's comment says it |
//! | `borrow`, `borrow_mut`, `take`, `shared` of a handle | `handle.rs` looks at NULL, alignment and tag; that memory which was given back is not looked at is the caller's part |
//! | `text`, `optional`, `data`, `required` | `text.rs` looks at NULL, length and UTF-8; that a NUL or so many bytes are there is the caller's part |
//! | `node` of a value | values belong to an answer or document, are never changed, and are read by `tree/mod.rs` only, whose blocks say each why |
//! | `write` to a place of the caller | it is looked at for NULL, and is for one value |
//! | `allocator.rs`, `signals.rs`, `call.rs`, `client.rs`, `log.rs`, `observer.rs` | said at each block |
//!
//! `cargo xtask verify valgrind sanitizers` runs all of them under valgrind, and under the sanitizers for addresses, undefined behaviour, leaks
//! and threads, with what tests and fuzzer make of them.
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
mod completion;
mod describe;
mod document;
mod error;
mod failure;
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
mod pending;
mod queue;
mod response;
mod runtime;
mod status;
mod text;
mod value;
mod version;
mod webhook;
