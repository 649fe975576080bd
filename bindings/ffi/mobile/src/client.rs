//! The client that is exported to Kotlin and Swift.

use crate::credentials::{self, NativeCredentialProvider};
use crate::error::{ConfigCatError, ErrorDetails};
use crate::observer::{self, NativeObserver};
use crate::options::{CallOptions, ClientOptions};
use crate::task::Closing;
use configcat_management::blocking::Lease;
use configcat_management::edit::{BeginEdit, EditError, Editable, State};
use configcat_management::models::JsonPatch;
use configcat_management::{Builder, Called, Client, Request};
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

/// Rate limit state, as known to the client.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RateLimit {
    /// Requests left in the window; absent if unknown.
    pub remaining: Option<i64>,
    /// Time until the window ends; absent if unknown.
    pub resets_in: Option<Duration>,
    /// Requests in flight.
    pub in_flight: i64,
    /// Calls that wait for a permit.
    pub waiting: i64,
}

/// Totals of a client and its views since the client was created.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Usage {
    /// Requests sent, including retries.
    pub requests: i64,
    /// Responses that rejected a request because of the rate limit (429).
    pub rate_limited: i64,
    /// Total time that calls spent waiting for the rate limit.
    pub waited: Duration,
}

/// A client with a method for each operation. Views with other options share its connections and rate limiter.
#[derive(Debug, uniffi::Object)]
pub struct NativeClient {
    client: Client,
    options: CallOptions,
    /// Whether the thread that polls a call makes it, and waits.
    waiting: bool,
    closing: Closing,
    /// Keeps the library's threads running only while clients exist: the Java virtual machine waits for them when it exits.
    lease: Lease,
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[uniffi::export]
impl NativeClient {
    /// Creates a client that keeps its credentials.
    ///
    /// # Errors
    /// A setting is invalid.
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

    /// Creates a client that requests the credentials for each call from a provider.
    ///
    /// # Errors
    /// A setting is invalid.
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

    /// Creates a client from environment variables; options take precedence.
    ///
    /// # Errors
    /// A credential is missing, or a setting is invalid.
    #[uniffi::constructor]
    pub fn from_environment(
        binding: Binding,
        options: ClientOptions,
        observer: Option<Arc<dyn NativeObserver>>,
    ) -> Result<Self, ConfigCatError> {
        Self::build(options.apply(Builder::from_env().binding(binding.name()).copies(2)), observer)
    }

    /// Returns a view of this client with other limits for its calls; absent options keep this client's values.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let options = CallOptions {
            timeout: options.timeout.or(self.options.timeout),
            max_attempts: options.max_attempts.or(self.options.max_attempts),
        };
        Self { options, ..self.view() }
    }

    /// Returns a view of this client whose calls complete on the thread that polls them, at the first poll.
    #[must_use]
    pub fn waiting(&self) -> Self {
        Self { waiting: true, ..self.view() }
    }

    /// Returns the current rate limit state.
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

    /// Returns the totals of this client and its views.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let usage = self.client.usage();
        Usage {
            requests: count(usage.requests),
            rate_limited: count(usage.rate_limited),
            waited: usage.waited,
        }
    }

    /// Reports a network change: discards connections, and fails attempts in progress immediately.
    pub fn network_changed(&self) {
        self.client.network_changed();
    }

    /// Cancels all calls of this client and its views, and rejects later ones.
    pub fn call_off(&self) {
        self.closing.close();
    }
}

impl NativeClient {
    fn view(&self) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options,
            waiting: self.waiting,
            closing: self.closing.clone(),
            lease: self.lease.clone(),
        }
    }

    fn build(builder: Builder, observer: Option<Arc<dyn NativeObserver>>) -> Result<Self, ConfigCatError> {
        let builder = match observer {
            Some(observer) => builder.observer(observer::Foreign(observer)),
            None => builder,
        };
        Ok(Self {
            client: builder.build()?,
            options: CallOptions::default(),
            waiting: false,
            closing: Closing::default(),
            lease: Lease::new(),
        })
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request with the limits of this client.
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
        self.complete(request.into_future()).await
    }

    async fn complete<T: Send + 'static>(
        &self,
        call: impl Future<Output = configcat_management::Result<T>> + Send + 'static,
    ) -> Result<T, ConfigCatError> {
        if self.waiting { self.closing.wait(call) } else { self.closing.run(call).await }
    }

    /// Sends the changes of a draft of a state, with the limits of this client.
    pub(crate) async fn edit<P: Editable>(
        &self,
        begin: BeginEdit<P>,
        base: State<P>,
        draft: P::Draft,
    ) -> Result<Edited<State<P>>, ConfigCatError> {
        let mut begin = begin;
        if let Some(timeout) = self.options.timeout {
            begin = begin.timeout(timeout);
        }
        if let Some(attempts) = self.options.max_attempts {
            begin = begin.max_attempts(u32::try_from(attempts).unwrap_or(1));
        }
        let mut edit = begin.resume(base)?;
        *edit = draft;
        self.complete(async move {
            match edit.commit().await {
                Ok(state) => Ok(Edited::Made(state)),
                Err(EditError::Conflict(conflict)) => Ok(Edited::Conflict {
                    details: Box::new((&conflict.error).into()),
                    theirs: conflict.theirs,
                    patch: conflict.patch,
                }),
                Err(other) => Err(other.into()),
            }
        })
        .await
    }
}

/// Result of an edit.
pub(crate) enum Edited<S> {
    /// The state after the change; `None` if nothing changed.
    Made(Option<S>),
    /// Others have changed the state.
    Conflict { theirs: S, patch: JsonPatch, details: Box<ErrorDetails> },
}

/// Language binding that uses a client; sent in `User-Agent`.
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
