//! A call that is being prepared, and its answer.

use crate::client::Client;
use crate::describe::{Http, Location, Operation as Description, Type};
use crate::error::{Error, Result};
use crate::transport::pipeline::{Completed, Limits, Prepared};
use crate::transport::rate_limit::RateLimit;
use crate::validate::{self, Enums, Violation};
use bytes::Bytes;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::{self, Display};
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

/// Everything but the characters that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The query parameter that chooses a page.
const PAGE: &str = "pageNumber";

/// How a client is called; sealed.
pub trait Mode: private::Sealed + fmt::Debug {}

/// Calls are awaited.
#[derive(Debug, Clone, Copy)]
pub struct Async;

/// Calls block the thread.
#[derive(Debug, Clone, Copy)]
pub struct Blocking;

impl Mode for Async {}
impl Mode for Blocking {}

mod private {
    pub trait Sealed {}
    impl Sealed for super::Async {}
    impl Sealed for super::Blocking {}
}

/// A type that stands for an operation.
pub trait Operation {
    /// What the operation answers with.
    type Output: DeserializeOwned + Send + 'static;
    /// Its description.
    const DESCRIPTION: &'static Description;
}

/// A call that is ready to go: set its options, then await it (or `send()` it on a blocking client).
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct Request<O, M = Async> {
    client: Client,
    prepared: Result<Draft>,
    limits: Limits,
    marker: PhantomData<fn() -> (O, M)>,
}

/// The parts of a request that were given so far.
#[derive(Clone)]
struct Draft {
    operation: &'static Description,
    path: Vec<String>,
    query: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    violations: Vec<Violation>,
}

impl<O, M> fmt::Debug for Request<O, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Request");
        if let Ok(draft) = &self.prepared {
            out.field("operation", &draft.operation.id).field("path", &draft.path);
        }
        out.finish_non_exhaustive()
    }
}

impl<O: Operation, M> Request<O, M> {
    pub(crate) fn new(client: &Client) -> Self {
        let prepared = Ok(Draft::new(O::DESCRIPTION));
        Self { client: client.clone(), prepared, limits: Limits::default(), marker: PhantomData }
    }

    fn change(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        if let Ok(draft) = &mut self.prepared {
            change(draft);
        }
        self
    }

    /// Gives the next parameter of the path.
    pub(crate) fn path<T: Display>(self, value: impl Into<T>) -> Self {
        let value: T = value.into();
        self.change(|draft| draft.path(value.to_string()))
    }

    /// Gives a parameter of the query.
    pub(crate) fn query<T: Display>(self, name: &'static str, value: impl Into<T>) -> Self {
        let value: T = value.into();
        self.change(|draft| draft.query(name, &value.to_string()))
    }

    /// Gives a parameter of the query that may be there many times.
    pub(crate) fn query_list<T: Display>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<T>>,
    ) -> Self {
        let values: Vec<String> = values.into_iter().map(|v| Into::<T>::into(v).to_string()).collect();
        self.change(|draft| values.iter().for_each(|value| draft.query(name, value)))
    }

    /// Gives a header.
    pub(crate) fn header<T: Display>(self, name: &'static str, value: impl Into<T>) -> Self {
        let value: T = value.into();
        self.change(|draft| draft.header(name, &value.to_string()))
    }

    /// Gives the body.
    pub(crate) fn body<T: Serialize>(self, body: impl Into<T>) -> Self {
        let body: T = body.into();
        match serde_json::to_vec(&body) {
            Ok(json) => self
                .change(|draft| draft.body(json, |json, ty| validate::check_written(json, ty, Enums::Open))),
            Err(error) => self.refuse(&error),
        }
    }

    /// Gives the body, if there is one.
    pub(crate) fn optional_body<T: Serialize>(self, body: impl Into<Option<T>>) -> Self {
        let body: Option<T> = body.into();
        match body {
            Some(body) => self.body::<T>(body),
            None => self,
        }
    }

    /// The page that the query asks for.
    pub(crate) fn page(&self) -> Option<i32> {
        let query = &self.prepared.as_ref().ok()?.query;
        query
            .trim_start_matches('?')
            .split('&')
            .find_map(|p| p.strip_prefix(PAGE)?.strip_prefix('=')?.parse().ok())
    }

    /// The same request for another page.
    pub(crate) fn at_page(&self, page: i32) -> Self {
        self.clone().change(|draft| {
            let kept: Vec<&str> = draft
                .query
                .trim_start_matches('?')
                .split('&')
                .filter(|p| !p.is_empty() && p.split('=').next() != Some(PAGE))
                .collect();
            let mut query = format!("?{}", kept.join("&"));
            if query.len() > 1 {
                query.push('&');
            }
            draft.query = format!("{query}{PAGE}={page}");
        })
    }

    fn refuse(mut self, error: &serde_json::Error) -> Self {
        self.prepared = Err(Error::invalid(&[Violation { path: String::new(), message: error.to_string() }]));
        self
    }

    /// Bounds the whole call, with its waits and retries. Default: that of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = Some(timeout);
        self
    }

    /// Bounds how often the request is sent, from 1. Default: that of the client.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.limits.max_attempts = Some(attempts.max(1));
        self
    }

    /// Asks for the answer with its status, headers and history instead of the bare value.
    pub fn with_response(self) -> WithResponse<O, M> {
        WithResponse(self)
    }

    async fn complete(self) -> Result<(Completed, O::Output)> {
        let prepared = self.prepared.and_then(Draft::finish).map_err(|e| e.with_operation(O::DESCRIPTION))?;
        let completed = self.client.pipeline().run(prepared, self.limits).await?;
        let value = completed.decode()?;
        Ok((completed, value))
    }
}

impl<O: Operation, M> Clone for Request<O, M> {
    fn clone(&self) -> Self {
        let prepared = match &self.prepared {
            Ok(draft) => Ok(draft.clone()),
            Err(error) => Err(Error::new(error.kind(), error.message())),
        };
        Self { client: self.client.clone(), prepared, limits: self.limits, marker: PhantomData }
    }
}

impl Draft {
    fn new(operation: &'static Description) -> Self {
        Self {
            operation,
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            violations: Vec::new(),
        }
    }

    fn path(&mut self, text: String) {
        if let Some(parameter) = self.operation.path_parameters().nth(self.path.len()) {
            if text.is_empty() || text == "." || text == ".." {
                // An empty or dotted segment would name another route.
                let message = format!("must not be {text:?}");
                self.violations.push(Violation { path: parameter.wire.to_owned(), message });
            }
            self.violations.extend(validate::check_text(parameter.wire, &text, &parameter.ty, Enums::Open));
        }
        self.path.push(text);
    }

    fn query(&mut self, name: &'static str, text: &str) {
        let parameter =
            self.operation.parameters.iter().find(|p| p.wire == name && p.location == Location::Query);
        if let Some(parameter) = parameter {
            self.violations.extend(validate::check_text(name, text, &parameter.ty, Enums::Open));
        }
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        self.query.push_str(name);
        self.query.push('=');
        self.query.extend(utf8_percent_encode(text, ENCODED));
    }

    fn header(&mut self, name: &'static str, text: &str) {
        let parsed = (http::HeaderName::try_from(name), http::HeaderValue::try_from(text));
        if let (Ok(name), Ok(mut value)) = parsed {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        } else {
            let message = "has characters that a header cannot carry".to_owned();
            self.violations.push(Violation { path: name.to_owned(), message });
        }
    }

    fn body(&mut self, json: Vec<u8>, check: impl FnOnce(&[u8], &Type) -> Vec<Violation>) {
        if let Some(ty) = &self.operation.body {
            self.violations.extend(check(&json, ty));
        }
        self.body = Some(Bytes::from(json));
    }

    fn finish(self) -> Result<Prepared> {
        if !self.violations.is_empty() {
            return Err(Error::invalid(&self.violations));
        }
        let mut values = self.path.iter();
        let mut target = String::new();
        for segment in self.operation.path.split('/').skip(1) {
            target.push('/');
            if segment.starts_with('{') {
                let value = values.next().map(String::as_str).unwrap_or_default();
                target.extend(utf8_percent_encode(value, ENCODED));
            } else {
                target.push_str(segment);
            }
        }
        target.push_str(&self.query);
        Ok(Prepared { operation: self.operation, target, headers: self.headers, body: self.body })
    }
}

/// The parts of a request, given by name instead of by type: for dynamic callers.
pub(crate) struct ByName<'a> {
    pub(crate) operation: &'static Description,
    pub(crate) parameters: &'a [(&'static str, String)],
    pub(crate) body: Option<&'a Value>,
}

impl ByName<'_> {
    pub(crate) fn prepare(&self) -> Result<Prepared> {
        let mut draft = Draft::new(self.operation);
        for parameter in self.operation.parameters {
            let given =
                self.parameters.iter().filter(|(name, _)| *name == parameter.wire).map(|(_, text)| text);
            match parameter.location {
                Location::Path => {
                    let text = given.into_iter().next().ok_or_else(|| {
                        Error::invalid(&[Violation {
                            path: parameter.wire.into(),
                            message: "is required".into(),
                        }])
                    })?;
                    draft.path(text.clone());
                }
                Location::Query => given.for_each(|text| draft.query(parameter.wire, text)),
                Location::Header => given.for_each(|text| draft.header(parameter.wire, text)),
            }
        }
        match self.body {
            Some(body) => {
                let json = body.to_string().into_bytes();
                draft.body(json, |_, ty| validate::check(body, ty, Enums::Open));
            }
            None if self.operation.body_required => {
                draft
                    .violations
                    .push(Violation { path: String::new(), message: "a body is required".into() });
            }
            None => {}
        }
        draft.finish()
    }
}

/// A future of a call.
pub type Call<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

impl<O: Operation + 'static> IntoFuture for Request<O, Async> {
    type Output = Result<O::Output>;
    type IntoFuture = Call<O::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.complete().await?.1) })
    }
}

impl<O: Operation + 'static> Request<O, Blocking> {
    /// Sends the request and waits for its answer.
    ///
    /// # Errors
    /// Whatever keeps the call from succeeding; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<O::Output> {
        crate::blocking::wait(async { Ok(self.complete().await?.1) })
    }
}

/// A call that gives the answer with its status, headers and history.
#[must_use = "a request does nothing until it is awaited or sent"]
#[derive(Debug)]
pub struct WithResponse<O, M = Async>(Request<O, M>);

impl<O: Operation + 'static> IntoFuture for WithResponse<O, Async> {
    type Output = Result<Response<O::Output>>;
    type IntoFuture = Call<Response<O::Output>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.0.complete().await.map(Response::new) })
    }
}

impl<O: Operation + 'static> WithResponse<O, Blocking> {
    /// Sends the request and waits for its answer.
    ///
    /// # Errors
    /// Whatever keeps the call from succeeding; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<Response<O::Output>> {
        crate::blocking::wait(async { self.0.complete().await.map(Response::new) })
    }
}

/// An answer with everything around it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// What the client knew of the rate limit when the answer was in.
    pub rate_limit: RateLimit,
    /// How often the request was sent.
    pub attempts: u32,
    /// How long the whole call took, with waits and retries.
    pub elapsed: Duration,
    /// How much of that was spent waiting for the rate limit.
    pub waited: Duration,
    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    pub already_deleted: bool,
}

impl<T> Response<T> {
    fn new((completed, value): (Completed, T)) -> Self {
        Self {
            value,
            status: completed.status,
            headers: completed.headers,
            rate_limit: completed.rate_limit,
            attempts: completed.attempts,
            elapsed: completed.elapsed,
            waited: completed.waited,
            already_deleted: completed.already_deleted,
        }
    }
}

/// Whether the method says that a request may be sent twice.
pub(crate) fn repeatable(operation: &Description) -> bool {
    operation.idempotent && !matches!(operation.http, Http::Post | Http::Patch)
}

/// Defines the handle of a resource.
macro_rules! resource {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name<M: Mode = Async> {
            client: crate::Client,
            mode: std::marker::PhantomData<M>,
        }

        impl<M: Mode> $name<M> {
            pub(crate) fn new(client: &crate::Client) -> Self {
                Self { client: client.clone(), mode: std::marker::PhantomData }
            }
        }
    };
}

/// Defines the type that stands for an operation.
macro_rules! operation {
    ($(#[$meta:meta])* $name:ident => $output:ty, $description:path) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl crate::request::Operation for $name {
            type Output = $output;
            const DESCRIPTION: &'static crate::describe::Operation = &$description;
        }
    };
}

pub(crate) use {operation, resource};
