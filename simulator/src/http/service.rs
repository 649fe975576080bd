//! The order in which a request is looked at: route, fault, credentials, budget, body, rights, rules.

use super::auth::authenticate;
use super::call::{Answered, Call};
use super::connection::Breaker;
use super::limiter::{Limiter, RateLimit, Verdict};
use super::respond::Reply;
use super::routes::{Entry, Routes};
use super::{hal, pages};
use crate::delivery::Courier;
use crate::generated::dispatch;
use crate::problem::Problem;
use crate::seed::Seed;
use crate::state::State;
use crate::state::entities::Person;
use crate::state::tables::Change;
use crate::store::{Store, Written};
use crate::testing::faults::{Faults, Seen};
use crate::testing::journal::{self, Journal};
use crate::{admin, config_json};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use configcat_management::Timestamp;
use configcat_management::models::UserId;
use configcat_management::spec::{Http, Operation};
use http::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

const SDK_KEY: &str = "x-configcat-sdkkey";

/// What all requests share.
#[derive(Debug)]
pub struct Service {
    pub routes: Routes,
    pub limiter: Mutex<Limiter>,
    pub state: Mutex<Shared>,
    pub journal: Mutex<Journal>,
    pub faults: Mutex<Faults>,
    pub store: Option<Store>,
    pub(crate) courier: Courier,
    pub seed: Seed,
    pub owner: (String, String),
    pub admin: bool,
    pub max_body: usize,
}

/// What stands behind the one lock.
#[derive(Debug, Default)]
pub struct Shared {
    pub state: State,
    /// Requests that have met the state so far.
    pub order: u64,
}

/// What became of a visit to the state.
pub(crate) struct Visit<T> {
    pub result: Result<T, Problem>,
    /// Where the visit stands in the order of all visits.
    pub order: u64,
    written: Option<Written>,
}

impl<T> Visit<T> {
    /// Waits until what was changed is on disk.
    pub async fn settled(self) -> Result<T, Problem> {
        let value = self.result?;
        let Some(written) = self.written else { return Ok(value) };
        match written.await {
            Ok(Ok(())) => Ok(value),
            Ok(Err(error)) => {
                Err(Problem::text(507, format!("The change could not be written to disk: {error}")))
            }
            Err(_) => {
                Err(Problem::text(507, "The change could not be written to disk: the store has stopped."))
            }
        }
    }
}

/// A transaction undoes what was half done, so a lock that was poisoned is still good.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of a request before and after it is carried out, for the journal.
#[derive(Default)]
struct Notes {
    operation: Option<&'static Operation>,
    credential: Option<String>,
    body: Option<Bytes>,
    order: Option<u64>,
    fault: Option<String>,
}

/// Who calls.
struct Caller {
    username: String,
    user: UserId,
    rate_limit: Option<RateLimit>,
}

impl Service {
    /// Answers a request.
    pub async fn handle(self: Arc<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        if self.admin
            && let Some(rest) = path.strip_prefix(admin::PREFIX)
        {
            return admin::answer(&self, &parts.method, rest, parts.uri.query(), body).await.into();
        }
        if let Some(reply) = pages::answer(&parts) {
            return reply.into();
        }
        let started = Instant::now();
        let (caller, at) = self.caller(&parts.headers);
        let mut notes = Notes::default();
        let reply = self.reply(&parts, body, caller, at, &mut notes).await;
        self.note(parts, notes, &reply, at, started.elapsed());
        reply.into()
    }

    async fn reply(
        &self,
        parts: &Parts,
        body: Body,
        caller: Option<Caller>,
        at: Timestamp,
        notes: &mut Notes,
    ) -> Reply {
        let path = parts.uri.path();
        let found = self.routes.find(path);
        notes.operation = found.as_ref().and_then(|(entry, _)| entry.find(&parts.method));
        notes.credential = caller.as_ref().map(|caller| caller.username.clone());
        let seen = Seen {
            operation: notes.operation,
            method: parts.method.as_str(),
            path,
            credential: notes.credential.as_deref(),
        };
        let fault = lock(&self.faults).strike(&seen);
        let Some(fault) = fault else {
            return self.carry_out(parts, body, found, caller, at, notes).await;
        };
        notes.fault.clone_from(&fault.id);
        if let Some(millis) = fault.delay_ms {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        let reply = if fault.comes_before() {
            // A client that still sends may not see an answer, so its request is read first.
            notes.body = self.read(&parts.headers, body).await.ok();
            fault.spoil(None)
        } else {
            fault.spoil(Some(self.carry_out(parts, body, found, caller, at, notes).await))
        };
        if fault.reset.is_some()
            && let Some(ConnectInfo(breaker)) = parts.extensions.get::<ConnectInfo<Breaker>>()
        {
            breaker.pull();
        }
        reply
    }

    async fn carry_out(
        &self,
        parts: &Parts,
        body: Body,
        found: Option<(&Entry, Vec<String>)>,
        caller: Option<Caller>,
        at: Timestamp,
        notes: &mut Notes,
    ) -> Reply {
        let Some((entry, path)) = found else {
            return config_json::answer(self, parts).unwrap_or_else(|| Problem::not_found().into());
        };
        let Some(operation) = notes.operation else {
            let mut reply: Reply = Problem::method_not_allowed().into();
            reply.set(ALLOW, &entry.allow());
            return reply;
        };
        let Some(caller) = caller else {
            let mut reply: Reply = Problem::unauthorized().into();
            reply.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"ConfigCat\""));
            return reply;
        };
        let verdict = lock(&self.limiter).count(&caller.username, caller.rate_limit, SystemTime::now());
        if let Some(verdict) = verdict.as_ref().filter(|v| !v.allowed) {
            return refuse_for_now(verdict);
        }
        let reply = match self.body(parts, body, operation, notes).await {
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
        reply.report(verdict.as_ref())
    }

    /// Checks a call and carries it out.
    async fn dispatch(&self, mut call: Call<'_>, caller: &Caller, hal: bool, notes: &mut Notes) -> Reply {
        let checked = call.check();
        let reads = call.operation.http == Http::Get;
        let visit = self.visit(Some(&caller.user), |state| {
            state.authorize(&call)?;
            checked?;
            // Later than when the request came: the log is in the order of the visits.
            call.now = state.clock.now();
            let answered: Answered = dispatch(state, &call)?;
            if !reads {
                state.review_change_requests(call.now);
            }
            Ok(answered)
        });
        notes.order = Some(visit.order);
        match visit.settled().await {
            Ok(answered) if hal => hal::reply(call.operation, answered),
            Ok(answered) => answered.into(),
            Err(problem) => problem.into(),
        }
    }

    /// Visits the state as somebody: what the visit changes is kept whole, or not at all.
    pub(crate) fn visit<T>(
        &self,
        user: Option<&UserId>,
        visit: impl FnOnce(&mut State) -> Result<T, Problem>,
    ) -> Visit<T> {
        let mut shared = lock(&self.state);
        shared.order += 1;
        let order = shared.order;
        let state = &mut shared.state;
        let now = state.clock.now();
        let mut changes = Vec::new();
        if state.has_due(now) {
            let _ = state.transaction(|state| {
                state.apply_due(now);
                Ok(())
            });
            // What was due has happened, whatever becomes of the visit.
            changes.extend(self.conclude(state, now));
        }
        if let Some(user) = user {
            // Somebody without an account is nobody, not whoever called before.
            state.me = state.person(user).cloned().unwrap_or_default();
        }
        let result = state.transaction(visit);
        changes.extend(self.conclude(state, now));
        // In the order of the visits, for the lock is held.
        let store = self.store.as_ref().filter(|_| !changes.is_empty());
        let written = store.map(|store| store.write(changes));
        Visit { result, order, written }
    }

    /// Ends a transaction for good: webhooks hear of it, and what is to be written down is returned.
    fn conclude(&self, state: &mut State, now: Timestamp) -> Vec<Change> {
        self.courier.send(state.deliveries(now));
        if self.store.is_some() {
            return state.take_changes();
        }
        state.forget_changes();
        Vec::new()
    }

    /// Who calls, if it is known, and what time it is.
    fn caller(&self, headers: &HeaderMap) -> (Option<Caller>, Timestamp) {
        let shared = lock(&self.state);
        let caller = authenticate(headers, &shared.state).map(|credential| Caller {
            username: credential.username.clone(),
            user: credential.user.clone(),
            rate_limit: credential.rate_limit,
        });
        (caller, shared.state.clock.now())
    }

    /// The body as JSON, if the operation takes one.
    async fn body(
        &self,
        parts: &Parts,
        body: Body,
        operation: &Operation,
        notes: &mut Notes,
    ) -> Result<Option<serde_json::Value>, Problem> {
        let bytes = self.read(&parts.headers, body).await?;
        notes.body = Some(bytes.clone());
        if operation.body.is_none() || bytes.is_empty() {
            return Ok(None);
        }
        if !is_json(&parts.headers) {
            return Err(Problem::text(415, "The body must be application/json."));
        }
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| Problem::field("$", format!("The body is not valid JSON: {e}.")))
    }

    async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > self.max_body) {
            return Err(Problem::text(413, "The body is too large."));
        }
        let read = axum::body::to_bytes(body, self.max_body).await;
        read.map_err(|_| Problem::text(413, "The body is too large, or it broke off."))
    }

    fn note(&self, mut parts: Parts, notes: Notes, reply: &Reply, at: Timestamp, taken: Duration) {
        let mut journal = lock(&self.journal);
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
                request_body: notes.body,
                status: reply.status,
                response_body: reply.body.clone(),
                fault: notes.fault,
                taken,
            });
        }
    }

    /// Puts the seed in place of everything, and forgets what tests have set up.
    pub(crate) fn reset(&self) -> Visit<()> {
        lock(&self.faults).clear();
        lock(&self.journal).clear();
        lock(&self.limiter).reset();
        self.courier.clear();
        self.visit(None, |state| {
            state.clear();
            (state.ids, state.clock) = (Default::default(), Default::default());
            state.begin(&self.seed, &self.owner.0, &self.owner.1)
        })
    }

    /// Whoever holds the simulator's own credentials.
    pub(crate) fn owner(&self, state: &State) -> Option<Person> {
        let credential = state.credentials.get(&self.owner.0)?;
        state.person(&credential.user).cloned()
    }
}

fn refuse_for_now(verdict: &Verdict) -> Reply {
    let mut reply: Reply = Problem::text(429, "The quota of requests is used up, come back later.").into();
    reply.set(RETRY_AFTER, &verdict.retry_after.to_string());
    reply.report(Some(verdict))
}

/// `application/json`, `text/json` or `application/*+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let media = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json"
        || media == "text/json"
        || (media.starts_with("application/") && media.ends_with("+json"))
}

/// The pairs of a query.
pub fn query(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}
