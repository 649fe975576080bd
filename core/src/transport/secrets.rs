//! The secrets of a call, which nothing that leaves the call may contain.

use super::auth::Credentials;
use crate::error::Error;
use crate::redaction::{Redactor, masked, shown};
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;

/// Maximum length of a header, in bytes. Longer ones are masked as a whole.
const LONGEST_HEADER: usize = 8 << 10;

/// Credentials of a call and of its proxy, and values of extra headers.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    /// `None` until the provider has been asked.
    pub(crate) credentials: Option<Credentials>,
    /// Those of the client's configuration: credentials of the proxy, values of extra headers.
    pub(crate) configured: Arc<Redactor>,
    /// Values of the extra headers of the call.
    pub(crate) extra: Option<Arc<Redactor>>,
}

impl Secrets {
    fn redactors(&self) -> Vec<&Redactor> {
        let mut redactors = Vec::with_capacity(3);
        redactors.extend(self.credentials.as_ref().map(Credentials::redactor));
        redactors.push(&*self.configured);
        redactors.extend(self.extra.as_deref());
        redactors
    }

    /// Redacts an error.
    pub(crate) fn redact(&self, mut error: Error) -> Error {
        self.redact_headers(error.headers_mut());
        error.redacted(&self.redactors())
    }

    /// Redacts a string.
    pub(crate) fn text(&self, text: &str, limit: usize) -> String {
        shown(&self.redactors(), text, limit)
    }

    /// Masks credentials in the values of headers, and drops headers whose names contain them.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        let redactors = self.redactors();
        let named: Vec<_> =
            headers.keys().filter(|name| is_tainted(&redactors, name.as_str().as_bytes())).cloned().collect();
        for name in named {
            headers.remove(name);
        }
        for value in headers.values_mut() {
            if value.len() > LONGEST_HEADER {
                *value = HeaderValue::from_static("***");
            } else if is_tainted(&redactors, value.as_bytes()) {
                let shown = HeaderValue::from_bytes(&masked(&redactors, value.as_bytes()));
                *value = shown.unwrap_or(HeaderValue::from_static("***"));
            }
        }
    }
}

fn is_tainted(redactors: &[&Redactor], text: &[u8]) -> bool {
    redactors.iter().any(|redactor| matches!(redactor.bytes(text), std::borrow::Cow::Owned(_)))
}
