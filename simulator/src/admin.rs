//! The admin path: what tests do with the simulator beside calling its API.

use crate::http::limiter::RateLimit;
use crate::http::respond::Reply;
use crate::http::service::{Service, Visit, lock, query};
use crate::problem::Problem;
use crate::seed::Seed;
use crate::state::State;
use crate::state::entities::Credential;
use crate::state::snapshot::Snapshot;
use crate::testing::faults::Fault;
use crate::testing::journal::{Expectation, Query};
use axum::body::Body;
use configcat_management::Timestamp;
use configcat_management::models::{InvitationId, OrganizationId, UserId, WebhookId};
use http::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// What every path here begins with.
pub const PREFIX: &str = "/__simulator";
/// Largest body, in bytes: a snapshot of a large state.
const MAX_BODY: usize = 1 << 30;

/// What there is, for whoever looks.
const INDEX: [(&str, &str); 20] = [
    ("GET /health", "whether it runs, and which version"),
    ("POST /reset", "puts the seed in place of everything; takes faults and the journal away"),
    ("GET /snapshot", "the whole state as one document"),
    ("PUT /snapshot", "puts a document in place of everything"),
    ("POST /seed", "adds a seed to what is there"),
    (
        "GET /journal",
        "requests and answers; ?operation= &method= &path= &credential= &status= &after= &limit=",
    ),
    ("DELETE /journal", "forgets them"),
    ("GET /journal/count", "how many there are; same filters"),
    ("POST /journal/verify", "checks how often something was called"),
    ("GET /faults", "faults, and what became of them"),
    ("POST /faults", "adds a fault"),
    ("DELETE /faults, DELETE /faults/{id}", "takes faults away"),
    ("GET /clock", "what time it is"),
    ("POST /clock/freeze", "stops the clock, at a time if one is given"),
    ("POST /clock/advance", "moves it forward by seconds"),
    ("POST /clock/resume", "lets it run"),
    ("GET, POST /credentials, DELETE /credentials/{username}", "who may call, and with which budget"),
    ("POST /invitations/{id}/accept", "somebody follows an invitation"),
    ("GET, DELETE /webhooks", "calls of webhooks, and what came of them"),
    ("POST, DELETE /webhooks/{id}/second-key", "the second signing key of a webhook"),
];

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

/// A credential that a test adds; its person is made if there is none with the address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCredential {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// E-mail address of whoever calls with it; the simulator's owner when left out.
    #[serde(default)]
    pub user: Option<String>,
    /// Full name, for somebody new.
    #[serde(default)]
    pub full_name: Option<String>,
    /// A budget of its own.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// Organizations that the person is to administer.
    #[serde(default)]
    pub admin_of: Vec<OrganizationId>,
    /// Permission groups that the person is to be in.
    #[serde(default)]
    pub permission_group_ids: Vec<configcat_management::models::PermissionGroupId>,
}

/// What time it is for the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockReport {
    /// The time.
    pub now: Timestamp,
    /// Whether it stands.
    pub frozen: bool,
}

/// Answers a request to the admin path.
pub(crate) async fn answer(
    service: &Service,
    method: &Method,
    path: &str,
    query_text: Option<&str>,
    body: Body,
) -> Reply {
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return Problem::text(413, "The body is too large, or it broke off.").into();
    };
    answer_whole(service, method, path, query_text, &body).await
}

/// Answers a request to the admin path whose body is here.
pub(crate) async fn answer_whole(
    service: &Service,
    method: &Method,
    path: &str,
    query_text: Option<&str>,
    body: &[u8],
) -> Reply {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let result = route(service, method.as_str(), &parts, query_text.unwrap_or_default(), body).await;
    result.unwrap_or_else(Into::into)
}

async fn route(
    service: &Service,
    method: &str,
    parts: &[&str],
    query_text: &str,
    body: &[u8],
) -> Result<Reply, Problem> {
    let done = || Ok(Reply::empty(204));
    match (method, parts) {
        ("GET", []) => {
            let index: Vec<Value> =
                INDEX.iter().map(|(call, what)| json!({ "call": call, "what": what })).collect();
            Ok(Reply::json(200, &index))
        }
        ("GET", ["health"]) => {
            Ok(Reply::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })))
        }
        ("POST", ["reset"]) => {
            service.reset().settled().await?;
            done()
        }
        ("GET", ["snapshot"]) => Ok(Reply::json(200, &lock(&service.state).state.snapshot())),
        ("PUT", ["snapshot"]) => {
            service.restore(read(body)?).settled().await?;
            done()
        }
        ("POST", ["seed"]) => {
            let seed: Seed = read(body)?;
            service.plant(&seed).settled().await?;
            done()
        }
        ("GET", ["journal"]) => Ok(Reply::json(200, &lock(&service.journal).find(&filters(query_text)?))),
        ("DELETE", ["journal"]) => {
            lock(&service.journal).clear();
            done()
        }
        ("GET", ["journal", "count"]) => {
            let count = lock(&service.journal).count(&filters(query_text)?);
            Ok(Reply::json(200, &json!({ "count": count })))
        }
        ("POST", ["journal", "verify"]) => {
            let expected: Expectation = read(body)?;
            match lock(&service.journal).verify(&expected) {
                Ok(count) => Ok(Reply::json(200, &json!({ "count": count }))),
                Err(message) => Err(Problem { status: 409, ..Problem::field("calls", message) }),
            }
        }
        ("GET", ["faults"]) => Ok(Reply::json(200, &lock(&service.faults).list())),
        ("POST", ["faults"]) => {
            let fault: Fault = read(body)?;
            let id = lock(&service.faults).add(fault).map_err(|message| Problem::field("fault", message))?;
            Ok(Reply::json(201, &json!({ "id": id })))
        }
        ("DELETE", ["faults"]) => {
            lock(&service.faults).clear();
            done()
        }
        ("DELETE", ["faults", id]) => {
            if lock(&service.faults).remove(id) {
                done()
            } else {
                Err(Problem::not_found())
            }
        }
        (_, ["clock", ..]) => clock(service, method, parts, body).await,
        (_, ["credentials", ..]) => credentials(service, method, parts, body).await,
        ("POST", ["invitations", id, "accept"]) => {
            let accept: Accept = if body.is_empty() { Accept::default() } else { read(body)? };
            let user = service.accept_invitation(&InvitationId::new(*id), accept.full_name).settled().await?;
            Ok(Reply::json(200, &json!({ "userId": user })))
        }
        ("GET", ["webhooks"]) => Ok(Reply::json(200, &service.courier.log())),
        ("DELETE", ["webhooks"]) => {
            service.courier.clear();
            done()
        }
        ("POST" | "DELETE", ["webhooks", id, "second-key"]) => {
            let id = WebhookId::new(id.parse().map_err(|_| Problem::not_found())?);
            let wanted = method == "POST";
            service
                .visit_as_owner(|state| state.set_second_key(state.clock.now(), id, wanted))
                .settled()
                .await?;
            done()
        }
        _ => Err(Problem::not_found()),
    }
}

async fn clock(service: &Service, method: &str, parts: &[&str], body: &[u8]) -> Result<Reply, Problem> {
    let report = match (method, parts) {
        ("GET", [_]) => service.clock(),
        ("POST", [_, "freeze"]) => {
            let freeze: Freeze = if body.is_empty() { Freeze { at: None } } else { read(body)? };
            service.set_clock(|state| state.clock.freeze(freeze.at)).settled().await?
        }
        ("POST", [_, "advance"]) => {
            let advance: Advance = read(body)?;
            let micros = micros(advance.seconds)?;
            lock(&service.limiter).advance(Duration::from_micros(micros.unsigned_abs()));
            service.set_clock(|state| state.clock.advance(micros)).settled().await?
        }
        ("POST", [_, "resume"]) => service.set_clock(|state| state.clock.resume()).settled().await?,
        _ => return Err(Problem::not_found()),
    };
    Ok(Reply::json(200, &report))
}

#[allow(clippy::cast_possible_truncation, reason = "checked to be in range")]
fn micros(seconds: f64) -> Result<i64, Problem> {
    // A hundred years are enough for any schedule.
    if seconds.is_finite() && (0.0..=3.2e9).contains(&seconds) {
        return Ok((seconds * 1e6) as i64);
    }
    Err(Problem::field("seconds", "It is a number from 0 to 3200000000."))
}

async fn credentials(service: &Service, method: &str, parts: &[&str], body: &[u8]) -> Result<Reply, Problem> {
    match (method, parts) {
        ("GET", [_]) => {
            let shared = lock(&service.state);
            let state = &shared.state;
            let list: Vec<Value> = state
                .credentials
                .values()
                .map(|c| {
                    let email = state.person(&c.user).map(|person| &person.email);
                    json!({ "username": c.username, "user": email, "userId": c.user, "rateLimit": c.rate_limit })
                })
                .collect();
            Ok(Reply::json(200, &list))
        }
        ("POST", [_]) => {
            let new: NewCredential = read(body)?;
            let user = service.add_credential(new).settled().await?;
            Ok(Reply::json(201, &json!({ "userId": user })))
        }
        ("DELETE", [_, username]) => {
            let username = (*username).to_owned();
            let removed = service.visit_as_owner(|state| {
                state.credentials.remove(&username).map(drop).ok_or_else(Problem::not_found)
            });
            removed.settled().await?;
            Ok(Reply::empty(204))
        }
        _ => Err(Problem::not_found()),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| Problem::unreadable(&error))
}

fn filters(text: &str) -> Result<Query, Problem> {
    let mut map = serde_json::Map::new();
    for (name, value) in query(text) {
        let number = matches!(name.as_str(), "status" | "after" | "limit");
        let value =
            if number { serde_json::from_str(&value).unwrap_or(Value::String(value)) } else { value.into() };
        map.insert(name, value);
    }
    serde_path_to_error::deserialize(Value::Object(map)).map_err(|error| Problem::unreadable(&error))
}

impl Service {
    /// Visits the state on behalf of whoever owns the simulator.
    pub(crate) fn visit_as_owner<T>(&self, visit: impl FnOnce(&mut State) -> Result<T, Problem>) -> Visit<T> {
        self.visit(None, |state| {
            if let Some(owner) = self.owner(state) {
                state.me = owner;
            }
            visit(state)
        })
    }

    pub(crate) fn restore(&self, snapshot: Snapshot) -> Visit<()> {
        self.visit_as_owner(|state| {
            state.restore(snapshot).map_err(|message| Problem::text(400, message))?;
            // Whoever runs the simulator stays able to call it.
            state.add_owner(&self.owner.0, &self.owner.1);
            Ok(())
        })
    }

    pub(crate) fn plant(&self, seed: &Seed) -> Visit<()> {
        self.visit_as_owner(|state| seed.plant(state))
    }

    pub(crate) fn clock(&self) -> ClockReport {
        report(&lock(&self.state).state)
    }

    pub(crate) fn set_clock(&self, set: impl FnOnce(&mut State)) -> Visit<ClockReport> {
        self.visit_as_owner(|state| {
            set(state);
            let now = state.clock.now();
            state.apply_due(now);
            Ok(report(state))
        })
    }

    pub(crate) fn accept_invitation(&self, id: &InvitationId, full_name: Option<String>) -> Visit<UserId> {
        self.visit_as_owner(|state| state.accept_invitation(state.clock.now(), id, full_name))
    }

    pub(crate) fn add_credential(&self, new: NewCredential) -> Visit<UserId> {
        self.visit_as_owner(|state| {
            if new.username.is_empty() || new.username.contains(':') {
                return Err(Problem::field("username", "A user name is not empty and has no colon."));
            }
            let known = new.user.as_deref().map(|email| (email, state.by_email(email).map(|p| p.id.clone())));
            let user = match known {
                None => state.me.id.clone(),
                Some((_, Some(user))) => user,
                Some((email, None)) => {
                    state.create_user(None, email, new.full_name.as_deref().unwrap_or(email))
                }
            };
            let now = state.clock.now();
            for organization in &new.admin_of {
                state.organization(organization)?;
                state.set_roles(now, organization, &user, Some(true), None)?;
            }
            for group in &new.permission_group_ids {
                state.join_group(now, &user, *group)?;
            }
            state.credentials.insert(Credential {
                username: new.username,
                password: new.password,
                user: user.clone(),
                rate_limit: new.rate_limit,
            });
            Ok(user)
        })
    }
}

fn report(state: &State) -> ClockReport {
    ClockReport { now: state.clock.now(), frozen: state.clock.is_frozen() }
}
