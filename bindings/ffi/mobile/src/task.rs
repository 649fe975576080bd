//! Runs calls on the library's own threads, so that the calling thread, often the UI thread, need not wait; or on the calling
//! thread, if that is what it wants.

use crate::error::ConfigCatError;
use configcat_management::{Error, blocking};
use std::future::Future;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

/// Aborts its task when it is dropped.
struct Aborting<T>(JoinHandle<T>);

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Returns the error of a task that did not complete.
fn failed(error: &JoinError) -> Error {
    if error.is_panic() {
        return Error::configuration("internal error in configcat-management");
    }
    Error::cancelled("the call was cancelled")
}

/// Signals to calls that their client was closed.
#[derive(Debug, Clone, Default)]
pub struct Closing(std::sync::Arc<watch::Sender<bool>>);

impl Closing {
    /// Cancels calls in progress and all later ones.
    pub fn close(&self) {
        self.0.send_replace(true);
    }

    /// Runs a call until it completes or the client is closed. Closing the client or dropping the future cancels the call and
    /// closes its connection.
    pub async fn run<T: Send + 'static>(
        &self,
        call: impl Future<Output = configcat_management::Result<T>> + Send + 'static,
    ) -> Result<T, ConfigCatError> {
        let mut closed = self.0.subscribe();
        let mut task = Aborting(blocking::runtime()?.spawn(call));
        tokio::select! {
            biased;
            ended = &mut task.0 => match ended {
                Ok(outcome) => Ok(outcome?),
                Err(error) => Err(failed(&error).into()),
            },
            Ok(_) = closed.wait_for(|closed| *closed) => Err(Error::cancelled("the client was closed").into()),
        }
    }

    /// Makes a call on this thread, and waits until it completes or the client is closed.
    pub fn wait<T: Send>(
        &self,
        call: impl Future<Output = configcat_management::Result<T>> + Send,
    ) -> Result<T, ConfigCatError> {
        let mut closed = self.0.subscribe();
        Ok(blocking::wait(async {
            tokio::select! {
                biased;
                Ok(_) = closed.wait_for(|closed| *closed) => Err(Error::cancelled("the client was closed")),
                outcome = call => outcome,
            }
        })?)
    }
}
