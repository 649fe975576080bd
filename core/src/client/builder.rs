//! Configuration of a client.

mod checks;
mod observe;

use super::handle::Client;
use crate::error::{Error, Result};
use crate::observer::Observer;
use crate::redaction::without_credentials;
use crate::spec::memory::ValueForm;
use crate::transport::Sender;
use crate::transport::attempt_headers::AttemptHeaders;
use crate::transport::auth::{CredentialProvider, CredentialSource, Credentials};
use crate::transport::cassette::Cassette;
use crate::transport::extra_headers::ExtraHeaders;
use crate::transport::http::Http;
use crate::transport::http_options::HttpOptions;
use crate::transport::limiter::{RateLimitPolicy, RateLimiter};
use crate::transport::monitor::{Monitor, Server};
use crate::transport::peer::Peer;
use crate::transport::pipeline::Pipeline;
use crate::transport::proxy::ProxySettings;
use crate::transport::retry::Policy;
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Default URL of the service.
const SERVICE: &str = "https://api.configcat.com";

/// Builder of a [`Client`].
///
/// ```
/// use configcat_management::Client;
/// use std::time::Duration;
///
/// let client = Client::builder()
///     .credentials("user", "password")
///     .timeout(Duration::from_secs(60))
///     .build()?;
/// # Ok::<(), configcat_management::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    username: Option<Zeroizing<String>>,
    password: Option<Zeroizing<String>>,
    provider: Option<Arc<dyn CredentialProvider>>,
    base_url: String,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    max_attempts: u32,
    retry_all_methods: bool,
    rate_limit: RateLimitPolicy,
    max_rate_limit_wait: Duration,
    max_response_size: usize,
    proxy: ProxySettings,
    certificates: Vec<Vec<u8>>,
    client_certificate: Option<Zeroizing<Vec<u8>>>,
    http_client: Option<reqwest::Client>,
    headers: ExtraHeaders,
    caller_id: Option<String>,
    product: Option<String>,
    binding: &'static str,
    wire_names: bool,
    allow_http: bool,
    copies: usize,
    form: ValueForm,
    observer: Option<Arc<dyn Observer>>,
    attempt_headers: Option<AttemptHeaders>,
    cassette: Option<Cassette>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = without_credentials(&self.base_url);
        f.debug_struct("Builder").field("base_url", &base_url).finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            username: None,
            password: None,
            provider: None,
            base_url: SERVICE.to_owned(),
            timeout: Duration::from_secs(300),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_attempts: 3,
            retry_all_methods: false,
            rate_limit: RateLimitPolicy::Pace,
            max_rate_limit_wait: Duration::from_secs(60),
            max_response_size: 64 << 20,
            proxy: ProxySettings::default(),
            certificates: Vec::new(),
            client_certificate: None,
            http_client: None,
            headers: ExtraHeaders::new(),
            caller_id: None,
            product: None,
            binding: "rust",
            wire_names: false,
            allow_http: false,
            copies: 1,
            form: ValueForm::Models,
            observer: None,
            attempt_headers: None,
            cassette: None,
        }
    }
}

impl Client {
    /// Returns a builder with default settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Creates a client from environment variables; see [`Builder::from_env`].
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a credential is missing or the URL is
    /// invalid.
    pub fn from_env() -> Result<Self> {
        Builder::from_env().build()
    }
}

impl Builder {
    /// Reads the environment variables `CONFIGCAT_API_USER`, `CONFIGCAT_API_PASS`, and `CONFIGCAT_BASE_URL` (a URL) or
    /// `CONFIGCAT_API_HOST` (a host name). Absent or empty ones leave the default.
    pub fn from_env() -> Self {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(read: impl Fn(&str) -> Option<String>) -> Self {
        let mut builder = Self {
            username: read("CONFIGCAT_API_USER").map(Zeroizing::new),
            password: read("CONFIGCAT_API_PASS").map(Zeroizing::new),
            ..Self::default()
        };
        if let Some(url) = read("CONFIGCAT_BASE_URL") {
            builder.base_url = url;
        } else if let Some(host) = read("CONFIGCAT_API_HOST") {
            builder.base_url = if host.contains("://") { host } else { format!("https://{host}") };
        }
        builder
    }

    /// Sets the user name and password of a Public API credential.
    pub fn credentials(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.username = Some(Zeroizing::new(username.into()));
        self.password = Some(Zeroizing::new(password.into()));
        self
    }

    /// Gets the credentials of each call from a provider, instead of storing them.
    pub fn credential_provider(mut self, provider: impl CredentialProvider + 'static) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// Sets the URL of the service. Default: `https://api.configcat.com`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Limits a whole call, including waits and retries. Default: 5 minutes.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits one attempt. Default: 30 seconds.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Limits the time to establish a connection. Default: 10 seconds.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Maximum number of attempts, at least 1. Default: 3.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Whether to retry POST and PATCH, too, when a response is lost; they may then be applied twice. Default: no.
    pub const fn retry_all_methods(mut self, yes: bool) -> Self {
        self.retry_all_methods = yes;
        self
    }

    /// Sets what to do about the rate limit. Default: [`RateLimitPolicy::Pace`].
    pub const fn rate_limit_policy(mut self, policy: RateLimitPolicy) -> Self {
        self.rate_limit = policy;
        self
    }

    /// Sets the longest single wait for the rate limit; a longer one fails with
    /// [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited). After this time, a request is sent to find out whether the
    /// limit still applies, even if the service has reported a longer wait. Default: 60 seconds.
    pub const fn max_rate_limit_wait(mut self, wait: Duration) -> Self {
        self.max_rate_limit_wait = wait;
        self
    }

    /// Maximum size of a response body, in bytes, after decompression. The values that are decoded from it may take three times
    /// as much memory. Default: 64 MiB.
    pub const fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Sends everything through this proxy (`http` or `https`; `socks4`, `socks4a`, `socks5` and `socks5h` with the feature
    /// `socks`, which is on by default). Another scheme is an error, and so is a combination with
    /// [`no_proxy`](Self::no_proxy). Default: the proxy settings of the system, except for a service on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy.url = Some(Zeroizing::new(url.into()));
        self
    }

    /// Ignores the proxy settings of the system.
    pub const fn no_proxy(mut self) -> Self {
        self.proxy.none = true;
        self
    }

    /// Sets a proxy, or none, in the place of earlier settings. For bindings with one option for both.
    #[doc(hidden)]
    pub fn only_proxy(mut self, url: Option<String>) -> Self {
        self.proxy = ProxySettings { none: url.is_none(), url: url.map(Zeroizing::new) };
        self
    }

    /// Trusts these certificates (PEM) in addition to those of the platform.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.push(pem.into());
        self
    }

    /// Identifies the client by a certificate (mutual TLS), for a gateway that requires one: the certificate chain and the
    /// private key (PKCS #8, PKCS #1 or SEC 1, not encrypted) as one PEM text. It is wiped from memory on drop.
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate = Some(Zeroizing::new(pem.into()));
        self
    }

    /// Sends requests through an HTTP client of the application, for settings that this builder does not have. It excludes
    /// [`proxy`](Self::proxy), [`no_proxy`](Self::no_proxy), [`root_certificate`](Self::root_certificate) and
    /// [`client_certificate`](Self::client_certificate).
    ///
    /// The application is then responsible for what the client does otherwise:
    /// - Redirects: use [`reqwest::redirect::Policy::none`]. reqwest follows them by default, with the extra headers.
    /// - Retries: use [`reqwest::retry::never`]. A repeated request is neither counted nor paced.
    /// - Proxies: their credentials are not masked in errors.
    /// - Connections: [`connect_timeout`](Self::connect_timeout) has no effect, nor does
    ///   [`Client::network_changed`] close connections. Connections belong to an async runtime: share the client with none of
    ///   another runtime, and use it with either [`Client`] or [`blocking::Client`](crate::blocking::Client).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Adds a header to every request, or replaces the one of this name: for a gateway, for tracing, for features newer than
    /// this version. A header of a call takes precedence.
    ///
    /// Headers that the client sets itself, such as `Authorization` or `Content-Type`, are refused by [`build`](Self::build), and
    /// so are values with control characters. Values are masked in errors and logs, like credentials, from six characters on.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.set(name, value);
        self
    }

    /// Adds headers to every request. For bindings.
    #[doc(hidden)]
    pub fn headers(mut self, headers: &ExtraHeaders) -> Self {
        self.headers.merge(headers);
        self
    }

    /// Sends `X-Caller-Id`, as the service's own tools do: `name/version`.
    pub fn caller_id(mut self, caller: impl Into<String>) -> Self {
        self.caller_id = Some(caller.into());
        self
    }

    /// Adds a product (`name/version`) to `User-Agent`, before that of this library.
    pub fn user_agent_product(mut self, product: impl Into<String>) -> Self {
        self.product = Some(product.into());
        self
    }

    /// Allows `http` to hosts other than this machine. Credentials are then sent unencrypted. Default: no.
    pub const fn allow_http(mut self, yes: bool) -> Self {
        self.allow_http = yes;
        self
    }

    /// Records the requests and responses to a file, or plays a file back.
    pub fn cassette(mut self, cassette: Cassette) -> Self {
        self.cassette = Some(cassette);
        self
    }

    /// Names the language binding in `User-Agent`.
    #[doc(hidden)]
    pub const fn binding(mut self, binding: &'static str) -> Self {
        self.binding = binding;
        self
    }

    /// For a binding whose users know the fields by their names in JSON: errors name them so.
    #[doc(hidden)]
    pub const fn wire_names(mut self) -> Self {
        self.wire_names = true;
        self
    }

    /// Sets how often the binding holds the decoded values of a response in memory at the same time. Default: once.
    #[doc(hidden)]
    pub const fn copies(mut self, copies: usize) -> Self {
        self.copies = copies;
        self
    }

    /// For a binding that decodes responses to trees, with a node per value.
    #[doc(hidden)]
    pub const fn trees(mut self) -> Self {
        self.form = ValueForm::Trees;
        self
    }

    fn user_agent(&self) -> String {
        let ours = format!("configcat-management/{} ({})", env!("CARGO_PKG_VERSION"), self.binding);
        match &self.product {
            Some(product) => format!("{product} {ours}"),
            None => ours,
        }
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a credential is missing, a URL or certificate is invalid,
    /// or a limit is zero.
    pub fn build(self) -> Result<Client> {
        self.check_limits()?;
        let base_url = self.checked_base()?;
        let replayed = self.cassette.as_ref().map_or(Ok(false), Cassette::is_replayed)?;
        let credentials = match &self.provider {
            _ if replayed => CredentialSource::Fixed(Credentials::new("replay", "replay")?),
            Some(provider) => CredentialSource::Asked(Arc::clone(provider)),
            None => CredentialSource::Fixed(self.checked_credentials()?),
        };
        let chosen = self.chosen_proxy(&base_url)?;
        let mut headers = HeaderMap::new();
        self.headers.add_to(&mut headers).map_err(Error::configuration)?;
        let mut redactor = chosen.redactor;
        self.headers.hide_from(&mut redactor);
        let redactor = Arc::new(redactor);
        let server = Server::new(&base_url);
        let peer = Peer::new(&base_url, &chosen.choice);
        let transport = Http::new(HttpOptions {
            base_url,
            user_agent: self.user_agent(),
            caller_id: self.caller_id,
            connect_timeout: self.connect_timeout,
            max_response_size: self.max_response_size,
            proxy: chosen.choice,
            certificates: self.certificates,
            client_certificate: self.client_certificate,
            headers,
            client: self.http_client,
        })?;
        let transport = match &self.cassette {
            Some(cassette) => cassette.insert(transport, &redactor)?,
            None => Box::new(transport),
        };
        // A response that is played back uses up no budget.
        let rate_limit = if replayed { RateLimitPolicy::Off } else { self.rate_limit };
        Ok(Client::new(Pipeline {
            limiter: Arc::new(RateLimiter::new(rate_limit, self.max_rate_limit_wait)),
            sender: Sender::new(transport, self.attempt_timeout, peer),
            monitor: Monitor::new(self.observer, server),
            credentials,
            attempt_headers: self.attempt_headers,
            policy: Policy { max_attempts: self.max_attempts, repeat_all: self.retry_all_methods },
            timeout: self.timeout,
            configured: redactor,
            // With the body itself, a response takes at most four times its allowed size.
            decoded_memory: self.max_response_size.saturating_mul(3) / self.copies.max(1),
            decoded_form: self.form,
            wire_names: self.wire_names,
        }))
    }
}

#[cfg(test)]
#[path = "builder_tests.rs"]
mod tests;
