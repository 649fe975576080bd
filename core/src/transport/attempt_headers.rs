//! Headers that the application makes for each attempt, such as the context of a trace.

use super::extra_headers::ExtraHeaders;
use super::message::PreparedRequest;
use crate::observer::Attempt;
use crate::redaction::Redactor;
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;

/// Makes the headers of an attempt.
type Make = dyn Fn(&Attempt<'_>) -> ExtraHeaders + Send + Sync;

#[derive(Clone)]
pub(crate) struct AttemptHeaders(Arc<Make>);

impl fmt::Debug for AttemptHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptHeaders")
    }
}

impl AttemptHeaders {
    pub(crate) fn new(make: impl Fn(&Attempt<'_>) -> ExtraHeaders + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }

    /// Returns the request with the headers of an attempt, or `None` if there are none. Headers that the request has already take
    /// precedence. `hidden` masks the values.
    ///
    /// # Errors
    /// What is wrong with a header, with its name and without its value.
    pub(super) fn add_to(
        &self,
        request: &PreparedRequest,
        attempt: &Attempt<'_>,
        hidden: &mut Redactor,
    ) -> Result<Option<PreparedRequest>, String> {
        let extra = (self.0)(attempt);
        if extra.is_empty() {
            return Ok(None);
        }
        let mut headers = HeaderMap::new();
        extra.add_to(&mut headers)?;
        extra.hide_from(hidden);
        headers.extend(request.headers.clone());
        Ok(Some(PreparedRequest { headers, ..request.clone() }))
    }
}
