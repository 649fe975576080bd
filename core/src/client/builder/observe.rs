//! Settings for observability: the observer, and headers for each attempt.

use super::Builder;
use crate::observer::{Attempt, Observer};
use crate::transport::attempt_headers::AttemptHeaders;
use crate::transport::extra_headers::ExtraHeaders;
use std::pin::Pin;
use std::sync::Arc;

impl Builder {
    /// Sets an observer of attempts, waits, responses and ends of calls.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Adds headers to each attempt, which a function makes when the attempt is about to be sent: the context of a trace, such as
    /// `traceparent`, or a signature.
    ///
    /// The function runs on the path of the call, inside the `tracing` span of the attempt, and must return quickly. Headers of the
    /// call with the same names take precedence. The rules of [`header`](Self::header) apply: if one is refused, the call fails with
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest), and values are masked in errors and logs.
    ///
    /// ```
    /// use configcat_management::{Client, ExtraHeaders};
    ///
    /// let client = Client::builder()
    ///     .credentials("user", "password")
    ///     .attempt_headers(|attempt| {
    ///         ExtraHeaders::from_iter([("X-Attempt", format!("{}-{}", attempt.call, attempt.attempt))])
    ///     })
    ///     .build()?;
    /// # Ok::<(), configcat_management::Error>(())
    /// ```
    pub fn attempt_headers(
        mut self,
        headers: impl Fn(&Attempt<'_>) -> ExtraHeaders + Send + Sync + 'static,
    ) -> Self {
        self.attempt_headers = Some(AttemptHeaders::new(headers));
        self
    }

    /// Adds headers to each attempt as [`attempt_headers`](Self::attempt_headers) does, for which the attempt waits. For bindings whose
    /// functions cannot run inside the call.
    #[doc(hidden)]
    pub fn attempt_headers_later(
        mut self,
        headers: impl Fn(&Attempt<'_>) -> Option<Pin<Box<dyn Future<Output = ExtraHeaders> + Send>>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.attempt_headers = Some(AttemptHeaders::later(headers));
        self
    }
}
