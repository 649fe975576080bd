//! Processes requests, in this order: route, fault, credentials, rate limit, body, rights, rules.

use super::auth::authenticate;
use super::body::{BodyReader, ReceivedBody, parse};
use super::connection::ConnectionHandle;
use super::observer::{RequestObserver, ServedRequest};
use super::origin::ServerNames;
use super::query::query;
use super::respond::HttpResponse;
use super::routes::{Entry, Routes};
use super::{hal, pages};
use crate::admin::Guard;
use crate::backend::{Backend, lock};
use crate::call::{Call, HandlerResponse};
use crate::generated::dispatch;
use crate::problem::Problem;
use crate::rate_limit::{RateLimit, Verdict};
use crate::testing::faults::Seen;
use crate::testing::journal;
use crate::{admin, config_json, proxy_config};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use configcat_management::Timestamp;
use configcat_management::models::UserId;
use configcat_management::spec::{Http, Operation};
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Maximum size of a request body, in bytes. Larger ones are rejected with 413; the largest real ones are far smaller.
const MAX_BODY: usize = 32 << 20;
const SDK_KEY: &str = "x-configcat-sdkkey";

/// Serves requests from a backend.
#[derive(Debug)]
pub struct Router {
    pub backend: Arc<Backend>,
    pub routes: Routes,
    /// Checks requests to the admin path, if it is served.
    pub admin: Option<Guard>,
    pub names: ServerNames,
    pub bodies: BodyReader,
    pub observer: Option<RequestObserver>,
}

/// What is known about a request before and after its execution, for the journal.
#[derive(Default)]
struct Notes {
    operation: Option<&'static Operation>,
    credential: Option<String>,
    body: Option<ReceivedBody>,
    order: Option<u64>,
    fault: Option<String>,
    is_lost: bool,
}

/// An authenticated caller.
struct Caller {
    username: String,
    user: UserId,
    rate_limit: Option<RateLimit>,
}

impl Router {
    /// Handles a request and returns the response.
    pub async fn handle(self: Arc<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        if let Some(guard) = &self.admin
            && let Some(rest) = path.strip_prefix(admin::PREFIX)
        {
            return match guard.refuse(&parts, rest, &body) {
                Some(refused) => refused.into(),
                None => admin::respond(&self.backend, &self.bodies, &parts, rest, body).await,
            };
        }
        if let Some(response) = pages::response(&parts, self.names.scheme(), self.admin.is_some()) {
            return response.into();
        }
        let started = Instant::now();
        let (caller, at) = self.caller(&parts.headers);
        let mut notes = Notes::default();
        let response = self.response(&parts, body, caller, at, &mut notes).await;
        let taken = started.elapsed();
        if let Some(RequestObserver(observe)) = &self.observer {
            let method = parts.method.as_str();
            observe(&ServedRequest { method, path: parts.uri.path(), status: response.status, taken });
        }
        self.record(parts, notes, &response, at, taken);
        response.into()
    }

    async fn response(
        &self,
        parts: &Parts,
        body: Body,
        caller: Option<Caller>,
        at: Timestamp,
        notes: &mut Notes,
    ) -> HttpResponse {
        let path = parts.uri.path();
        let found = self.routes.find(path);
        notes.operation = found.as_ref().and_then(|(entry, _)| entry.find(&parts.method));
        notes.credential = caller.as_ref().map(|caller| caller.username.clone());
        // A browser may know the credentials, and pages know the default ones.
        if found.is_some() && self.names.are_called_by_foreign_page(parts) {
            return Problem::forbidden("The API is closed to web pages of other origins.").into();
        }
        let seen = Seen {
            operation: notes.operation,
            method: parts.method.as_str(),
            path,
            credential: notes.credential.as_deref(),
        };
        let fault = lock(&self.backend.faults).strike(&seen);
        let Some(fault) = fault else {
            return self.carry_out(parts, body, found, caller, at, notes).await;
        };
        notes.fault.clone_from(&fault.id);
        notes.is_lost = fault.reset.is_some() || fault.cut_body_at.is_some() || fault.bad_json;
        if let Some(millis) = fault.delay_ms {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        let response = if fault.comes_before() {
            // A client that is still sending may miss the response, so its request is read first.
            notes.body = self.bodies.read(&parts.headers, body, MAX_BODY).await.ok();
            fault.spoil(None)
        } else {
            fault.spoil(Some(self.carry_out(parts, body, found, caller, at, notes).await))
        };
        if fault.reset.is_some()
            && let Some(ConnectInfo(handle)) = parts.extensions.get::<ConnectInfo<ConnectionHandle>>()
        {
            handle.reset();
        }
        response
    }

    // Assumed: another method on the path of an operation is refused with 405.
    // Assumed: the rate limit is checked after the credentials and before the body.
    async fn carry_out(
        &self,
        parts: &Parts,
        body: Body,
        found: Option<(&Entry, Vec<String>)>,
        caller: Option<Caller>,
        at: Timestamp,
        notes: &mut Notes,
    ) -> HttpResponse {
        let Some((entry, path)) = found else {
            return self.respond_to_file(parts, notes).await;
        };
        let Some(operation) = notes.operation else {
            let mut response: HttpResponse = Problem::method_not_allowed().into();
            response.set(ALLOW, &entry.allow());
            return response;
        };
        let Some(caller) = caller else {
            let mut response: HttpResponse = Problem::unauthorized().into();
            response.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"ConfigCat\""));
            return response;
        };
        let verdict =
            lock(&self.backend.limiter).count(&caller.username, caller.rate_limit, SystemTime::now());
        if let Some(verdict) = verdict.as_ref().filter(|v| !v.allowed) {
            return too_many_requests(verdict);
        }
        let response = match self.body(parts, body, operation, notes).await {
            Ok(body) => {
                let call = Call {
                    operation,
                    path,
                    query: query(parts.uri.query().unwrap_or_default()),
                    sdk_key: parts.headers.get(SDK_KEY).and_then(|v| v.to_str().ok()),
                    body,
                    now: at,
                };
                self.dispatch(call, &caller, hal::wanted(&parts.headers), notes).await
            }
            Err(problem) => problem.into(),
        };
        response.report(verdict.as_ref())
    }

    /// Responds to a request for what is no operation of the API: the files of the SDKs and proxies.
    async fn respond_to_file(&self, parts: &Parts, notes: &mut Notes) -> HttpResponse {
        if let Some(response) = proxy_config::respond(&self.backend, parts, &mut notes.order).await {
            return response;
        }
        config_json::respond(&self.backend, parts).unwrap_or_else(|| Problem::not_found().into())
    }

    /// Checks a call and executes it.
    async fn dispatch(
        &self,
        mut call: Call<'_>,
        caller: &Caller,
        hal: bool,
        notes: &mut Notes,
    ) -> HttpResponse {
        call.canonicalize();
        let checked = call.check();
        let reads = call.operation.http == Http::Get;
        let transaction = self.backend.transact(Some(&caller.user), |state| {
            state.authorize(&call)?;
            checked?;
            // Not the time of arrival: the audit log is in the order of the transactions.
            call.now = state.clock.now();
            let response: HandlerResponse = dispatch(state, &call)?;
            if !reads {
                state.review_change_requests(call.now);
            }
            Ok(response)
        });
        notes.order = Some(transaction.order);
        match transaction.settled().await {
            Ok(response) if hal => hal::response(call.operation, response),
            Ok(response) => response.into(),
            Err(problem) => problem.into(),
        }
    }

    /// Returns the caller, if its credentials are valid, and the simulator's current time.
    fn caller(&self, headers: &HeaderMap) -> (Option<Caller>, Timestamp) {
        let shared = lock(&self.backend.state);
        let caller = authenticate(headers, &shared.state).map(|credential| Caller {
            username: credential.username.clone(),
            user: credential.user.clone(),
            rate_limit: credential.rate_limit,
        });
        (caller, shared.state.clock.now())
    }

    /// Returns the body as JSON, if the operation takes one.
    // Assumed: a body of another type is refused with 415; a body of an operation without one is ignored.
    async fn body(
        &self,
        parts: &Parts,
        body: Body,
        operation: &Operation,
        notes: &mut Notes,
    ) -> Result<Option<serde_json::Value>, Problem> {
        let body = self.bodies.read(&parts.headers, body, MAX_BODY).await?;
        let bytes = body.bytes.clone();
        notes.body = Some(body);
        if operation.body.is_none() || bytes.is_empty() {
            return Ok(None);
        }
        if !is_json(&parts.headers) {
            return Err(Problem::text(415, "The body must be application/json."));
        }
        parse(&bytes).map(Some)
    }

    fn record(
        &self,
        mut parts: Parts,
        notes: Notes,
        response: &HttpResponse,
        at: Timestamp,
        taken: Duration,
    ) {
        let mut journal = lock(&self.backend.journal);
        if journal.is_on() {
            parts.headers.remove(AUTHORIZATION);
            journal.add(journal::Raw {
                at,
                order: notes.order,
                credential: notes.credential,
                method: parts.method,
                uri: parts.uri,
                operation: notes.operation,
                request_headers: parts.headers,
                request_body: notes.body.map(|body| body.bytes),
                status: response.status,
                response_body: response.body.clone(),
                fault: notes.fault,
                is_lost: notes.is_lost,
                taken,
            });
            drop(journal);
            self.backend.feed.wake();
        }
    }
}

// Documented: a request beyond the rate limit is refused with 429 and `Retry-After`.
// Assumed: the body of a 429 is plain text.
fn too_many_requests(verdict: &Verdict) -> HttpResponse {
    let mut response: HttpResponse =
        Problem::text(429, "The quota of requests is used up, come back later.").into();
    response.set(RETRY_AFTER, &verdict.retry_after.to_string());
    response.report(Some(verdict))
}

/// Whether the content type is `application/json`, `text/json` or `application/*+json`.
// Documented: a body is `application/json`, `text/json` or `application/*+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let media = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json"
        || media == "text/json"
        || (media.starts_with("application/") && media.ends_with("+json"))
}
