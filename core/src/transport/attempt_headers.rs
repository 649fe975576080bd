//! Headers that the application makes for each attempt, such as the context of a trace.

use super::extra_headers::ExtraHeaders;
use super::message::PreparedRequest;
use crate::observer::Attempt;
use crate::redaction::Redactor;
use http::HeaderMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// Headers of an attempt that are not there yet.
pub(crate) type LaterHeaders = Pin<Box<dyn Future<Output = ExtraHeaders> + Send>>;

/// Headers of an attempt.
pub(super) enum Made {
    Now(ExtraHeaders),
    Later(LaterHeaders),
}

/// Makes the headers of an attempt.
type Make = dyn Fn(&Attempt<'_>) -> Made + Send + Sync;

#[derive(Clone)]
pub(crate) struct AttemptHeaders(Arc<Make>);

impl fmt::Debug for AttemptHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptHeaders")
    }
}

impl AttemptHeaders {
    pub(crate) fn new(make: impl Fn(&Attempt<'_>) -> ExtraHeaders + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |attempt| Made::Now(make(attempt))))
    }

    /// Headers that the attempt waits for; `None` if it has none.
    pub(crate) fn later(make: impl Fn(&Attempt<'_>) -> Option<LaterHeaders> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |attempt| {
            make(attempt).map_or_else(|| Made::Now(ExtraHeaders::new()), Made::Later)
        }))
    }

    pub(super) fn make(&self, attempt: &Attempt<'_>) -> Made {
        (self.0)(attempt)
    }
}

/// Returns the request with the headers of an attempt. Headers that the request has already take precedence. `hidden` masks the
/// values.
///
/// # Errors
/// What is wrong with a header, with its name and without its value.
pub(super) fn add_to(
    request: &PreparedRequest,
    extra: &ExtraHeaders,
    hidden: &mut Redactor,
) -> Result<PreparedRequest, String> {
    let mut headers = HeaderMap::new();
    extra.add_to(&mut headers)?;
    extra.hide_from(hidden);
    headers.extend(request.headers.clone());
    Ok(PreparedRequest { headers, ..request.clone() })
}
