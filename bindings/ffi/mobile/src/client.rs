//! The client that is exported to Kotlin and Swift.

use crate::credentials::{self, NativeCredentialProvider};
use crate::error::{ConfigCatError, ErrorDetails};
use crate::observer::{self, NativeObserver};
use crate::options::{CallOptions, ClientOptions};
use crate::rate_limit::{RateLimit, count};
use crate::response::{Record, ResponseDetails};
use crate::task::Closing;
use configcat_management::blocking::Lease;
use configcat_management::edit::{BeginEdit, EditError, Editable, State};
use configcat_management::find::Searchable;
use configcat_management::models::JsonPatch;
use configcat_management::{Builder, Client, Error, Operation, Request, Result as CallResult};
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

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
    options: configcat_management::CallOptions,
    /// What is wrong with the options: the error of every call.
    refusal: Option<String>,
    /// Receives the response of each call, if the view is for one.
    record: Option<Record>,
    /// Whether the thread that polls a call makes it, and waits.
    waiting: bool,
    closing: Closing,
    /// Keeps the library's threads running only while clients exist: the Java virtual machine waits for them when it exits.
    lease: Lease,
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
        let builder = options.apply(binding.builder())?.credentials(username, password);
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
        let builder = options.apply(binding.builder())?.credential_provider(credentials::Foreign(provider));
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
        Self::build(
            options.apply(Builder::from_env().binding(binding.name()).wire_names().copies(2))?,
            observer,
        )
    }

    /// Returns a view of this client with other options for its calls; absent options keep this client's values. If one is
    /// invalid, the calls of the view fail.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        match options.over(&self.options) {
            Ok(options) => Self { options, ..self.view() },
            Err(error) => Self { refusal: Some(error.to_string()), ..self.view() },
        }
    }

    /// Returns a view of this client that keeps the response of its latest call.
    #[must_use]
    pub fn recording(&self) -> Self {
        Self { record: Some(Record::default()), ..self.view() }
    }

    /// Returns the response of the latest call of a recording view once; absent if there was none.
    #[must_use]
    pub fn recorded(&self) -> Option<ResponseDetails> {
        self.record.as_ref()?.take()
    }

    /// Returns a view of this client whose calls complete on the thread that polls them, at the first poll.
    #[must_use]
    pub fn waiting(&self) -> Self {
        Self { waiting: true, ..self.view() }
    }

    /// Returns the current rate limit state.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.client.rate_limit().into()
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
            options: self.options.clone(),
            refusal: self.refusal.clone(),
            record: self.record.clone(),
            waiting: self.waiting,
            closing: self.closing.clone(),
            lease: self.lease.clone(),
        }
    }

    fn build(builder: Builder, observer: Option<Arc<dyn NativeObserver>>) -> Result<Self, ConfigCatError> {
        let builder = match observer {
            Some(observer) => {
                let observer = observer::Foreign(observer);
                let own = observer.clone();
                builder.observer(observer).attempt_headers(move |attempt| own.headers(attempt))
            }
            None => builder,
        };
        Ok(Self {
            client: builder.build()?,
            options: configcat_management::CallOptions::default(),
            refusal: None,
            record: None,
            waiting: false,
            closing: Closing::default(),
            lease: Lease::new(),
        })
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request with the options of this client.
    pub(crate) async fn send<O: Operation + 'static>(
        &self,
        request: Request<O>,
    ) -> Result<O::Output, ConfigCatError> {
        let request = request.options(self.options.clone());
        let Some(record) = &self.record else { return self.make(request.into_future()).await };
        let response = self.make(request.with_response().into_future()).await?;
        record.put(ResponseDetails::from(&response));
        Ok(response.value)
    }

    /// Finds an item of a list by name, with the options of this client.
    pub(crate) async fn find<O: Searchable + 'static>(
        &self,
        list: Request<O>,
        name: String,
    ) -> Result<O::Item, ConfigCatError> {
        let find = list.options(self.options.clone()).find(name);
        let argument = O::SPEC.find.map_or("name", |find| find.argument);
        let spelt = |error: ConfigCatError| error.spell(argument);
        let Some(record) = &self.record else {
            return self.make(find.into_future()).await.map_err(spelt);
        };
        let response = self.make(find.with_response().into_future()).await.map_err(spelt)?;
        record.put(ResponseDetails::from(&response));
        Ok(response.value)
    }

    /// Makes a call, on this thread or on those of the library.
    pub(crate) async fn make<T: Send + 'static>(
        &self,
        call: impl Future<Output = CallResult<T>> + Send + 'static,
    ) -> Result<T, ConfigCatError> {
        if let Some(refusal) = &self.refusal {
            return Err(Error::configuration(refusal.clone()).into());
        }
        if self.waiting { self.closing.wait(call) } else { self.closing.run(call).await }
    }

    pub(crate) const fn options(&self) -> &configcat_management::CallOptions {
        &self.options
    }

    pub(crate) const fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// Sends the changes of a draft of a state, with the options of this client.
    pub(crate) async fn edit<P: Editable>(
        &self,
        begin: BeginEdit<P>,
        base: State<P>,
        draft: P::Draft,
    ) -> Result<Edited<State<P>>, ConfigCatError> {
        let mut edit = begin.options(self.options.clone()).resume(base)?;
        *edit = draft;
        self.make(async move {
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
        Builder::default().binding(self.name()).wire_names()
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }
}
