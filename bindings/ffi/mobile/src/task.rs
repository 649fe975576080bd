//! Where calls run: on threads of ours, so that the thread that asks, often the one that draws, only waits.

use crate::error::ConfigCatError;
use configcat_management::{Error, blocking};
use std::future::Future;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Ends its task when nobody waits for it any more.
struct Aborting<T>(JoinHandle<T>);

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Tells calls that their client was closed.
#[derive(Debug, Clone, Default)]
pub struct Closing(std::sync::Arc<watch::Sender<bool>>);

impl Closing {
    /// Calls off what is under way, and whatever comes.
    pub fn close(&self) {
        self.0.send_replace(true);
    }

    /// Runs a call to its end, or until the client is closed; dropped before, the call is called off. Either way its
    /// connection is closed.
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
                Err(_) => Err(Error::cancelled("the call was called off").into()),
            },
            Ok(_) = closed.wait_for(|closed| *closed) => Err(Error::cancelled("the client was closed").into()),
        }
    }
}
