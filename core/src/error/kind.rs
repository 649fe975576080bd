//! Classes of failures.

use std::fmt;

/// Class of failure; the same set in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is misconfigured: a missing credential, an invalid URL.
    Configuration,
    /// The request is invalid: found before sending, or rejected with 400 or another 4xx.
    BadRequest,
    /// The credentials are missing or wrong (401).
    Authentication,
    /// The credentials lack the permission (403).
    Permission,
    /// Not found, or not visible to the credentials (404).
    NotFound,
    /// The request conflicts with a newer state (409, 412).
    Conflict,
    /// The rate limit is used up (429), or the wait for it would be too long.
    RateLimited,
    /// The service failed (5xx), or returned a status that no other kind covers.
    Server,
    /// A timeout expired, or the service returned 408.
    Timeout,
    /// The connection failed or was lost.
    Connection,
    /// The response does not match the spec, or is too large.
    Decode,
    /// The call was cancelled.
    Cancelled,
}

impl ErrorKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Configuration,
        Self::BadRequest,
        Self::Authentication,
        Self::Permission,
        Self::NotFound,
        Self::Conflict,
        Self::RateLimited,
        Self::Server,
        Self::Timeout,
        Self::Connection,
        Self::Decode,
        Self::Cancelled,
    ];

    /// Returns the kind as a string, such as `not_found`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::BadRequest => "bad_request",
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Decode => "decode",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the kind for the status of an unsuccessful response.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Authentication,
            403 => Self::Permission,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimited,
            400..=499 => Self::BadRequest,
            _ => Self::Server,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_unique_name() {
        let words: std::collections::BTreeSet<_> = ErrorKind::ALL.iter().map(|k| k.as_str()).collect();
        assert_eq!(words.len(), ErrorKind::ALL.len());
    }
}
