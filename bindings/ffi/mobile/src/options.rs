//! Options of clients and calls.

use configcat_management::{
    Builder, Cassette, CassetteMode, Error, ExtraHeaders, RateLimitPolicy, Result as CallResult,
};
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// Settings of a client; absent ones have their defaults.
#[derive(Clone, Default, uniffi::Record)]
pub struct ClientOptions {
    /// Base URL of the service. Default: `https://api.configcat.com`.
    #[uniffi(default)]
    pub base_url: Option<String>,
    /// Timeout for a whole call, including waits and retries. Default: 5 minutes.
    #[uniffi(default)]
    pub timeout: Option<Duration>,
    /// Timeout for one attempt. Default: 30 seconds.
    #[uniffi(default)]
    pub attempt_timeout: Option<Duration>,
    /// Timeout for establishing a connection. Default: 10 seconds.
    #[uniffi(default)]
    pub connect_timeout: Option<Duration>,
    /// Maximum number of times to send a request, at least 1. Default: 3.
    #[uniffi(default)]
    pub max_attempts: Option<i32>,
    /// Whether to retry POST and PATCH too when a response is lost; they may then be applied twice. Default: no.
    #[uniffi(default)]
    pub retry_all_methods: Option<bool>,
    /// How to handle the rate limit. Default: pace requests.
    #[uniffi(default)]
    pub rate_limit_policy: Option<RateLimitPolicy>,
    /// Maximum length of a single wait for the rate limit; a call that would wait longer fails. Default: 60 seconds.
    #[uniffi(default)]
    pub max_rate_limit_wait: Option<Duration>,
    /// Maximum size of a response body in bytes, after decompression. Default: 64 MiB.
    #[uniffi(default)]
    pub max_response_size: Option<i64>,
    /// Proxy URL (`http` or `https`) for all requests; an empty string disables proxies. Another
    /// scheme is an error. Default: the system's proxy settings, except for a service on this machine.
    #[uniffi(default)]
    pub proxy: Option<String>,
    /// Certificates (PEM) to trust in addition to those of the platform.
    #[uniffi(default)]
    pub root_certificates: Option<Vec<String>>,
    /// Certificate chain and private key (PEM, not encrypted) with which the client identifies itself to a gateway (mutual TLS).
    #[uniffi(default)]
    pub client_certificate: Option<String>,
    /// Extra headers of every request. Those that the client sets itself, such as `Authorization` or `Content-Type`, are refused.
    /// Values are masked in errors and logs.
    #[uniffi(default)]
    pub headers: Option<HashMap<String, String>>,
    /// Product (`name/version`) to put before this library's own in `User-Agent`.
    #[uniffi(default)]
    pub user_agent: Option<String>,
    /// Value of the `X-Caller-Id` header: `name/version`. Not sent by default.
    #[uniffi(default)]
    pub caller_id: Option<String>,
    /// Whether to allow `http` to hosts other than this machine. Default: no.
    #[uniffi(default)]
    pub allow_http: Option<bool>,
    /// File to which the requests and responses of the client are recorded, or from which they are played back, so that tests need
    /// no server. Each client needs a file of its own. It contains no credentials, but everything else that the service sends.
    #[uniffi(default)]
    pub cassette: Option<String>,
    /// What to do with the cassette. Default: play it back if it exists, and record to it otherwise.
    #[uniffi(default)]
    pub cassette_mode: Option<CassetteMode>,
}

/// Omits headers, the certificate and the URL of the proxy, which may contain secrets.
impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Applies a setting if it is present.
fn set<T>(builder: Builder, value: Option<T>, apply: impl FnOnce(Builder, T) -> Builder) -> Builder {
    match value {
        Some(value) => apply(builder, value),
        None => builder,
    }
}

/// Converts a number that must be positive, for languages without unsigned numbers.
fn positive<T: TryFrom<i64>>(name: &str, number: i64) -> CallResult<T> {
    let converted = T::try_from(number).ok().filter(|_| number >= 1);
    converted.ok_or_else(|| Error::configuration(format!("{name}: must be at least 1, not {number}")))
}

impl ClientOptions {
    /// Overrides the builder's settings with those that are present.
    ///
    /// # Errors
    /// A number is out of range.
    pub(crate) fn apply(self, builder: Builder) -> CallResult<Builder> {
        let attempts = self.max_attempts.map(|n| positive("maxAttempts", n.into())).transpose()?;
        let size = self.max_response_size.map(|n| positive("maxResponseSize", n)).transpose()?;
        let mut b = builder;
        b = set(b, self.base_url, Builder::base_url);
        b = set(b, self.timeout, Builder::timeout);
        b = set(b, self.attempt_timeout, Builder::attempt_timeout);
        b = set(b, self.connect_timeout, Builder::connect_timeout);
        b = set(b, attempts, Builder::max_attempts);
        b = set(b, self.retry_all_methods, Builder::retry_all_methods);
        b = set(b, self.rate_limit_policy, Builder::rate_limit_policy);
        b = set(b, self.max_rate_limit_wait, Builder::max_rate_limit_wait);
        b = set(b, size, Builder::max_response_size);
        b = set(b, self.proxy, |b, url| b.only_proxy(Some(url).filter(|url| !url.is_empty())));
        for pem in self.root_certificates.unwrap_or_default() {
            b = b.root_certificate(pem);
        }
        b = set(b, self.client_certificate, Builder::client_certificate);
        b = set(b, self.headers, |b, headers| b.headers(&headers.into_iter().collect()));
        b = set(b, self.user_agent, Builder::user_agent_product);
        b = set(b, self.caller_id, Builder::caller_id);
        b = set(b, self.allow_http, Builder::allow_http);
        let mode = self.cassette_mode.unwrap_or_default();
        Ok(set(b, self.cassette, |b, path| b.cassette(Cassette::new(path, mode))))
    }
}

/// Limits of calls, and extra headers; absent ones are the client's.
#[derive(Clone, Default, uniffi::Record)]
pub struct CallOptions {
    /// Timeout for a whole call, including waits and retries.
    #[uniffi(default)]
    pub timeout: Option<Duration>,
    /// Maximum number of times to send a request, at least 1.
    #[uniffi(default)]
    pub max_attempts: Option<i32>,
    /// Extra headers, in addition to those of the client or in their place.
    #[uniffi(default)]
    pub headers: Option<HashMap<String, String>>,
    /// What is wrong with a value that cannot be passed, for bindings whose function cannot fail.
    #[uniffi(default)]
    pub refusal: Option<String>,
}

impl CallOptions {
    /// Overrides options with those that are present.
    ///
    /// # Errors
    /// A number is out of range.
    pub(crate) fn over(
        self,
        client: &configcat_management::CallOptions,
    ) -> CallResult<configcat_management::CallOptions> {
        if let Some(refusal) = self.refusal {
            return Err(Error::configuration(refusal));
        }
        let attempts = self.max_attempts.map(|n| positive("maxAttempts", n.into())).transpose()?;
        let mut headers = client.headers.clone();
        headers.merge(&self.headers.unwrap_or_default().into_iter().collect::<ExtraHeaders>());
        Ok(configcat_management::CallOptions {
            timeout: self.timeout.or(client.timeout),
            max_attempts: attempts.or(client.max_attempts),
            headers,
        })
    }
}
