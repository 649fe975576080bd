//! What Kotlin and Swift call: one object with a method for each operation, the core's own models, and what an application
//! hands in.
//!
//! People who write Kotlin and Swift do not see it: their packages have a resource for each group of operations, generated
//! from the description, over what uniffi makes of this.

#[cfg(target_os = "android")]
mod android;
mod client;
mod credentials;
mod error;
mod generated;
mod observer;
mod options;
mod task;
mod tools;

pub use client::{Binding, NativeClient, RateLimit, Usage};
pub use credentials::{NativeCredentialProvider, NativeCredentialRequest};
pub use error::{ConfigCatError, ErrorDetails};
pub use observer::{AttemptEvent, NativeObserver, OutcomeEvent, WaitEvent};
pub use options::{CallOptions, ClientOptions};
pub use tools::{json_patch_diff, verify_webhook};

uniffi::setup_scaffolding!();
