//! Causes of errors, as copies of their texts.

use super::limits::MESSAGE_LIMIT;
use crate::redaction::{Redactor, shown};
use std::fmt;

/// The text of an error that caused another one. The original may hold what a server sent.
#[derive(Debug)]
pub(super) struct Cause {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Cause {
    /// Copies the redacted texts of an error and its causes. Errors of the operating system are kept.
    pub(super) fn copy(
        error: &(dyn std::error::Error + 'static),
        redactors: &[&Redactor],
        most: usize,
    ) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        let system = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::raw_os_error);
        if let Some(code) = system {
            return Some(Box::new(std::io::Error::from_raw_os_error(code)));
        }
        let message = shown(redactors, &error.to_string(), MESSAGE_LIMIT);
        let most = most.checked_sub(1)?;
        let source = error.source().and_then(|source| Self::copy(source, redactors, most));
        Some(Box::new(Self { message, source }))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|s| s as &(dyn std::error::Error + 'static))
    }
}
