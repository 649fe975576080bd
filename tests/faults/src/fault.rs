//! A fault, and the result that a client must report.

use crate::step::Step;
use crate::tls::Identity;
use std::time::Duration;

/// The settings of the clients for which [`Expected`] holds.
pub mod settings {
    use std::time::Duration;

    /// Timeout of establishing a connection.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
    /// Timeout of one attempt.
    pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
    /// Timeout of a call.
    pub const TIMEOUT: Duration = Duration::from_secs(12);
    /// Maximum number of attempts.
    pub const MAX_ATTEMPTS: u32 = 2;
    /// Maximum wait for the rate limit.
    pub const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(3);
    /// Maximum size of a response body, in bytes.
    pub const MAX_RESPONSE_SIZE: usize = 1 << 20;
}

/// Result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The value.
    Response,
    /// An error with this kind, in the client's spelling.
    Error(&'static str),
}

impl Seen {
    /// Returns the result as one word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Error(kind) => kind,
        }
    }
}

/// The result that a client must report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Result of the call.
    pub seen: Seen,
    /// Number of attempts.
    pub attempts: u32,
    /// Whether the error reports that the request may have been applied.
    pub maybe_applied: bool,
    /// Maximum duration of the call.
    pub within: Duration,
}

/// The server of a fault.
pub enum Server {
    /// A bound port without a listener.
    NoListener,
    /// No server: this URL, whose host name cannot be resolved.
    Elsewhere(&'static str),
    /// Plays the steps for each connection, whose number from 0 is the argument.
    Plain(fn(usize) -> Vec<Step>),
    /// The same, at a host name with two addresses, only one of which has a listener.
    Named(fn(usize) -> Vec<Step>),
    /// The same without TLS, at an `https` URL.
    Encrypted(fn(usize) -> Vec<Step>),
    /// The same over TLS, with this identity and these ALPN protocols.
    Tls(Identity, &'static [&'static str], fn(usize) -> Vec<Step>),
}

/// A fault of a server, with the expected results.
pub struct Fault {
    /// Name, in kebab case.
    pub name: &'static str,
    /// Description of the behaviour, as a continuation of "the server".
    pub does: &'static str,
    pub(crate) server: Server,
    /// Whether a successful call precedes, so that its connection is reused.
    pub warm: bool,
    /// Whether the tests of other languages include it too.
    pub everywhere: bool,
    /// Expected result of an idempotent request.
    pub get: Expected,
    /// Expected result of a non-idempotent request.
    pub post: Expected,
}

/// Maximum duration of a call that fails immediately and is retried after a backoff of at most half a second.
const SOON: Duration = Duration::from_secs(1);

const fn expected(seen: Seen, attempts: u32, maybe_applied: bool, within: Duration) -> Expected {
    Expected { seen, attempts, maybe_applied, within }
}

impl Fault {
    fn new(name: &'static str, does: &'static str, server: Server, get: Expected, post: Expected) -> Self {
        Self { name, does, server, warm: false, everywhere: false, get, post }
    }

    /// Both requests succeed at the first attempt.
    pub(crate) fn harmless(name: &'static str, does: &'static str, server: Server) -> Self {
        let success = expected(Seen::Response, 1, false, SOON);
        Self::new(name, does, server, success, success)
    }

    /// Nothing was sent: both requests are retried, and fail.
    pub(crate) fn unreachable(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = expected(Seen::Error("connection"), settings::MAX_ATTEMPTS, false, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The connection breaks when the request may have arrived: only the idempotent request is retried.
    pub(crate) fn broken(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts| expected(Seen::Error("connection"), attempts, true, SOON);
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// Every attempt times out; only the idempotent request is retried.
    pub(crate) fn stalled(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts: u32| {
            let within = settings::ATTEMPT_TIMEOUT * attempts + SOON;
            expected(Seen::Error("timeout"), attempts, true, within)
        };
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// A response that is not retried: an error of this kind at the first attempt.
    pub(crate) fn refused(
        name: &'static str,
        kind: &'static str,
        does: &'static str,
        server: Server,
    ) -> Self {
        let error = expected(Seen::Error(kind), 1, false, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The request was applied, but its response cannot be decoded: not retried.
    pub(crate) fn unreadable(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = expected(Seen::Error("decode"), 1, true, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The service fails: only the idempotent request is retried.
    pub(crate) fn failing(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts| expected(Seen::Error("server"), attempts, true, SOON);
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// Rejected with 429: both requests are retried after a wait, and succeed.
    pub(crate) fn paced(name: &'static str, does: &'static str, wait: Duration, server: Server) -> Self {
        let success = expected(Seen::Response, 2, false, wait + SOON);
        Self::new(name, does, server, success, success)
    }

    /// Sets the maximum duration.
    pub(crate) fn within(mut self, within: Duration) -> Self {
        self.get.within = within;
        self.post.within = within;
        self
    }

    /// Sets the expected result of the idempotent request.
    pub(crate) fn get(mut self, seen: Seen, attempts: u32, maybe_applied: bool) -> Self {
        self.get = expected(seen, attempts, maybe_applied, self.get.within);
        self
    }

    /// Sets the expected result of the non-idempotent request.
    pub(crate) fn post(mut self, seen: Seen, attempts: u32, maybe_applied: bool) -> Self {
        self.post = expected(seen, attempts, maybe_applied, self.post.within);
        self
    }

    /// Makes a successful call precede.
    pub(crate) fn warm(mut self) -> Self {
        self.warm = true;
        self
    }

    /// Includes the fault in the tests of other languages.
    pub(crate) fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }
}
