//! The client.

use crate::credentials::{self, NativeCredentialProvider};
use crate::error::ConfigCatError;
use crate::observer::{self, NativeObserver};
use crate::options::{CallOptions, ClientOptions};
use crate::task::Closing;
use configcat_management::blocking::Lease;
use configcat_management::{Builder, Called, Client, Request};
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

/// What the client knows of the rate limit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RateLimit {
    /// Requests left in the window, as far as known.
    pub remaining: Option<i64>,
    /// Time until the window ends, as far as known.
    pub resets_in: Option<Duration>,
    /// Requests that are on their way.
    pub in_flight: i64,
    /// Calls that wait for their turn.
    pub waiting: i64,
}

/// What a client has done so far.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Usage {
    /// Requests that were sent, retries included.
    pub requests: i64,
    /// Answers that turned a request away for the rate limit (429).
    pub rate_limited: i64,
    /// Time that calls spent waiting for the rate limit, added up.
    pub waited: Duration,
}

/// A client with a method for each operation. Views with other options share its connections and rate limit.
#[derive(Debug, uniffi::Object)]
pub struct NativeClient {
    client: Client,
    options: CallOptions,
    closing: Closing,
    /// The threads of the library are there while there are clients: the virtual machine waits for them when it ends.
    lease: Lease,
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[uniffi::export]
impl NativeClient {
    /// A client with credentials that stay with it.
    ///
    /// # Errors
    /// A setting that cannot be used.
    #[uniffi::constructor]
    pub fn with_credentials(
        binding: Binding,
        username: String,
        password: String,
        options: ClientOptions,
        observer: Option<Arc<dyn NativeObserver>>,
    ) -> Result<Self, ConfigCatError> {
        let builder = options.apply(binding.builder()).credentials(username, password);
        Self::build(builder, observer)
    }

    /// A client that asks for the credentials of each call.
    ///
    /// # Errors
    /// A setting that cannot be used.
    #[uniffi::constructor]
    pub fn with_provider(
        binding: Binding,
        provider: Arc<dyn NativeCredentialProvider>,
        options: ClientOptions,
        observer: Option<Arc<dyn NativeObserver>>,
    ) -> Result<Self, ConfigCatError> {
        let builder = options.apply(binding.builder()).credential_provider(credentials::Foreign(provider));
        Self::build(builder, observer)
    }

    /// A client with what the environment says, where the options say nothing.
    ///
    /// # Errors
    /// A missing credential, or a setting that cannot be used.
    #[uniffi::constructor]
    pub fn from_environment(
        binding: Binding,
        options: ClientOptions,
        observer: Option<Arc<dyn NativeObserver>>,
    ) -> Result<Self, ConfigCatError> {
        Self::build(options.apply(Builder::from_env().binding(binding.name())), observer)
    }

    /// The same client with other bounds for its calls.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let options = CallOptions {
            timeout: options.timeout.or(self.options.timeout),
            max_attempts: options.max_attempts.or(self.options.max_attempts),
        };
        Self {
            client: self.client.clone(),
            options,
            closing: self.closing.clone(),
            lease: self.lease.clone(),
        }
    }

    /// What is known of the rate limit right now.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let known = self.client.rate_limit();
        RateLimit {
            remaining: known.remaining.map(count),
            resets_in: known.resets_in,
            in_flight: count(known.in_flight),
            waiting: i64::try_from(known.waiting).unwrap_or(i64::MAX),
        }
    }

    /// What this client and its views have sent and waited so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let usage = self.client.usage();
        Usage {
            requests: count(usage.requests),
            rate_limited: count(usage.rate_limited),
            waited: usage.waited,
        }
    }

    /// Says that the network has changed: connections are given up, and attempts under way end at once.
    pub fn network_changed(&self) {
        self.client.network_changed();
    }

    /// Calls off every call of this client and its views; later ones are refused.
    pub fn call_off(&self) {
        self.closing.close();
    }
}

impl NativeClient {
    fn build(builder: Builder, observer: Option<Arc<dyn NativeObserver>>) -> Result<Self, ConfigCatError> {
        let builder = match observer {
            Some(observer) => builder.observer(observer::Foreign(observer)),
            None => builder,
        };
        Ok(Self {
            client: builder.build()?,
            options: CallOptions::default(),
            closing: Closing::default(),
            lease: Lease::new(),
        })
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request with the bounds of this client.
    pub(crate) async fn send<O: Called + 'static>(
        &self,
        request: Request<O>,
    ) -> Result<O::Output, ConfigCatError> {
        let mut request = request;
        if let Some(timeout) = self.options.timeout {
            request = request.timeout(timeout);
        }
        if let Some(attempts) = self.options.max_attempts {
            request = request.max_attempts(u32::try_from(attempts).unwrap_or(1));
        }
        self.closing.run(request.into_future()).await
    }
}

/// The language that a client is for; it is named in `User-Agent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Binding {
    /// Kotlin and Java.
    Kotlin,
    /// Swift.
    Swift,
}

impl Binding {
    fn builder(self) -> Builder {
        Builder::default().binding(self.name())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }
}
