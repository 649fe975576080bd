//! The C ABI: one file per C type.
//!
//! Types have their C names, so that the sources read like the header. Doc comments become the comments of the header and
//! address C programmers. Every function that can fail returns a status and takes an optional error. Panics do not unwind
//! into C. A handle is checked before it is used.
//!
//! Why the unsafe blocks are sound, by category:
//!
//! | block | why |
//! |---|---|
//! | the body of an `extern "C"` function, generated or not, that calls functions of this directory | these functions require what the header's comment requires of the C caller, for each pointer |
//! | `borrow`, `borrow_mut`, `take`, `shared` of a handle | `handle.rs` checks for NULL, alignment and tag; the caller must not pass freed memory |
//! | `text`, `optional`, `data`, `required` | `text.rs` checks for NULL, length and UTF-8; the caller guarantees the terminating NUL or the length |
//! | `node` of a value | values belong to a response or document, never change, and are read only by `tree`, where each block has its own comment |
//! | `write` to an output pointer of the caller | it is checked for NULL, and the caller guarantees space for one value |
//! | `allocator.rs`, `attempt_headers.rs`, `signals.rs`, `call.rs`, `client.rs`, `credentials.rs`, `log.rs`, `observer.rs`, `pipe.rs` | each block has its own comment |
//!
//! `cargo xtask verify valgrind sanitizers` runs the tests and the fuzzer's inputs under valgrind and under the sanitizers for
//! addresses, undefined behaviour, leaks and threads.
#![allow(unsafe_code, reason = "C pointers")]
#![allow(non_camel_case_types, reason = "C names")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the comments address C programmers and state what each pointer must satisfy"
)]

mod allocator;
mod attempt_headers;
mod builder;
mod bulk;
mod call;
mod cassette;
mod changes;
mod client;
mod completion;
mod credentials;
mod describe;
mod document;
mod edit;
mod edit_start;
mod error;
mod failure;
mod find;
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
mod pipe;
mod queue;
mod raw;
mod response;
mod runtime;
mod status;
mod text;
mod value;
mod version;
mod watch;
mod watching;
mod webhook;
