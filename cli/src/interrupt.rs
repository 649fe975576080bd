//! Ctrl-C.

use crate::failure::Failure;

/// Runs until the end or until Ctrl-C. What handles Ctrl-C inside has precedence.
pub async fn interruptible<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        biased;
        result = work => result,
        () = pressed() => Err(Failure::Interrupted),
    }
}

/// Waits for Ctrl-C.
pub async fn pressed() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Then it ends the process.
        std::future::pending::<()>().await;
    }
}
