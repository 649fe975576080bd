//! Sends one request over HTTP and reads its response.

use super::connect::own_headers;
use super::deadline::seconds;
use super::http_options::HttpOptions;
use super::message::{PreparedRequest, RawResponse, SendError, Sending, Transport};
use super::pools::Pools;
use crate::error::Result;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use std::error::Error as _;
use tokio::task::coop::consume_budget;
use url::Url;

/// Number of bytes of the body of an unsuccessful response that errors use. One more tells that there are more.
const UNSUCCESSFUL: usize = 64 << 10;

/// HTTP by reqwest.
#[derive(Debug)]
pub(crate) struct Http {
    pools: Pools,
    options: HttpOptions,
    /// Headers of every request, if the HTTP client does not add them itself.
    headers: HeaderMap,
}

impl Http {
    pub(crate) fn new(options: HttpOptions) -> Result<Self> {
        // reqwest uses the crypto provider of the process. One that the application has installed is kept.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let headers = own_headers(&options)?;
        Ok(Self { pools: Pools::new(&options)?, options, headers })
    }

    /// Returns the URL of a path with its query. Parsing the whole URL again took a fifteenth of the time of a small call.
    fn url(&self, target: &str) -> Url {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let mut url = self.options.base_url.clone();
        url.set_path(&format!("{}{path}", self.options.base_url.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    async fn exchange(
        &self,
        request: &PreparedRequest,
        authorization: HeaderValue,
    ) -> Result<RawResponse, SendError> {
        let method =
            http::Method::from_bytes(request.endpoint.http().as_str().as_bytes()).unwrap_or_default();
        let client =
            self.pools.client(&self.options).map_err(|error| SendError::NotConnected(error.into()))?;
        let mut builder = client
            .request(method, self.url(&request.target))
            .header(http::header::AUTHORIZATION, authorization);
        if !self.headers.is_empty() {
            builder = builder.headers(self.headers.clone());
        }
        if !request.headers.is_empty() {
            builder = builder.headers(request.headers.clone());
        }
        if let Some(body) = &request.body {
            builder = builder.header(http::header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        let mut response = builder.send().await.map_err(|error| self.not_sent(error))?;
        let status = response.status();
        let body = if status == StatusCode::NO_CONTENT {
            Bytes::new()
        } else if status.is_success() {
            self.read(&mut response).await?
        } else {
            read_start(&mut response).await?
        };
        let headers = std::mem::take(response.headers_mut());
        Ok(RawResponse { status: status.as_u16(), headers, body })
    }

    fn not_sent(&self, error: reqwest::Error) -> SendError {
        // The query may contain the caller's data, which errors must not repeat.
        let error = error.without_url();
        if unprocessed(&error) {
            return SendError::Unprocessed(error.into());
        }
        if !error.is_connect() && !error.is_builder() {
            return SendError::Lost(error.into());
        }
        // A client of the application has a limit of its own.
        let limit = Some(self.options.connect_timeout).filter(|_| self.options.client.is_none());
        SendError::NotConnected(match limit.filter(|_| error.is_timeout()) {
            Some(limit) => format!("no answer within {} (connect_timeout)", seconds(limit)).into(),
            None => error.into(),
        })
    }

    /// Reads the body up to the size limit. The announced length is a hint: it may be that of the compressed body.
    async fn read(&self, response: &mut reqwest::Response) -> Result<Bytes, SendError> {
        let limit = self.options.max_response_size;
        let too_large = |response: &mut reqwest::Response| SendError::TooLarge {
            status: response.status().as_u16(),
            headers: Box::new(std::mem::take(response.headers_mut())),
            limit,
        };
        let announced = response.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        if announced > limit {
            return Err(too_large(response));
        }
        let Some(first) = response.chunk().await.map_err(lost)? else { return Ok(Bytes::new()) };
        let Some(second) = response.chunk().await.map_err(lost)? else {
            return if first.len() > limit { Err(too_large(response)) } else { Ok(first) };
        };
        let mut body = Vec::with_capacity(announced.max(first.len() + second.len()));
        body.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            let length = body.len() + chunk.len();
            if length > limit {
                return Err(too_large(response));
            }
            if length > body.capacity() {
                // By doubling, but never beyond the limit.
                let capacity = (2 * body.capacity()).clamp(length, limit.max(length));
                body.reserve_exact(capacity - body.len());
            }
            body.extend_from_slice(&chunk);
            // A compressed body may be complete already: other tasks and the deadline get their turn between its parts.
            consume_budget().await;
            next = response.chunk().await.map_err(lost)?;
        }
        Ok(body.into())
    }
}

/// Reads the start of the body of an unsuccessful response. The rest is not needed.
async fn read_start(response: &mut reqwest::Response) -> Result<Bytes, SendError> {
    let mut body = Vec::new();
    while body.len() <= UNSUCCESSFUL {
        let Some(chunk) = response.chunk().await.map_err(lost)? else { break };
        body.extend_from_slice(&chunk);
        consume_budget().await;
    }
    body.truncate(UNSUCCESSFUL + 1);
    Ok(body.into())
}

fn lost(error: reqwest::Error) -> SendError {
    SendError::Lost(error.without_url().into())
}

/// Whether an HTTP/2 server reports that it did not process the request: it refused the stream, or sent a GOAWAY without error.
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
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a> {
        Box::pin(self.exchange(request, authorization))
    }

    fn reset(&self) {
        self.pools.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::http_options::tests::options;

    #[test]
    fn target_is_appended_to_the_base_url() {
        for base in [
            "https://api.example.com",
            "http://127.0.0.1:8080/",
            "https://[::1]/a%20b/",
            "http://localhost//x",
        ] {
            let http = Http { pools: Pools::default(), options: options(base), headers: HeaderMap::new() };
            for target in ["/v1/me", "/v1/tags/a%2Fb%3F?filter=a%26b&filter=%23", "/v1/x?", "/v1/%25?q=a?b"] {
                let whole = format!("{}{target}", base.trim_end_matches('/'));
                assert_eq!(http.url(target), Url::parse(&whole).unwrap());
            }
        }
    }
}
