//! Options of HTTP connections.

use http::HeaderMap;
use std::fmt;
use std::time::Duration;
use url::{Host, Url};
use zeroize::Zeroizing;

/// Connection settings, and headers of every request.
#[derive(Clone)]
pub(crate) struct HttpOptions {
    pub(crate) base_url: Url,
    pub(crate) user_agent: String,
    pub(crate) caller_id: Option<String>,
    pub(crate) connect_timeout: Duration,
    /// Maximum size of a response body, in bytes, after decompression.
    pub(crate) max_response_size: usize,
    pub(crate) proxy: ProxyChoice,
    /// PEM certificates to trust in addition to those of the platform.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// PEM certificate chain and key of the client.
    pub(crate) client_certificate: Option<Zeroizing<Vec<u8>>>,
    /// Extra headers of every request.
    pub(crate) headers: HeaderMap,
    /// An HTTP client of the application, used as it is.
    pub(crate) client: Option<reqwest::Client>,
}

/// Omits the URL of the proxy, which may contain credentials.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

/// Which proxy to use.
#[derive(Clone)]
pub(crate) enum ProxyChoice {
    System,
    None,
    Url(Zeroizing<String>),
}

impl HttpOptions {
    /// Whether requests stay on this machine without encryption, so that no certificate is needed. An encrypted proxy of the
    /// system does not matter here: it could not reach the loopback interface of this machine.
    pub(crate) fn is_plain_loopback(&self) -> bool {
        let encrypted = matches!(&self.proxy, ProxyChoice::Url(url) if url.starts_with("https"));
        self.base_url.scheme() == "http" && is_loopback(&self.base_url) && !encrypted
    }
}

/// Whether the host of a URL is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Options for a base URL.
    pub(crate) fn options(base: &str) -> HttpOptions {
        HttpOptions {
            base_url: Url::parse(base).unwrap(),
            user_agent: String::new(),
            caller_id: None,
            connect_timeout: Duration::from_secs(1),
            max_response_size: 1,
            proxy: ProxyChoice::None,
            certificates: Vec::new(),
            client_certificate: None,
            headers: HeaderMap::new(),
            client: None,
        }
    }

    #[test]
    fn loopback_without_encryption_needs_no_certificates() {
        for (base, plain) in
            [("http://[::1]:1", true), ("https://localhost", false), ("http://example.com", false)]
        {
            assert_eq!(options(base).is_plain_loopback(), plain, "{base}");
        }
        let proxy = ProxyChoice::Url(Zeroizing::new("https://proxy".to_owned()));
        assert!(!HttpOptions { proxy, ..options("http://localhost") }.is_plain_loopback());
    }

    #[test]
    fn debug_omits_the_credentials_of_a_proxy() {
        let proxy = ProxyChoice::Url(Zeroizing::new("http://user:secret@proxy".to_owned()));
        let shown = format!("{:?}", HttpOptions { proxy, ..options("http://localhost") });
        assert!(shown.contains("localhost") && !shown.contains("secret"), "{shown}");
    }
}
