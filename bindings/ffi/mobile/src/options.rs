//! How a client and a call are set up.

use configcat_management::{Builder, RateLimitPolicy};
use std::time::Duration;

/// Settings of a client; what is left out has its default.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct ClientOptions {
    /// Where the service lives. Default: `https://api.configcat.com`.
    #[uniffi(default)]
    pub base_url: Option<String>,
    /// Bounds a whole call with its waits and retries. Default: 5 minutes.
    #[uniffi(default)]
    pub timeout: Option<Duration>,
    /// Bounds one attempt. Default: 30 seconds.
    #[uniffi(default)]
    pub attempt_timeout: Option<Duration>,
    /// Bounds the making of a connection. Default: 10 seconds.
    #[uniffi(default)]
    pub connect_timeout: Option<Duration>,
    /// How often to send a request at most, from 1. Default: 3.
    #[uniffi(default)]
    pub max_attempts: Option<i32>,
    /// Whether to repeat POST and PATCH too when an answer is lost; they may then be carried out twice. Default: no.
    #[uniffi(default)]
    pub retry_all_methods: Option<bool>,
    /// What to do about the rate limit. Default: to pace.
    #[uniffi(default)]
    pub rate_limit_policy: Option<RateLimitPolicy>,
    /// The longest single wait for the rate limit; a longer one fails. Default: 60 seconds.
    #[uniffi(default)]
    pub max_rate_limit_wait: Option<Duration>,
    /// The largest body of an answer in bytes, after decompression. Default: 64 MiB.
    #[uniffi(default)]
    pub max_response_size: Option<i64>,
    /// Sends everything through this proxy (`http` or `https`); an empty text means none. Default: what the system says.
    #[uniffi(default)]
    pub proxy: Option<String>,
    /// Certificates (PEM) to trust beside those of the platform.
    #[uniffi(default)]
    pub root_certificates: Option<Vec<String>>,
    /// A product (`name/version`) to put in front of our own in `User-Agent`.
    #[uniffi(default)]
    pub user_agent: Option<String>,
    /// Sends `X-Caller-Id`: `name/version`.
    #[uniffi(default)]
    pub caller_id: Option<String>,
    /// Allows `http` to hosts other than this machine. Default: no.
    #[uniffi(default)]
    pub allow_http: Option<bool>,
}

/// Applies a setting that is there.
fn set<T>(builder: Builder, value: Option<T>, apply: impl FnOnce(Builder, T) -> Builder) -> Builder {
    match value {
        Some(value) => apply(builder, value),
        None => builder,
    }
}

impl ClientOptions {
    /// Puts the settings on top of what the builder has.
    pub(crate) fn apply(self, builder: Builder) -> Builder {
        let mut b = builder;
        b = set(b, self.base_url, Builder::base_url);
        b = set(b, self.timeout, Builder::timeout);
        b = set(b, self.attempt_timeout, Builder::attempt_timeout);
        b = set(b, self.connect_timeout, Builder::connect_timeout);
        b = set(b, self.max_attempts, |b, n| b.max_attempts(u32::try_from(n).unwrap_or(1)));
        b = set(b, self.retry_all_methods, Builder::retry_all_methods);
        b = set(b, self.rate_limit_policy, Builder::rate_limit_policy);
        b = set(b, self.max_rate_limit_wait, Builder::max_rate_limit_wait);
        b = set(b, self.max_response_size, |b, n| b.max_response_size(usize::try_from(n).unwrap_or(0)));
        b = set(b, self.proxy, |b, url| if url.is_empty() { b.no_proxy() } else { b.proxy(url) });
        for pem in self.root_certificates.unwrap_or_default() {
            b = b.root_certificate(pem);
        }
        b = set(b, self.user_agent, Builder::user_agent_product);
        b = set(b, self.caller_id, Builder::caller_id);
        set(b, self.allow_http, Builder::allow_http)
    }
}

/// Bounds of calls; what is left out is the client's.
#[derive(Debug, Clone, Copy, Default, uniffi::Record)]
pub struct CallOptions {
    /// Bounds a whole call with its waits and retries.
    #[uniffi(default)]
    pub timeout: Option<Duration>,
    /// How often to send a request at most, from 1.
    #[uniffi(default)]
    pub max_attempts: Option<i32>,
}
