//! The secrets of a call, which nothing that leaves the call may contain.

use super::auth::Credentials;
use crate::error::Error;
use crate::redaction::Redactor;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;

/// Credentials of a call and of its proxy.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    /// `None` until the provider has been asked.
    pub(crate) credentials: Option<Credentials>,
    pub(crate) proxy: Arc<Redactor>,
}

impl Secrets {
    fn redactors(&self) -> impl Iterator<Item = &Redactor> {
        self.credentials.iter().map(Credentials::redactor).chain([&*self.proxy])
    }

    /// Redacts an error.
    pub(crate) fn redact(&self, error: Error) -> Error {
        self.redactors().fold(error, Error::redacted)
    }

    /// Redacts a string.
    pub(crate) fn text(&self, text: &str, limit: usize) -> String {
        self.redactors().fold(text.to_owned(), |text, redactor| redactor.text(&text, limit))
    }

    /// Masks credentials in headers.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            for redactor in self.redactors() {
                let shown = match redactor.bytes(value.as_bytes()) {
                    std::borrow::Cow::Owned(shown) => HeaderValue::from_bytes(&shown),
                    std::borrow::Cow::Borrowed(_) => continue,
                };
                *value = shown.unwrap_or(HeaderValue::from_static("***"));
            }
        }
    }
}
