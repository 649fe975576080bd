//! The options of an edit.

use super::editable::Editable;
use crate::client::request::{Async, Mode, Request};
use crate::transport::pipeline::CallOptions;
use std::fmt;
use std::time::Duration;

/// An edit that has not begun: set its options, then await it (or `send()` it on a blocking client) to read the state.
#[must_use = "an edit does nothing until it is awaited or sent"]
pub struct BeginEdit<P: Editable, M = Async> {
    pub(super) read: Request<P::Read, M>,
    pub(super) patch: Request<P, M>,
    pub(super) rebase: u32,
}

impl<P: Editable, M> fmt::Debug for BeginEdit<P, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BeginEdit")
            .field("patch", &self.patch)
            .field("rebase", &self.rebase)
            .finish_non_exhaustive()
    }
}

impl<P: Editable, M: Mode> BeginEdit<P, M> {
    pub(crate) const fn new(read: Request<P::Read, M>, patch: Request<P, M>) -> Self {
        Self { read, patch, rebase: 0 }
    }

    /// Changes the request that reads the state.
    pub(crate) fn with_read(self, change: impl FnOnce(Request<P::Read, M>) -> Request<P::Read, M>) -> Self {
        Self { read: change(self.read), ..self }
    }

    /// Changes the request that sends the changes.
    pub(crate) fn with_patch(self, change: impl FnOnce(Request<P, M>) -> Request<P, M>) -> Self {
        Self { patch: change(self.patch), ..self }
    }

    /// Sets how often the changes are sent again for a newer version, if others have changed only other members of the state in
    /// the meantime. Default: 0.
    pub const fn rebase(mut self, times: u32) -> Self {
        self.rebase = times;
        self
    }

    /// Sets the options of both calls, in the place of earlier ones.
    #[doc(hidden)]
    pub fn options(self, options: CallOptions) -> Self {
        let both = options.clone();
        self.with_read(|read| read.options(both)).with_patch(|patch| patch.options(options))
    }

    /// Sends a header with each call of the edit, in addition to those of the client; see [`Request::header`].
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value): (String, String) = (name.into(), value.into());
        self.with_read(|read| read.header(&name, &value)).with_patch(|patch| patch.header(&name, &value))
    }

    /// Limits each call of the edit, including waits and retries. Default: that of the client.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with_read(|read| read.timeout(timeout)).with_patch(|patch| patch.timeout(timeout))
    }

    /// Sets the maximum number of attempts of each call, at least 1. Default: that of the client.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.with_read(|read| read.max_attempts(attempts)).with_patch(|patch| patch.max_attempts(attempts))
    }
}
