//! Configuration of a client.

use super::handle::Client;
use crate::error::{Error, Result};
use crate::observer::Observer;
use crate::redaction::without_credentials;
use crate::spec::memory::ValueForm;
use crate::transport::Sender;
use crate::transport::auth::{CredentialProvider, CredentialSource, Credentials};
use crate::transport::cassette::Cassette;
use crate::transport::http::Http;
use crate::transport::http_options::{HttpOptions, is_loopback};
use crate::transport::limiter::{RateLimitPolicy, RateLimiter};
use crate::transport::monitor::Monitor;
use crate::transport::pipeline::Pipeline;
use crate::transport::proxy::ProxySettings;
use crate::transport::retry::Policy;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
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
    caller_id: Option<String>,
    product: Option<String>,
    binding: &'static str,
    allow_http: bool,
    copies: usize,
    form: ValueForm,
    observer: Option<Arc<dyn Observer>>,
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
            caller_id: None,
            product: None,
            binding: "rust",
            allow_http: false,
            copies: 1,
            form: ValueForm::Models,
            observer: None,
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
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
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

    /// Sets an observer of attempts, waits and responses.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
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
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a credential is missing or a URL or
    /// certificate is invalid.
    pub fn build(self) -> Result<Client> {
        let base_url = self.checked_base()?;
        let replayed = self.cassette.as_ref().map_or(Ok(false), Cassette::is_replayed)?;
        let credentials = match &self.provider {
            _ if replayed => CredentialSource::Fixed(Credentials::new("replay", "replay")?),
            Some(provider) => CredentialSource::Asked(Arc::clone(provider)),
            None => CredentialSource::Fixed(self.checked_credentials()?),
        };
        let chosen = self.proxy.choose(&base_url, |name| std::env::var(name).ok())?;
        let transport = Http::new(HttpOptions {
            base_url,
            user_agent: self.user_agent(),
            caller_id: self.caller_id,
            connect_timeout: self.connect_timeout,
            max_response_size: self.max_response_size,
            proxy: chosen.choice,
            certificates: self.certificates,
        })?;
        let transport = match &self.cassette {
            Some(cassette) => cassette.insert(transport)?,
            None => Box::new(transport),
        };
        // A response that is played back uses up no budget.
        let rate_limit = if replayed { RateLimitPolicy::Off } else { self.rate_limit };
        Ok(Client::new(Pipeline {
            limiter: Arc::new(RateLimiter::new(rate_limit, self.max_rate_limit_wait)),
            sender: Sender::new(transport, self.attempt_timeout),
            monitor: Monitor::new(self.observer),
            credentials,
            policy: Policy { max_attempts: self.max_attempts, repeat_all: self.retry_all_methods },
            timeout: self.timeout,
            proxy: Arc::new(chosen.redactor),
            // With the body itself, a response takes at most four times its allowed size.
            decoded_memory: self.max_response_size.saturating_mul(3) / self.copies.max(1),
            decoded_form: self.form,
        }))
    }

    fn checked_credentials(&self) -> Result<Credentials> {
        let missing = |what, variable| {
            Error::configuration(format!("no {what}: pass credentials, or set {variable} in the environment"))
        };
        let username = self.username.as_ref().ok_or_else(|| missing("user name", "CONFIGCAT_API_USER"))?;
        let password = self.password.as_ref().ok_or_else(|| missing("password", "CONFIGCAT_API_PASS"))?;
        Credentials::wiping(username, password)
    }

    fn checked_base(&self) -> Result<Url> {
        let url =
            Url::parse(&self.base_url).map_err(|e| Error::configuration(format!("invalid base_url: {e}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::configuration("base_url must not contain credentials; pass them separately"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::configuration("base_url must have neither query nor fragment"));
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.allow_http || is_loopback(&url) => Ok(url),
            "http" => Err(Error::configuration(
                "base_url is http: credentials would be sent unencrypted; use https or allow_http",
            )),
            other => Err(Error::configuration(format!("base_url must be https, not {other}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn refusal(builder: Builder) -> String {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.message().to_owned()
    }

    fn ready() -> Builder {
        Builder::default().credentials("me", "secret")
    }

    #[test]
    fn missing_credential_error_names_the_variable() {
        assert!(refusal(Builder::default()).contains("CONFIGCAT_API_USER"));
        let builder = Builder { username: Some(Zeroizing::new("me".into())), ..Builder::default() };
        assert!(refusal(builder).contains("CONFIGCAT_API_PASS"));
        assert!(refusal(Builder::default().credentials("a:b", "c")).contains("colon"));
    }

    #[test]
    fn http_is_for_this_machine_unless_allowed() {
        for url in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1/api", "https://example.com"] {
            assert!(ready().base_url(url).build().is_ok(), "{url}");
        }
        assert!(refusal(ready().base_url("http://example.com")).contains("unencrypted"));
        assert!(refusal(ready().base_url("http://localhost.example.com")).contains("unencrypted"));
        assert!(ready().base_url("http://example.com").allow_http(true).build().is_ok());
    }

    #[test]
    fn invalid_url_or_certificate_is_rejected() {
        for url in ["api.configcat.com", "ftp://x", "https://u:p@example.com", "https://example.com?x=1", ""]
        {
            refusal(ready().base_url(url));
        }
        assert!(refusal(ready().root_certificate("no certificate")).contains("root_certificate"));
    }

    #[test]
    fn environment_sets_credentials_and_url() {
        let read = |pairs: &'static [(&str, &str)]| {
            Builder::from_variables(|n| pairs.iter().find(|(k, _)| *k == n).map(|(_, v)| (*v).to_owned()))
        };
        let builder = read(&[("CONFIGCAT_API_USER", "me"), ("CONFIGCAT_API_PASS", "secret")]);
        let pair = (builder.username.as_deref(), builder.password.as_deref());
        assert_eq!(pair, (Some(&"me".to_owned()), Some(&"secret".to_owned())));
        let from = |pairs| read(pairs).base_url;
        assert_eq!(from(&[]), SERVICE);
        assert_eq!(from(&[("CONFIGCAT_API_HOST", "eu.example.com")]), "https://eu.example.com");
        assert_eq!(from(&[("CONFIGCAT_API_HOST", "a"), ("CONFIGCAT_BASE_URL", "https://b")]), "https://b");
    }

    #[test]
    fn debug_output_has_no_credentials() {
        let client = ready().build().unwrap();
        let shown = format!("{:?} {client:?} {:#?}", ready(), client.products());
        assert!(!shown.contains("secret") && !shown.contains("bWU6"), "{shown}");
        let shown = format!("{:?}", ready().base_url("https://someone:password@example.com/a?b=password"));
        assert_eq!(shown, "Builder { base_url: \"https://***@example.com/a\", .. }");
    }
}
