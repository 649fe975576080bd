//! A fault, and what a client has to see of it.

use crate::step::Step;
use crate::tls::Identity;
use std::time::Duration;

/// The settings of the clients for which [`Expected`] holds.
pub mod settings {
    use std::time::Duration;

    /// Bounds the making of a connection.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
    /// Bounds one attempt.
    pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
    /// Bounds a call.
    pub const TIMEOUT: Duration = Duration::from_secs(12);
    /// How often a request is sent at most.
    pub const MAX_ATTEMPTS: u32 = 2;
    /// The longest wait for the rate limit.
    pub const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(3);
    /// The largest body of an answer in bytes.
    pub const MAX_RESPONSE_SIZE: usize = 1 << 20;
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// With its value.
    Answer,
    /// With an error of this kind, as a word of the client's.
    Error(&'static str),
}

impl Seen {
    /// One word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Error(kind) => kind,
        }
    }
}

/// What a caller has to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// How the call ends.
    pub seen: Seen,
    /// How often the request is sent.
    pub attempts: u32,
    /// Whether an error says that the request may have been carried out.
    pub maybe_applied: bool,
    /// In which time, at most.
    pub within: Duration,
}

/// What stands at the address of a fault.
pub enum Server {
    /// Nobody listens.
    Nobody,
    /// An address of the client's own, whose name nobody knows.
    Elsewhere(&'static str),
    /// Plays these steps on a connection, by its number from 0.
    Plain(fn(usize) -> Vec<Step>),
    /// The same, at a name with two addresses, of which the other one is dead.
    Named(fn(usize) -> Vec<Step>),
    /// The same, at an address at which TLS is expected.
    Encrypted(fn(usize) -> Vec<Step>),
    /// The same behind TLS, as somebody, offering these protocols.
    Tls(Identity, &'static [&'static str], fn(usize) -> Vec<Step>),
}

/// One way in which a server misbehaves.
pub struct Fault {
    /// Its name, in words with hyphens.
    pub name: &'static str,
    /// What the server does, after "the server".
    pub does: &'static str,
    pub(crate) server: Server,
    /// Whether a call that succeeds comes first, on a connection that is then kept.
    pub warm: bool,
    /// Whether the tests of other languages play it too.
    pub everywhere: bool,
    /// For a request that may be repeated.
    pub get: Expected,
    /// For one that may not.
    pub post: Expected,
}

/// The usual time for a call that fails at once, and is repeated after a pause of at most half a second.
const SOON: Duration = Duration::from_secs(1);

const fn expected(seen: Seen, attempts: u32, maybe_applied: bool, within: Duration) -> Expected {
    Expected { seen, attempts, maybe_applied, within }
}

impl Fault {
    fn new(name: &'static str, does: &'static str, server: Server, get: Expected, post: Expected) -> Self {
        Self { name, does, server, warm: false, everywhere: false, get, post }
    }

    /// Both requests are answered, at the first attempt.
    pub(crate) fn harmless(name: &'static str, does: &'static str, server: Server) -> Self {
        let answer = expected(Seen::Answer, 1, false, SOON);
        Self::new(name, does, server, answer, answer)
    }

    /// Nothing was sent: both are tried again, and fail.
    pub(crate) fn unreachable(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = expected(Seen::Error("connection"), settings::MAX_ATTEMPTS, false, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The connection breaks when the request may have arrived: tried again only if that is harmless.
    pub(crate) fn broken(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts| expected(Seen::Error("connection"), attempts, true, SOON);
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// Time runs out in every attempt.
    pub(crate) fn stalled(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts: u32| {
            let within = settings::ATTEMPT_TIMEOUT * attempts + SOON;
            expected(Seen::Error("timeout"), attempts, true, within)
        };
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// An answer that is final: an error of this kind at the first attempt.
    pub(crate) fn refused(
        name: &'static str,
        kind: &'static str,
        does: &'static str,
        server: Server,
    ) -> Self {
        let error = expected(Seen::Error(kind), 1, false, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The service did what was asked, and its answer cannot be read: final.
    pub(crate) fn unreadable(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = expected(Seen::Error("decode"), 1, true, SOON);
        Self::new(name, does, server, error, error)
    }

    /// The service fails: tried again only if that is harmless.
    pub(crate) fn failing(name: &'static str, does: &'static str, server: Server) -> Self {
        let error = |attempts| expected(Seen::Error("server"), attempts, true, SOON);
        Self::new(name, does, server, error(settings::MAX_ATTEMPTS), error(1))
    }

    /// Turned away: tried again whatever it is, and answered then, after a while.
    pub(crate) fn paced(name: &'static str, does: &'static str, wait: Duration, server: Server) -> Self {
        let answer = expected(Seen::Answer, 2, false, wait + SOON);
        Self::new(name, does, server, answer, answer)
    }

    /// Takes so long, at most.
    pub(crate) fn within(mut self, within: Duration) -> Self {
        self.get.within = within;
        self.post.within = within;
        self
    }

    /// What a request that may be repeated sees.
    pub(crate) fn get(mut self, seen: Seen, attempts: u32, maybe_applied: bool) -> Self {
        self.get = expected(seen, attempts, maybe_applied, self.get.within);
        self
    }

    /// What a request that may not be repeated sees.
    pub(crate) fn post(mut self, seen: Seen, attempts: u32, maybe_applied: bool) -> Self {
        self.post = expected(seen, attempts, maybe_applied, self.post.within);
        self
    }

    /// A call that succeeds comes first.
    pub(crate) fn warm(mut self) -> Self {
        self.warm = true;
        self
    }

    /// The tests of other languages play it too.
    pub(crate) fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }
}
