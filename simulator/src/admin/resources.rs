//! Handlers of the admin path, one per resource.

use super::request::{AdminRequest, filters, read};
use crate::backend::{Backend, NewCredential, lock};
use crate::http::respond::{HttpResponse, JSON};
use crate::problem::Problem;
use crate::testing::faults::Fault;
use crate::testing::journal::Expectation;
use configcat_management::Timestamp;
use configcat_management::models::{InvitationId, WebhookId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Freeze {
    at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Accept {
    full_name: Option<String>,
}

/// Returns a 204 response.
pub fn done() -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::empty(204))
}

/// Handles `/journal`.
pub fn journal(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    match (request.method, request.path) {
        ("GET", [_]) => {
            let filters = filters(request.query)?;
            Ok(HttpResponse::new(200, JSON, lock(&backend.journal).find_json(&filters)))
        }
        ("DELETE", [_]) => {
            lock(&backend.journal).clear();
            backend.feed.wake();
            done()
        }
        ("GET", [_, "count"]) => {
            let count = lock(&backend.journal).count(&filters(request.query)?);
            Ok(HttpResponse::json(200, &json!({ "count": count })))
        }
        ("GET", [_, id]) => {
            let entry = id.parse().ok().and_then(|id| lock(&backend.journal).entry(id));
            Ok(HttpResponse::json(200, &entry.ok_or_else(Problem::not_found)?))
        }
        ("POST", [_, "verify"]) => {
            let expected: Expectation = read(request.body)?;
            expected.calls.check().map_err(|message| Problem::field("calls", message))?;
            match lock(&backend.journal).verify(&expected) {
                Ok(count) => Ok(HttpResponse::json(200, &json!({ "count": count }))),
                Err(message) => Err(Problem { status: 409, ..Problem::field("calls", message) }),
            }
        }
        _ => Err(Problem::not_found()),
    }
}

/// Handles `/faults`.
pub fn faults(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    match (request.method, request.path) {
        ("GET", [_]) => Ok(HttpResponse::json(200, &lock(&backend.faults).list())),
        ("POST", [_]) => {
            let fault: Fault = read(request.body)?;
            let id = lock(&backend.faults).add(fault).map_err(|message| Problem::field("fault", message))?;
            Ok(HttpResponse::json(201, &json!({ "id": id })))
        }
        ("DELETE", [_]) => {
            lock(&backend.faults).clear();
            done()
        }
        ("DELETE", [_, id]) if lock(&backend.faults).remove(id) => done(),
        _ => Err(Problem::not_found()),
    }
}

/// Handles `/invitations`: accepts an invitation.
pub async fn invitations(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    let ("POST", [_, id, "accept"]) = (request.method, request.path) else {
        return Err(Problem::not_found());
    };
    let accept: Accept = if request.body.is_empty() { Accept::default() } else { read(request.body)? };
    let user = backend.accept_invitation(&InvitationId::new(*id), accept.full_name).settled().await?;
    Ok(HttpResponse::json(200, &json!({ "userId": user })))
}

/// Handles `/webhooks`: the log of deliveries, and a webhook's second signing key.
pub async fn webhooks(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    match (request.method, request.path) {
        ("GET", [_]) => Ok(HttpResponse::json(200, &backend.dispatcher.log())),
        ("DELETE", [_]) => {
            backend.dispatcher.clear();
            done()
        }
        (method @ ("POST" | "DELETE"), [_, id, "second-key"]) => {
            let id = WebhookId::new(id.parse().map_err(|_| Problem::not_found())?);
            let wanted = method == "POST";
            let changed =
                backend.transact_as_owner(|state| state.set_second_key(state.clock.now(), id, wanted));
            changed.settled().await?;
            done()
        }
        _ => Err(Problem::not_found()),
    }
}

/// Handles `/clock`.
pub async fn clock(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    let body = request.body;
    let report = match (request.method, request.path) {
        ("GET", [_]) => backend.clock(),
        ("POST", [_, "freeze"]) => {
            let freeze: Freeze = if body.is_empty() { Freeze { at: None } } else { read(body)? };
            backend.set_clock(|state| state.clock.freeze(freeze.at)).settled().await?
        }
        ("POST", [_, "advance"]) => {
            let advance: Advance = read(body)?;
            let micros = micros(advance.seconds)?;
            let report = backend.set_clock(|state| state.clock.advance(micros)).settled().await?;
            // Not before: the store may refuse the change.
            lock(&backend.limiter).advance(Duration::from_micros(micros.unsigned_abs()));
            report
        }
        ("POST", [_, "resume"]) => backend.set_clock(|state| state.clock.resume()).settled().await?,
        _ => return Err(Problem::not_found()),
    };
    Ok(HttpResponse::json(200, &report))
}

#[allow(clippy::cast_possible_truncation, reason = "checked to be in range")]
fn micros(seconds: f64) -> Result<i64, Problem> {
    // About a hundred years, enough for any schedule.
    if seconds.is_finite() && (0.0..=3.2e9).contains(&seconds) {
        return Ok((seconds * 1e6) as i64);
    }
    Err(Problem::field("seconds", "It is a number from 0 to 3200000000."))
}

/// Handles `/credentials`.
pub async fn credentials(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    match (request.method, request.path) {
        ("GET", [_]) => {
            let shared = lock(&backend.state);
            let state = &shared.state;
            let list: Vec<Value> = state
                .credentials
                .values()
                .map(|c| {
                    let email = state.person(&c.user).map(|person| &person.email);
                    json!({ "username": c.username, "user": email, "userId": c.user, "rateLimit": c.rate_limit })
                })
                .collect();
            Ok(HttpResponse::json(200, &list))
        }
        ("POST", [_]) => {
            let new: NewCredential = read(request.body)?;
            let user = backend.add_credential(new).settled().await?;
            Ok(HttpResponse::json(201, &json!({ "userId": user })))
        }
        ("DELETE", [_, username]) => {
            let username = (*username).to_owned();
            let removed = backend.transact_as_owner(|state| {
                state.credentials.remove(&username).map(drop).ok_or_else(Problem::not_found)
            });
            removed.settled().await?;
            Ok(HttpResponse::empty(204))
        }
        _ => Err(Problem::not_found()),
    }
}
