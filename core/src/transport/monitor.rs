//! What observes a client: its observer, and the counters behind [`Usage`].

use super::usage::{Counters, Usage};
use crate::observer::Observer;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[derive(Debug, Default)]
pub(crate) struct Monitor {
    observer: Option<Arc<dyn Observer>>,
    server: Server,
    counters: Counters,
}

/// Host and port of the service, as spans name it.
#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(super) address: String,
    pub(super) port: u16,
}

impl Server {
    /// Returns the server of a base URL.
    pub(crate) fn new(base_url: &Url) -> Self {
        Self {
            address: base_url.host_str().unwrap_or_default().to_owned(),
            port: base_url.port_or_known_default().unwrap_or_default(),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}

impl Monitor {
    pub(crate) fn new(observer: Option<Arc<dyn Observer>>, server: Server) -> Self {
        Self { observer, server, counters: Counters::default() }
    }

    /// Returns the current counters.
    pub(crate) fn usage(&self) -> Usage {
        self.counters.read()
    }

    /// Whether there is an observer.
    pub(crate) const fn is_observed(&self) -> bool {
        self.observer.is_some()
    }

    pub(super) fn observer(&self) -> Option<&dyn Observer> {
        self.observer.as_deref()
    }

    pub(super) const fn server(&self) -> &Server {
        &self.server
    }

    /// Counts a request that is about to be sent.
    pub(super) fn sent(&self) {
        self.counters.sent();
    }

    /// Counts a response.
    pub(super) fn received(&self, status: u16) {
        self.counters.received(status);
    }

    /// Counts a completed wait for the rate limit.
    pub(super) fn waited(&self, wait: Duration) {
        self.counters.waited(wait);
    }
}
