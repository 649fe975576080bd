//! How edits start, and edits with a function.

use super::begin::BeginEdit;
use super::commit::Edit;
use super::editable::{EditResult, Editable, State};
use crate::client::request::{Async, Blocking, CallFuture, Mode};
use crate::error::Result;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

impl<P: Editable, M: Mode> BeginEdit<P, M> {
    /// Begins the edit with a state that was read before, without a request.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when the state cannot be serialized.
    pub fn resume(self, state: State<P>) -> Result<Edit<P, M>> {
        Edit::new(self, state)
    }

    /// Adds the change.
    pub(crate) fn change<'a>(self, change: impl FnOnce(&mut P::Draft) + Send + 'a) -> EditRequest<'a, P, M> {
        EditRequest { begin: self, change: Box::new(change) }
    }
}

impl<P: Editable> IntoFuture for BeginEdit<P, Async> {
    type Output = Result<Edit<P, Async>>;
    type IntoFuture = CallFuture<Edit<P, Async>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            let state = self.read.clone().await?;
            Edit::new(self, state)
        })
    }
}

impl<P: Editable> BeginEdit<P, Blocking> {
    /// Reads the state.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<Edit<P, Blocking>> {
        let state = self.read.clone().send()?;
        Edit::new(self, state)
    }
}

type Change<'a, D> = Box<dyn FnOnce(&mut D) + Send + 'a>;

/// An edit that has not been made: set its options, then await it (or `send()` it on a blocking client).
///
/// It reads the state, calls the function with a draft of it, and sends the changes; nothing, if there are none.
#[must_use = "an edit does nothing until it is awaited or sent"]
pub struct EditRequest<'a, P: Editable, M = Async> {
    begin: BeginEdit<P, M>,
    change: Change<'a, P::Draft>,
}

impl<P: Editable, M> fmt::Debug for EditRequest<'_, P, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EditRequest").field("begin", &self.begin).finish_non_exhaustive()
    }
}

impl<P: Editable, M: Mode> EditRequest<'_, P, M> {
    /// Changes the options.
    pub(crate) fn with(self, change: impl FnOnce(BeginEdit<P, M>) -> BeginEdit<P, M>) -> Self {
        Self { begin: change(self.begin), ..self }
    }

    /// Sets how often the changes are sent again for a newer version, if others have changed only other members of the state in
    /// the meantime. Default: 0.
    pub fn rebase(self, times: u32) -> Self {
        self.with(|begin| begin.rebase(times))
    }

    /// Sends a header with each call of the edit, in addition to those of the client.
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(|begin| begin.header(name, value))
    }

    /// Limits each call of the edit, including waits and retries. Default: that of the client.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|begin| begin.timeout(timeout))
    }

    /// Sets the maximum number of attempts of each call, at least 1. Default: that of the client.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.with(|begin| begin.max_attempts(attempts))
    }
}

impl<'a, P: Editable> IntoFuture for EditRequest<'a, P, Async> {
    type Output = EditResult<P>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            let mut edit = self.begin.await?;
            (self.change)(&mut edit);
            edit.commit().await
        })
    }
}

impl<P: Editable> EditRequest<'_, P, Blocking> {
    /// Makes the edit. Returns the state after the change; `None` if nothing changed.
    ///
    /// # Errors
    /// [`EditError::Conflict`](super::EditError::Conflict) if others have changed the state in the meantime;
    /// [`EditError::Call`](super::EditError::Call) for any other error of a call.
    pub fn send(self) -> EditResult<P> {
        let mut edit = self.begin.send()?;
        (self.change)(&mut edit);
        edit.commit()
    }
}
