//! What the jobs of this module make their calls with.

use crate::Client;
use crate::call::CallInput;
use crate::error::Result;
use crate::transport::pipeline::CallOptions;
use crate::transport::response::CallResponse;
use futures_util::future::{BoxFuture, FutureExt as _};
use std::fmt;

/// Makes the calls of a job. For bindings, which add options and observers of their languages to each call.
#[doc(hidden)]
pub trait Calls: fmt::Debug + Send + Sync {
    /// Makes a call.
    fn call(&self, input: CallInput) -> BoxFuture<'_, Result<CallResponse>>;
}

impl Calls for Client {
    fn call(&self, input: CallInput) -> BoxFuture<'_, Result<CallResponse>> {
        Client::call(self, input, CallOptions::default()).boxed()
    }
}
