//! Errors by kind.

use configcat_management::{Error, ErrorKind};
use std::collections::HashMap;
use std::time::Duration;

/// What is known about an error, whatever its kind.
#[derive(Debug, Clone, uniffi::Record)]
pub struct ErrorDetails {
    /// What went wrong, in a sentence, without credentials.
    pub message: String,
    /// The HTTP status, when there was an answer.
    pub status: Option<i32>,
    /// Messages by field: from the answer, or from the check before sending.
    pub field_errors: HashMap<String, Vec<String>>,
    /// How long to wait before trying again, when the service or the pacing said so.
    pub retry_after: Option<Duration>,
    /// How often the request was sent; 0 when it never left.
    pub attempts: i32,
    /// Whether the service may have done what was asked although the call failed.
    pub maybe_applied: bool,
    /// Whether the same call may succeed later, because nothing is wrong with it: the rate limit was used up, the service or
    /// the connection failed, or time ran out.
    pub is_retryable: bool,
    /// The operation, such as `configs.create`.
    pub operation: Option<String>,
    /// HTTP method, path and query of the request.
    pub request: Option<String>,
    /// The JSON path of what could not be read.
    pub path: Option<String>,
    /// The body of the answer, at most its first 16 KiB.
    pub body: Vec<u8>,
}

impl From<&Error> for ErrorDetails {
    fn from(error: &Error) -> Self {
        Self {
            message: error.to_string(),
            status: error.status().map(i32::from),
            field_errors: error.field_errors().iter().map(|(f, m)| (f.clone(), m.clone())).collect(),
            retry_after: error.retry_after(),
            attempts: i32::try_from(error.attempts()).unwrap_or(i32::MAX),
            maybe_applied: error.maybe_applied(),
            is_retryable: error.is_retryable(),
            operation: error.operation().map(str::to_owned),
            request: error.request().map(|(method, target)| format!("{method} {target}")),
            path: error.path().map(str::to_owned),
            body: error.body().to_vec(),
        }
    }
}

/// Makes the enum of errors, a variant for each kind of the core.
macro_rules! errors {
    ($($(#[$meta:meta])* $kind:ident,)+) => {
        /// An error of a call, by kind.
        #[derive(Debug, uniffi::Error)]
        pub enum ConfigCatError {
            $($(#[$meta])* $kind {
                /// What is known about it.
                details: Box<ErrorDetails>,
            },)+
        }

        // A kind of the core that has no variant here does not compile.
        const _: [ErrorKind; ErrorKind::ALL.len()] = [$(ErrorKind::$kind),+];

        impl ConfigCatError {
            /// What is known about the error.
            #[must_use]
            pub const fn details(&self) -> &ErrorDetails {
                match self {
                    $(Self::$kind { details })|+ => details,
                }
            }
        }

        impl From<Error> for ConfigCatError {
            fn from(error: Error) -> Self {
                let details = Box::new(ErrorDetails::from(&error));
                match error.kind() {
                    $(ErrorKind::$kind => Self::$kind { details },)+
                    _ => Self::Server { details },
                }
            }
        }
    };
}

errors! {
    /// The client is set up wrong: a missing credential, a bad address.
    Configuration,
    /// The request breaks a rule; found before sending, or answered with 400 or another 4xx.
    BadRequest,
    /// The credentials are missing or wrong (401).
    Authentication,
    /// The credentials lack the right (403).
    Permission,
    /// Not found, or not visible to the credentials (404).
    NotFound,
    /// The request meets a newer state (409, 412).
    Conflict,
    /// The rate limit is used up (429), or the wait for it would be too long.
    RateLimited,
    /// The service failed (5xx), or answered with a status that is none of the others.
    Server,
    /// Time ran out.
    Timeout,
    /// No connection, or it broke.
    Connection,
    /// The answer is not what the description says.
    Decode,
    /// The call was cancelled.
    Cancelled,
}

impl std::fmt::Display for ConfigCatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.details().message)
    }
}

impl std::error::Error for ConfigCatError {}
