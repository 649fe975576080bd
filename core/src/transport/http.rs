//! Sends one request over HTTP and reads its answer.

use super::pipeline::Prepared;
use crate::config::{Builder, ProxyChoice, is_loopback};
use crate::error::{Error, Result};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};
use url::Url;

/// An answer whose body has been read to its end.
#[derive(Debug, Clone)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum SendError {
    /// Nothing was sent.
    NotConnected(Box<dyn StdError + Send + Sync>),
    /// The request arrived, and the server says that it did nothing with it.
    Unprocessed(Box<dyn StdError + Send + Sync>),
    /// The request may have arrived.
    Lost(Box<dyn StdError + Send + Sync>),
    /// The answer is larger than allowed.
    TooLarge { status: u16, limit: usize },
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(cause) => write!(f, "cannot connect: {}", Chain(cause.as_ref())),
            Self::Unprocessed(cause) => write!(f, "the request was not looked at: {}", Chain(cause.as_ref())),
            Self::Lost(cause) => write!(f, "the connection broke: {}", Chain(cause.as_ref())),
            Self::TooLarge { limit, .. } => write!(f, "the answer is larger than {limit} bytes"),
        }
    }
}

/// The innermost cause says most; the outer ones of the HTTP stack say "error sending request".
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0;
        while let Some(next) = cause.source() {
            cause = next;
        }
        fmt::Display::fmt(cause, f)
    }
}

/// A future of an answer.
pub(crate) type Answering<'a> = Pin<Box<dyn Future<Output = Result<RawAnswer, SendError>> + Send + 'a>>;

/// Sends requests; in tests something other than HTTP.
pub(crate) trait Transport: Send + Sync + fmt::Debug {
    fn send<'a>(&'a self, request: &'a Prepared, authorization: HeaderValue) -> Answering<'a>;

    /// Gives up every connection: the next request makes a new one.
    fn reset(&self) {}
}

/// HTTP by reqwest.
#[derive(Debug)]
pub(crate) struct Http {
    /// Nothing after the connections were given up, until the next request makes a client: giving up is asked for by
    /// callers that may not wait, and a client reads the certificates of the system.
    client: RwLock<Option<reqwest::Client>>,
    base: Url,
    config: Builder,
}

impl Http {
    pub(crate) fn new(config: &Builder, base: Url) -> Result<Self> {
        // reqwest takes its cryptography from the process; whoever chose before us keeps their choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = RwLock::new(Some(Self::connect(config, &base)?));
        Ok(Self { client, base, config: config.without_credentials() })
    }

    /// A client of HTTP with connections of its own.
    fn connect(config: &Builder, base: &Url) -> Result<reqwest::Client> {
        let mut headers = HeaderMap::new();
        if let Some(caller) = &config.caller_id {
            let value = HeaderValue::try_from(caller)
                .map_err(|_| Error::configuration("caller_id has characters that a header cannot carry"))?;
            headers.insert("x-caller-id", value);
        }
        headers.insert(http::header::ACCEPT, HeaderValue::from_static("application/json"));
        let agent = HeaderValue::try_from(config.user_agent())
            .map_err(|_| Error::configuration("user_agent has characters that a header cannot carry"))?;
        let mut builder = reqwest::Client::builder()
            .user_agent(agent)
            .default_headers(headers)
            .connect_timeout(config.connect_timeout)
            // Credentials go where the caller said and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .tcp_nodelay(true)
            .retry(reqwest::retry::never());
        if !config.certificates.is_empty() {
            let mut certificates = Vec::new();
            for pem in &config.certificates {
                let bundle = reqwest::Certificate::from_pem_bundle(pem).map_err(|e| {
                    Error::configuration("root_certificate is not a PEM certificate").with_source(e)
                })?;
                if bundle.is_empty() {
                    return Err(Error::configuration("root_certificate holds no certificate"));
                }
                certificates.extend(bundle);
            }
            builder = builder.tls_certs_merge(certificates);
        } else if base.scheme() == "http" && is_loopback(base) && !config.proxy.encrypts() {
            // Nothing here is encrypted, and reading the certificates of the system is most of what a client costs.
            builder = builder.tls_certs_only([]);
        }
        builder = match &config.proxy {
            ProxyChoice::System => builder,
            ProxyChoice::None => builder.no_proxy(),
            ProxyChoice::Url(url) if !cfg!(feature = "socks") && url.starts_with("socks") => {
                return Err(Error::configuration("proxy is of the kind SOCKS, which this build leaves out"));
            }
            ProxyChoice::Url(url) => {
                let proxy = reqwest::Proxy::all(url.as_str())
                    .map_err(|_| Error::configuration("proxy is not the address of a proxy"))?;
                builder.no_proxy().proxy(proxy)
            }
        };
        builder.build().map_err(|e| Error::configuration("cannot set up the HTTP client").with_source(e))
    }

    /// The client with its connections, or a new one.
    fn client(&self) -> Result<reqwest::Client> {
        if let Some(client) = &*self.client.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(client.clone());
        }
        let mut place = self.client.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*place {
            return Ok(client.clone());
        }
        Ok(place.insert(Self::connect(&self.config, &self.base)?).clone())
    }

    /// Where a path with its query is. To read the whole address anew was a fifteenth of what a small call computes.
    fn address(&self, target: &str) -> Url {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    async fn exchange(&self, request: &Prepared, authorization: HeaderValue) -> Result<RawAnswer, SendError> {
        let method = http::Method::from_bytes(request.operation.http.as_str().as_bytes()).unwrap_or_default();
        let client = self.client().map_err(|error| SendError::NotConnected(error.into()))?;
        let mut builder = client
            .request(method, self.address(&request.target))
            .header(http::header::AUTHORIZATION, authorization);
        if !request.headers.is_empty() {
            builder = builder.headers(request.headers.clone());
        }
        if let Some(body) = &request.body {
            builder = builder.header(http::header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        let mut answer = builder.send().await.map_err(not_sent)?;
        let status = answer.status();
        let announced = answer.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        if announced > self.config.max_response_size {
            return Err(SendError::TooLarge {
                status: status.as_u16(),
                limit: self.config.max_response_size,
            });
        }
        let headers = std::mem::take(answer.headers_mut());
        let body = if status == StatusCode::NO_CONTENT {
            Bytes::new()
        } else {
            self.read(&mut answer, announced, status).await?
        };
        Ok(RawAnswer { status: status.as_u16(), headers, body })
    }

    /// Reads the body up to the cap; the announced length is a hint, for it may be of the compressed body.
    async fn read(
        &self,
        answer: &mut reqwest::Response,
        announced: usize,
        status: StatusCode,
    ) -> Result<Bytes, SendError> {
        let lost = |e: reqwest::Error| SendError::Lost(e.without_url().into());
        let Some(first) = answer.chunk().await.map_err(lost)? else { return Ok(Bytes::new()) };
        let Some(second) = answer.chunk().await.map_err(lost)? else {
            return if first.len() > self.config.max_response_size {
                Err(SendError::TooLarge { status: status.as_u16(), limit: self.config.max_response_size })
            } else {
                Ok(first)
            };
        };
        let mut body = Vec::with_capacity(announced.max(first.len() + second.len()));
        body.extend_from_slice(&first);
        body.extend_from_slice(&second);
        loop {
            if body.len() > self.config.max_response_size {
                return Err(SendError::TooLarge {
                    status: status.as_u16(),
                    limit: self.config.max_response_size,
                });
            }
            match answer.chunk().await.map_err(lost)? {
                Some(chunk) => body.extend_from_slice(&chunk),
                None => return Ok(body.into()),
            }
        }
    }
}

fn not_sent(error: reqwest::Error) -> SendError {
    let (connecting, unprocessed) = (error.is_connect() || error.is_builder(), unprocessed(&error));
    // The address may carry what a caller put into a query; errors do not repeat it.
    let error = error.without_url();
    match (connecting, unprocessed) {
        (true, _) => SendError::NotConnected(error.into()),
        (_, true) => SendError::Unprocessed(error.into()),
        _ => SendError::Lost(error.into()),
    }
}

/// Whether an HTTP/2 server says that it has not looked at the request: it refused the stream, or went away in order before it.
#[cfg(feature = "http2")]
fn unprocessed(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            return error.is_remote()
                && (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM)
                    || error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR));
        }
        cause = error.source();
    }
    false
}

#[cfg(not(feature = "http2"))]
fn unprocessed(_: &reqwest::Error) -> bool {
    false
}

impl Transport for Http {
    fn send<'a>(&'a self, request: &'a Prepared, authorization: HeaderValue) -> Answering<'a> {
        Box::pin(self.exchange(request, authorization))
    }

    fn reset(&self) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_base_with_path_and_query_and_leads_nowhere_else() {
        for base in [
            "https://api.example.com",
            "http://127.0.0.1:8080/",
            "https://[::1]/a%20b/",
            "http://localhost//x",
        ] {
            let http = Http {
                client: RwLock::default(),
                base: Url::parse(base).unwrap(),
                config: crate::Client::builder(),
            };
            for target in ["/v1/me", "/v1/tags/a%2Fb%3F?filter=a%26b&filter=%23", "/v1/x?", "/v1/%25?q=a?b"] {
                let whole = format!("{}{target}", base.trim_end_matches('/'));
                assert_eq!(http.address(target), Url::parse(&whole).unwrap());
            }
        }
    }
}
