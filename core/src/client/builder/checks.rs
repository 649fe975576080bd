//! Checks of the settings of a builder.

use super::Builder;
use crate::error::{Error, Result};
use crate::redaction::Redactor;
use crate::transport::auth::Credentials;
use crate::transport::http_options::{ProxyChoice, is_loopback};
use crate::transport::proxy::ChosenProxy;
use url::{ParseError, Url};

impl Builder {
    /// Refuses limits with which no call could succeed.
    pub(super) fn check_limits(&self) -> Result<()> {
        let limits = [
            ("timeout", self.timeout.is_zero()),
            ("attempt_timeout", self.attempt_timeout.is_zero()),
            ("connect_timeout", self.connect_timeout.is_zero()),
            ("max_attempts", self.max_attempts == 0),
            ("max_response_size", self.max_response_size == 0),
        ];
        match limits.into_iter().find(|(_, zero)| *zero) {
            Some((name, _)) => Err(Error::configuration(format!("{name} is 0; it must be greater than 0"))),
            None => Ok(()),
        }
    }

    pub(super) fn chosen_proxy(&self, base_url: &Url) -> Result<ChosenProxy> {
        if self.http_client.is_none() {
            return self.proxy.choose(base_url, |name| std::env::var(name).ok());
        }
        let excluded = [
            ("proxy", self.proxy.url.is_some()),
            ("no_proxy", self.proxy.none),
            ("root_certificate", !self.certificates.is_empty()),
            ("client_certificate", self.client_certificate.is_some()),
        ];
        match excluded.into_iter().find(|(_, present)| *present) {
            Some((name, _)) => {
                Err(Error::configuration(format!("http_client and {name} exclude each other")))
            }
            None => Ok(ChosenProxy { choice: ProxyChoice::System, redactor: Redactor::default() }),
        }
    }

    pub(super) fn checked_credentials(&self) -> Result<Credentials> {
        let missing = |what, variable| {
            Error::configuration(format!("no {what}: pass credentials, or set {variable} in the environment"))
        };
        let username = self.username.as_ref().ok_or_else(|| missing("user name", "CONFIGCAT_API_USER"))?;
        let password = self.password.as_ref().ok_or_else(|| missing("password", "CONFIGCAT_API_PASS"))?;
        Credentials::wiping(username, password)
    }

    pub(super) fn checked_base(&self) -> Result<Url> {
        let url = Url::parse(&self.base_url).map_err(|error| match error {
            ParseError::RelativeUrlWithoutBase => without_scheme(&self.base_url),
            error => Error::configuration(format!("invalid base_url: {error}")),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::configuration("base_url must not contain credentials; pass them separately"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::configuration("base_url must have neither query nor fragment"));
        }
        check_path(&url)?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.allow_http || is_loopback(&url) => Ok(url),
            "http" => Err(Error::configuration(
                "base_url is http: credentials would be sent unencrypted; use https or allow_http",
            )),
            // Such as localhost:8080.
            _ if !self.base_url.contains("://") => Err(without_scheme(&self.base_url)),
            other => Err(Error::configuration(format!("base_url must be https, not {other}"))),
        }
    }
}

/// Returns the error for a base URL without a scheme. Text with an `@` may have credentials and is not repeated.
fn without_scheme(text: &str) -> Error {
    let shown = if text.contains('@') { String::new() } else { format!(" {text:?}") };
    Error::configuration(format!("invalid base_url{shown}: it must begin with https:// or http://"))
}

/// Refuses the version of the API at the end of the base URL: every path of the API begins with it.
fn check_path(url: &Url) -> Result<()> {
    let path = url.path().trim_end_matches('/');
    let Some(before) = ["/v1", "/v2"].iter().find_map(|version| path.strip_suffix(version)) else {
        return Ok(());
    };
    let mut right = url.clone();
    right.set_path(before);
    let right = right.as_str().trim_end_matches('/');
    Err(Error::configuration(format!(
        "base_url ends in {}, with which the paths of the API begin; use {right}",
        &path[before.len()..]
    )))
}
