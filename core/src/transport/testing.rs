//! Transports without a network, in virtual time: scripted responses, and a service with a rate limit.

use super::attempt::Sender;
use super::auth::{CredentialSource, Credentials};
use super::limiter::{RateLimitPolicy, RateLimiter};
use super::message::{PreparedRequest, RawResponse, SendError, Sending, Transport};
use super::monitor::Monitor;
use super::peer::Peer;
use super::pipeline::{CallOptions, Pipeline};
use super::response::CallResponse;
use super::retry::Policy;
use crate::error::Result;
use crate::spec::Operation;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Scripted outcome of one attempt: its duration and its result.
pub(super) type Scene = (Duration, Result<RawResponse, SendError>);

type Script = dyn Fn(usize) -> Scene + Send + Sync;

/// Returns the outcome of attempt n, counted from 0, from a function, and records when each attempt was sent.
#[derive(Clone)]
pub(super) struct Scripted {
    script: Arc<Script>,
    pub(super) sent: Arc<Mutex<Vec<Instant>>>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    pub(super) fn new(script: impl Fn(usize) -> Scene + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), sent: Arc::default() }
    }

    pub(super) fn attempts(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// Milliseconds from the first attempt to each attempt.
    pub(super) fn times(&self) -> Vec<u128> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|at| at.duration_since(sent[0]).as_millis()).collect()
    }
}

impl Transport for Scripted {
    fn send<'a>(&'a self, _: &'a PreparedRequest, _: HeaderValue) -> Sending<'a> {
        let n = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(Instant::now());
            sent.len() - 1
        };
        let (delay, result) = (self.script)(n);
        Box::pin(async move {
            sleep(delay).await;
            result
        })
    }
}

pub(super) fn response(status: u16, headers: &[(&'static str, &str)]) -> Scene {
    (Duration::from_millis(10), Ok(raw(status, headers)))
}

pub(super) fn raw(status: u16, headers: &[(&'static str, &str)]) -> RawResponse {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    RawResponse { status, headers, body: Bytes::from_static(b"[]") }
}

pub(super) fn lost() -> Scene {
    (Duration::from_millis(10), Err(SendError::Lost("reset".into())))
}

/// No response for hours.
pub(super) fn stalled() -> Scene {
    (Duration::from_secs(10_000), Err(SendError::Lost("reset".into())))
}

pub(super) fn refused() -> Scene {
    (Duration::from_millis(10), Err(SendError::NotConnected("refused".into())))
}

/// A service with a fixed window, in virtual time; its clock is wrong by an hour.
#[derive(Debug, Clone)]
pub(super) struct WindowServer(Arc<Mutex<Window>>);

#[derive(Debug)]
struct Window {
    limit: u64,
    length: Duration,
    origin: Instant,
    began: Instant,
    used: u64,
    pub(super) refused: u64,
    pub(super) served: u64,
    active: u64,
    most_active: u64,
    form: Form,
    latency: Duration,
}

/// Format in which the service reports the end of the window.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    DotNet,
    EpochSeconds,
    SecondsFromNow,
}

/// The server's clock at the start, in Unix seconds: not the time of day here.
const SERVER_START: f64 = 1_700_003_600.25;

impl WindowServer {
    pub(super) fn new(limit: u64, length: Duration, form: Form) -> Self {
        let now = Instant::now();
        let latency = Duration::from_millis(20);
        Self(Arc::new(Mutex::new(Window {
            limit,
            length,
            origin: now,
            began: now,
            used: 0,
            refused: 0,
            served: 0,
            active: 0,
            most_active: 0,
            form,
            latency,
        })))
    }

    pub(super) fn refused(&self) -> u64 {
        self.0.lock().unwrap().refused
    }

    pub(super) fn served(&self) -> u64 {
        self.0.lock().unwrap().served
    }

    /// Returns the response to a request that has just arrived.
    pub(super) fn response(&self) -> RawResponse {
        self.0.lock().unwrap().handle()
    }
}

impl Window {
    fn handle(&mut self) -> RawResponse {
        let now = Instant::now();
        if now >= self.began + self.length {
            self.began = now;
            self.used = 0;
        }
        self.used += 1;
        let clock = |at: Instant| SERVER_START + at.duration_since(self.origin).as_secs_f64();
        let left = (self.began + self.length).duration_since(now);
        let ends = clock(self.began + self.length);
        let reset = match self.form {
            Form::DotNet => {
                let at = jiff::Timestamp::from_microsecond((ends * 1e6) as i64).unwrap();
                format!("{at:.6}")
            }
            Form::EpochSeconds => format!("{}", ends.ceil()),
            Form::SecondsFromNow => format!("{}", left.as_secs_f64().ceil()),
        };
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(clock(now) as u64));
        if self.used > self.limit {
            self.refused += 1;
            let seconds = left.as_secs_f64().ceil().max(1.0).to_string();
            return raw(429, &[("retry-after", &seconds), ("date", &date)]);
        }
        self.served += 1;
        let remaining = (self.limit - self.used).to_string();
        raw(200, &[("x-rate-limit-remaining", &remaining), ("x-rate-limit-reset", &reset), ("date", &date)])
    }
}

impl Transport for WindowServer {
    fn send<'a>(&'a self, _: &'a PreparedRequest, _: HeaderValue) -> Sending<'a> {
        Box::pin(async move {
            let latency = {
                let mut window = self.0.lock().unwrap();
                window.active += 1;
                window.most_active = window.most_active.max(window.active);
                window.latency
            };
            sleep(latency / 2 + latency.mul_f64(fastrand::f64() / 4.0)).await;
            let response = self.0.lock().unwrap().handle();
            sleep(latency / 2).await;
            self.0.lock().unwrap().active -= 1;
            Ok(response)
        })
    }
}

/// A response that reports the remaining budget and the reset, with a server clock at 1795425890.
pub(super) fn left(remaining: &str, reset: &str) -> Scene {
    let date = ("date", "Mon, 23 Nov 2026 09:24:50 GMT");
    response(200, &[("x-rate-limit-remaining", remaining), ("x-rate-limit-reset", reset), date])
}

/// Limits of a call: timeout in seconds, and number of attempts.
pub(super) fn limits(timeout: u64, max_attempts: u32) -> CallOptions {
    CallOptions {
        timeout: Some(Duration::from_secs(timeout)),
        max_attempts: Some(max_attempts),
        ..CallOptions::default()
    }
}

/// A pipeline with default settings over a transport.
pub(super) fn pipeline(transport: impl Transport + 'static) -> Pipeline {
    Pipeline {
        limiter: Arc::new(RateLimiter::new(RateLimitPolicy::Pace, Duration::from_secs(60))),
        sender: Sender::new(Box::new(transport), Duration::from_secs(30), Peer::default()),
        monitor: Monitor::default(),
        attempt_headers: None,
        credentials: CredentialSource::Fixed(Credentials::new("u", "p").unwrap()),
        policy: Policy { max_attempts: 3, repeat_all: false },
        timeout: Duration::from_secs(300),
        configured: Arc::default(),
        decoded_memory: 192 << 20,
        decoded_form: crate::spec::memory::ValueForm::Models,
        wire_names: false,
    }
}

impl Pipeline {
    pub(super) async fn go(&self, operation: &'static Operation) -> Result<CallResponse> {
        self.go_with(operation, CallOptions::default()).await
    }

    pub(super) async fn go_with(
        &self,
        operation: &'static Operation,
        limits: CallOptions,
    ) -> Result<CallResponse> {
        let request = PreparedRequest {
            endpoint: operation.into(),
            target: "/".into(),
            headers: HeaderMap::new(),
            body: None,
        };
        self.run(request, limits).await
    }
}

/// Spawns a call on its own task.
pub(super) fn spawn(
    pipeline: &Arc<Pipeline>,
    operation: &'static Operation,
) -> JoinHandle<Result<CallResponse>> {
    let pipeline = Arc::clone(pipeline);
    tokio::spawn(async move { pipeline.go(operation).await })
}
