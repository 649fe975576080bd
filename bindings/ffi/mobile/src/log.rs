//! The log of the library.

use configcat_management::log::{LogHandler, LogLevel, set_log};
use std::sync::Arc;

/// Callback for lines of the log. Runs on any thread, and on several at the same time.
#[uniffi::export(with_foreign)]
pub trait NativeLogHandler: Send + Sync {
    /// Receives a line without a line terminator.
    fn log(&self, level: LogLevel, message: String);
}

/// Passes the lines up to a level to a handler, for the whole process. When this function returns, the previous handler is not
/// running, unless this is called by a handler.
#[uniffi::export]
pub fn set_native_log(level: LogLevel, handler: Option<Arc<dyn NativeLogHandler>>) {
    set_log(handler.map(|handler| {
        let handler: LogHandler = Arc::new(move |level, line| handler.log(level, line.to_owned()));
        (level, handler)
    }));
}
