//! Creates HTTP clients from the options.

use super::http_options::{HttpOptions, ProxyChoice};
use super::identity;
use crate::error::{Error, Result};
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderValue};

/// Creates an HTTP client with its own connections, or returns that of the application.
pub(super) fn connect(options: &HttpOptions) -> Result<reqwest::Client> {
    if let Some(client) = &options.client {
        return Ok(client.clone());
    }
    let builder = reqwest::Client::builder()
        .default_headers(default_headers(options)?)
        .connect_timeout(options.connect_timeout)
        // Credentials are sent to the configured host only.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .tcp_nodelay(true)
        .retry(reqwest::retry::never());
    let builder = with_proxy(with_certificates(builder, options)?, options)?;
    match &options.client_certificate {
        Some(pem) => identity::build(builder, pem),
        None => {
            builder.build().map_err(|e| Error::configuration("cannot set up the HTTP client").with_source(e))
        }
    }
}

/// Returns the headers that each request must set, because the HTTP client of the application does not have them.
pub(super) fn own_headers(options: &HttpOptions) -> Result<HeaderMap> {
    if options.client.is_some() { default_headers(options) } else { Ok(HeaderMap::new()) }
}

fn default_headers(options: &HttpOptions) -> Result<HeaderMap> {
    let mut headers = options.headers.clone();
    let agent = HeaderValue::try_from(&options.user_agent)
        .map_err(|_| Error::configuration("user_agent has characters that a header cannot carry"))?;
    headers.insert(USER_AGENT, agent);
    if let Some(caller) = &options.caller_id {
        let value = HeaderValue::try_from(caller)
            .map_err(|_| Error::configuration("caller_id has characters that a header cannot carry"))?;
        headers.insert("x-caller-id", value);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(headers)
}

fn with_certificates(
    builder: reqwest::ClientBuilder,
    options: &HttpOptions,
) -> Result<reqwest::ClientBuilder> {
    if options.certificates.is_empty() {
        // Plain HTTP needs no certificates, and reading those of the system takes most of the time to build a client.
        let plain = options.is_plain_loopback();
        return Ok(if plain { builder.tls_certs_only([]) } else { builder });
    }
    let mut certificates = Vec::new();
    for pem in &options.certificates {
        let bundle = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|e| Error::configuration("root_certificate is not a PEM certificate").with_source(e))?;
        if bundle.is_empty() {
            return Err(Error::configuration("root_certificate holds no certificate"));
        }
        certificates.extend(bundle);
    }
    Ok(builder.tls_certs_merge(certificates))
}

fn with_proxy(builder: reqwest::ClientBuilder, options: &HttpOptions) -> Result<reqwest::ClientBuilder> {
    match &options.proxy {
        ProxyChoice::System => Ok(builder),
        ProxyChoice::None => Ok(builder.no_proxy()),
        ProxyChoice::Url(url) => {
            let proxy =
                reqwest::Proxy::all(url.as_str()).map_err(|_| Error::configuration("invalid proxy URL"))?;
            Ok(builder.no_proxy().proxy(proxy))
        }
    }
}
