//! The order in which a request is looked at: route, credentials, budget, body, rules.

use super::auth::{Credential, authenticate};
use super::call::{Answered, Call};
use super::limiter::{Limiter, Verdict};
use super::routes::Routes;
use crate::generated::dispatch;
use crate::problem::{Body as ProblemBody, Problem};
use crate::state::State;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use configcat_management::Timestamp;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::percent_decode_str;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");
const SDK_KEY: &str = "x-configcat-sdkkey";

/// What all requests share.
#[derive(Debug)]
pub struct Service {
    pub routes: Routes,
    pub credentials: Vec<Credential>,
    pub limiter: Option<Mutex<Limiter>>,
    pub state: Mutex<State>,
    pub max_body: usize,
}

/// A handler never leaves the state half-changed, so a lock that was poisoned is still good.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Service {
    /// Answers a request.
    pub async fn handle(self: Arc<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let Some((entry, path)) = self.routes.find(parts.uri.path()) else {
            return refusal(Problem::not_found());
        };
        let Some(operation) = entry.find(&parts.method) else {
            let mut response = refusal(Problem::method_not_allowed());
            set(response.headers_mut(), ALLOW, &entry.allow());
            return response;
        };
        let Some(who) = authenticate(&parts.headers, &self.credentials) else {
            let mut response = refusal(Problem::unauthorized());
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"ConfigCat\""));
            return response;
        };
        let verdict = self.limiter.as_ref().map(|limiter| lock(limiter).count(who, SystemTime::now()));
        if let Some(verdict) = verdict.as_ref().filter(|v| !v.allowed) {
            let mut response =
                refusal(Problem::text(429, "The quota of requests is used up, come back later."));
            set(response.headers_mut(), RETRY_AFTER, &verdict.retry_after.to_string());
            report(response.headers_mut(), verdict);
            return response;
        }
        let body = match self.read(&parts.headers, body, operation.body.is_some()).await {
            Ok(body) => body,
            Err(problem) => return with_budget(refusal(problem), verdict.as_ref()),
        };
        let call = Call {
            operation,
            path,
            query: query(parts.uri.query().unwrap_or_default()),
            sdk_key: parts.headers.get(SDK_KEY).and_then(|v| v.to_str().ok()),
            body,
            now: Timestamp::now(),
        };
        let result = call.check().and_then(|()| dispatch(&mut *lock(&self.state), &call));
        let response = match result {
            Ok(answered) => success(answered),
            Err(problem) => refusal(problem),
        };
        with_budget(response, verdict.as_ref())
    }

    /// The body as JSON, if the operation takes one.
    async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        wanted: bool,
    ) -> Result<Option<serde_json::Value>, Problem> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > self.max_body) {
            return Err(Problem::text(413, "The body is too large."));
        }
        let bytes: Bytes = axum::body::to_bytes(body, self.max_body)
            .await
            .map_err(|_| Problem::text(413, "The body is too large, or it broke off."))?;
        if !wanted || bytes.is_empty() {
            return Ok(None);
        }
        if !is_json(headers) {
            return Err(Problem::text(415, "The body must be application/json."));
        }
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| Problem::field("$", format!("The body is not valid JSON: {e}.")))
    }
}

/// `application/json`, `text/json` or `application/*+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let media = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json"
        || media == "text/json"
        || (media.starts_with("application/") && media.ends_with("+json"))
}

fn query(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn report(headers: &mut HeaderMap, verdict: &Verdict) {
    set(headers, REMAINING, &verdict.remaining.to_string());
    set(headers, RESET, &verdict.reset);
}

fn with_budget(mut response: Response, verdict: Option<&Verdict>) -> Response {
    if let Some(verdict) = verdict {
        report(response.headers_mut(), verdict);
    }
    response
}

fn respond(status: u16, body: Option<(HeaderValue, Vec<u8>)>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    if let Some((media, bytes)) = body {
        response.headers_mut().insert(CONTENT_TYPE, media);
        *response.body_mut() = Body::from(bytes);
    }
    response
}

fn success(answered: Answered) -> Response {
    respond(answered.status, answered.body.map(|bytes| (JSON, bytes)))
}

fn refusal(problem: Problem) -> Response {
    let body = match problem.body {
        ProblemBody::Empty => None,
        ProblemBody::Text(text) => Some((TEXT, text.into_bytes())),
        ProblemBody::Fields(fields) => Some((JSON, serde_json::to_vec(&fields).unwrap_or_default())),
    };
    respond(problem.status, body)
}
