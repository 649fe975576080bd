//! Errors by kind.

use crate::response::joined;
use configcat_management::{Error, ErrorKind};
use std::collections::HashMap;
use std::time::Duration;

/// Details of an error of any kind.
#[derive(Debug, Clone, uniffi::Record)]
pub struct ErrorDetails {
    /// Error message in one sentence, without credentials.
    pub message: String,
    /// HTTP status; absent if there was no response.
    pub status: Option<i32>,
    /// Error messages by field, from the response or from validation before sending.
    pub field_errors: HashMap<String, Vec<String>>,
    /// Time to wait before a retry, if the service or the rate limiter set one.
    pub retry_after: Option<Duration>,
    /// Number of times the request was sent; 0 if it was never sent.
    pub attempts: i32,
    /// Whether the service may have applied the request although the call failed.
    pub maybe_applied: bool,
    /// Whether the same call may succeed later, because the request itself is valid: the rate limit was used up, the service
    /// or the connection failed, or a timeout expired.
    pub is_retryable: bool,
    /// The operation, such as `configs.create`.
    pub operation: Option<String>,
    /// HTTP method, path and query of the request.
    pub request: Option<String>,
    /// HTTP method of the operation.
    pub method: Option<String>,
    /// Path of the operation with the names of its parameters, such as `/v1/configs/{configId}`.
    pub path_template: Option<String>,
    /// Headers of the response without credentials, by name in lower case; empty if there was no response.
    pub headers: HashMap<String, String>,
    /// JSON path of the value that could not be decoded.
    pub path: Option<String>,
    /// Response body, at most its first 16 KiB.
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
            method: error.method().map(str::to_owned),
            path_template: error.path_template().map(str::to_owned),
            headers: joined(error.headers()),
            path: error.path().map(str::to_owned),
            body: error.body().to_vec(),
        }
    }
}

/// Defines the error enum, with a variant for each kind of the core.
macro_rules! errors {
    ($($(#[$meta:meta])* $kind:ident,)+) => {
        /// An error of a call, by kind.
        #[derive(Debug, uniffi::Error)]
        pub enum ConfigCatError {
            $($(#[$meta])* $kind {
                /// Details of the error.
                details: Box<ErrorDetails>,
            },)+
        }

        // Compilation fails if a kind of the core has no variant here.
        const _: [ErrorKind; ErrorKind::ALL.len()] = [$(ErrorKind::$kind),+];

        impl ConfigCatError {
            /// Returns the details of the error.
            #[must_use]
            pub const fn details(&self) -> &ErrorDetails {
                match self {
                    $(Self::$kind { details })|+ => details,
                }
            }

            const fn details_mut(&mut self) -> &mut ErrorDetails {
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
    /// The client is misconfigured: a missing credential, an invalid URL.
    Configuration,
    /// The request is invalid: found before sending, or rejected with 400 or another 4xx.
    BadRequest,
    /// The credentials are missing or wrong (401).
    Authentication,
    /// The credentials lack the required permission (403).
    Permission,
    /// Not found, or not visible to the credentials (404).
    NotFound,
    /// The request conflicts with a newer state (409, 412).
    Conflict,
    /// The rate limit is used up (429), or the wait for it would be too long.
    RateLimited,
    /// The service failed (5xx), or responded with a status that no other kind covers.
    Server,
    /// A timeout expired.
    Timeout,
    /// The connection could not be established, or it broke.
    Connection,
    /// The response does not match the OpenAPI document.
    Decode,
    /// The call was cancelled.
    Cancelled,
}

impl ConfigCatError {
    /// Spells an argument as Kotlin and Swift do: `keyOrName` for `key_or_name`.
    pub(crate) fn spell(mut self, argument: &str) -> Self {
        let details = self.details_mut();
        if let Some(messages) = details.field_errors.remove(argument) {
            let mut words = argument.split('_');
            let first = words.next().unwrap_or_default().to_owned();
            let spelt = words.fold(first, |spelt, word| {
                let (initial, rest) = word.split_at(word.len().min(1));
                spelt + &initial.to_uppercase() + rest
            });
            details.message = details.message.replacen(argument, &spelt, 1);
            details.field_errors.insert(spelt, messages);
        }
        self
    }
}

impl std::fmt::Display for ConfigCatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.details().message)
    }
}

impl std::error::Error for ConfigCatError {}
