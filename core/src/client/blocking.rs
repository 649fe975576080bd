//! The client for code without `async`: the same resources and methods, with `send()` in place of `.await`.
//!
//! ```no_run
//! let client = configcat_management::blocking::Client::from_env()?;
//! for product in client.products().list().send()? {
//!     println!("{}", product.name);
//! }
//! # Ok::<(), configcat_management::Error>(())
//! ```

use super::builder::Builder;
pub use super::bulk::blocking_bulk as bulk;
#[doc(hidden)]
pub use super::driver::Driver;
use super::raw::RawRequest;
use super::request::Blocking;
pub use super::runtime::runtime;
#[doc(hidden)]
pub use super::runtime::{Lease, driver, shutdown, shutdown_if};
#[doc(hidden)]
pub use super::wait::wait;
use crate::error::Result;
use crate::transport::limiter::RateLimit;
use crate::transport::usage::Usage;

/// A client whose calls block the thread. Cheap to clone, safe to share between threads.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
}

impl Client {
    /// Returns a builder with default settings; [`build_blocking`](Builder::build_blocking) builds this client.
    ///
    /// ```
    /// use configcat_management::blocking::Client;
    ///
    /// let client = Client::builder().credentials("user", "password").max_attempts(5).build_blocking()?;
    /// # Ok::<(), configcat_management::Error>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Creates a client from environment variables; see [`Builder::from_env`](crate::Builder::from_env).
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a credential is missing or the URL is
    /// invalid.
    pub fn from_env() -> Result<Self> {
        crate::Client::from_env().map(Self::from)
    }

    /// Returns what is currently known of the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.client.rate_limit()
    }

    /// Returns how many requests this client and its clones have sent, and how long they have waited.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.client.usage()
    }

    /// Reports a network change; see [`crate::Client::network_changed`]. Calls that wait in other threads notice it immediately.
    pub fn network_changed(&self) {
        self.client.network_changed();
    }

    /// Prepares a request by method and path; see [`crate::Client::request`].
    pub fn request(&self, method: impl AsRef<str>, path: impl Into<String>) -> RawRequest<Blocking> {
        RawRequest::new(&self.client, method.as_ref(), path.into())
    }

    pub(crate) fn shared(&self) -> &crate::Client {
        &self.client
    }
}

impl Builder {
    /// Builds the client for code without `async`. Nothing is sent yet.
    ///
    /// # Errors
    /// See [`build`](Self::build).
    pub fn build_blocking(self) -> Result<Client> {
        self.build().map(Client::from)
    }
}

/// Wraps an asynchronous client: both share connections and the rate limiter.
impl From<crate::Client> for Client {
    fn from(client: crate::Client) -> Self {
        Self { client }
    }
}
