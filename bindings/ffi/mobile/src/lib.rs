//! Kotlin and Swift interface, exported through uniffi: one object with a method for each operation, the core's models, and
//! the callbacks that an application implements.
//!
//! It is not the public API. The Kotlin and Swift packages wrap the code that uniffi generates from it: they have a resource
//! for each group of operations, generated from the OpenAPI document.

#[cfg(target_os = "android")]
mod android;
mod build_id;
mod changes;
mod client;
mod credentials;
mod error;
mod generated;
mod log;
mod named;
mod observer;
mod options;
mod rate_limit;
mod raw;
mod response;
mod task;
mod tools;

pub use build_id::configcat_management_mobile_build;
pub use changes::{
    NativeDocument, NativePlan, NativeProgress, NativeReport, NativeStop, PlanOptions, PlannedRequest, Price,
    ProductCopy, Promotion, StepOutcome,
};
pub use client::{Binding, NativeClient, Usage};
pub use credentials::{NativeCredentialProvider, NativeCredentialRequest};
pub use error::{ConfigCatError, ErrorDetails};
pub use log::{NativeLogHandler, set_native_log};
pub use observer::{AttemptEvent, NativeObserver, OutcomeEvent, WaitEvent};
pub use options::{CallOptions, ClientOptions};
pub use rate_limit::RateLimit;
pub use raw::{QueryParameter, RawResponse};
pub use response::ResponseDetails;
pub use tools::{sign_webhook, verify_webhook};

uniffi::setup_scaffolding!();
