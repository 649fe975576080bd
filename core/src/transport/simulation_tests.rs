//! The whole pipeline in virtual time, in scenarios generated from a seed: callers that arrive, wait, time out and cancel, and
//! a service with a rate limit whose responses are delayed, lost or errors.
//!
//! `SIMULATION_SEEDS` sets the number of scenarios. A scenario that violates an invariant reports its seed, and
//! `SIMULATION_SEED` runs that one alone.

use super::message::{PreparedRequest, SendError, Sending, Transport};
use super::pipeline::Pipeline;
use super::testing::{Form, WindowServer, limits, pipeline, raw};
use crate::error::ErrorKind;
use crate::operations::configs::{CREATE, DELETE, LIST};
use crate::spec::Operation;
use fastrand::Rng;
use http::{HeaderMap, HeaderValue};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// A service with injected faults between it and its callers.
#[derive(Debug, Clone)]
struct FaultyService {
    server: WindowServer,
    /// Number of faults in a thousand requests.
    fault_rate: u32,
    slowest: Duration,
    random: Arc<Mutex<Rng>>,
    /// Callers in the order of their first attempts.
    order: Arc<Mutex<Vec<usize>>>,
    faults: Arc<Mutex<u64>>,
}

impl Transport for FaultyService {
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a> {
        let number = request.target.trim_start_matches('/').parse().unwrap();
        let mut order = self.order.lock().unwrap();
        if !order.contains(&number) {
            order.push(number);
        }
        let mut random = self.random.lock().unwrap();
        let (before, after) = (self.slowest.mul_f64(random.f64()), self.slowest.mul_f64(random.f64()));
        let fault = (random.u32(..1000) < self.fault_rate).then(|| random.u32(..5));
        *self.faults.lock().unwrap() += u64::from(fault.is_some());
        Box::pin(async move {
            sleep(before).await;
            match fault {
                Some(0) => return Err(SendError::NotConnected("no way".into())),
                Some(1) => return Err(SendError::Lost("on the way there".into())),
                Some(2) => return Ok(raw(503, &[])),
                Some(3) => sleep(Duration::from_secs(100_000)).await,
                _ => {}
            }
            let response = self.server.send(request, authorization).await;
            sleep(after).await;
            if fault == Some(4) { Err(SendError::Lost("on the way back".into())) } else { response }
        })
    }
}

/// One caller and its call.
struct Caller {
    pipeline: Arc<Pipeline>,
    number: usize,
    operation: &'static Operation,
    arrives_after: Duration,
    timeout: Duration,
    cancels_after: Option<Duration>,
    /// Callers in the order of their arrival.
    arrivals: Arc<Mutex<Vec<usize>>>,
}

impl Caller {
    /// Returns why the call failed; `None` if it succeeded or was cancelled.
    async fn play(self) -> Option<ErrorKind> {
        sleep(self.arrives_after).await;
        let target = format!("/{}", self.number);
        let request = PreparedRequest {
            endpoint: self.operation.into(),
            target,
            headers: HeaderMap::new(),
            body: None,
        };
        self.arrivals.lock().unwrap().push(self.number);
        let start = Instant::now();
        let call = self.pipeline.run(request, limits(self.timeout.as_secs(), 4));
        let result = match self.cancels_after {
            Some(after) => timeout(after, call).await.ok()?,
            None => call.await,
        };
        // The clock has a resolution of one millisecond.
        assert!(
            start.elapsed() <= self.timeout + Duration::from_millis(2),
            "{:?} of {:?}",
            start.elapsed(),
            self.timeout
        );
        result.err().map(|error| error.kind())
    }
}

/// Runs one scenario, and returns its number of requests. Panics if an invariant is violated.
async fn scenario(seed: u64) -> u64 {
    let mut random = Rng::with_seed(seed);
    fastrand::seed(seed);
    let form = [Form::DotNet, Form::EpochSeconds, Form::SecondsFromNow][random.usize(..3)];
    let (limit, length) = (random.u64(1..200), Duration::from_secs(random.u64(2..60)));
    let reliable = random.bool();
    let service = FaultyService {
        server: WindowServer::new(limit, length, form),
        fault_rate: if reliable { 0 } else { random.u32(1..100) },
        slowest: Duration::from_millis(random.u64(1..300)),
        random: Arc::new(Mutex::new(random.fork())),
        order: Arc::default(),
        faults: Arc::default(),
    };
    let pipeline = Arc::new(pipeline(service.clone()));
    // Enough callers for several windows, but few enough for an hour.
    let callers = random.usize(1..400).min(usize::try_from(limit).unwrap() * 20);
    let arrivals = Arc::default();
    let mut calls = Vec::new();
    let mut arrives_after = Duration::ZERO;
    for number in 0..callers {
        if random.u8(..10) == 0 {
            arrives_after += length.mul_f64(random.f64() / 4.0);
        }
        let cancels = !reliable && random.u8(..10) == 0;
        calls.push(tokio::spawn(
            Caller {
                pipeline: Arc::clone(&pipeline),
                number,
                operation: [&LIST, &LIST, &CREATE, &DELETE][random.usize(..4)],
                arrives_after,
                timeout: Duration::from_secs(if reliable { 7200 } else { random.u64(1..7200) }),
                cancels_after: cancels.then(|| length.mul_f64(random.f64())),
                arrivals: Arc::clone(&arrivals),
            }
            .play(),
        ));
    }
    let mut failures = Vec::new();
    for call in calls {
        failures.extend(call.await.unwrap());
    }
    let known = pipeline.limiter.snapshot();
    assert_eq!((known.in_flight, known.waiting), (0, 0), "requests in flight or waiting calls are left");
    let (refused, faults) = (service.server.refused(), *service.faults.lock().unwrap());
    if reliable {
        assert_eq!((refused, failures.len()), (0, 0), "a single client without faults: {failures:?}");
        assert_eq!(*service.order.lock().unwrap(), *arrivals.lock().unwrap(), "first come, first served");
    } else {
        // A request whose response was lost may have spent budget that the next one counts on.
        assert!(refused <= 2 * faults + callers as u64 / 10, "{refused} rejected, {faults} faults");
    }
    service.server.served() + refused
}

#[test]
fn scenarios_leave_no_waiters_and_cause_few_rejections() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATION_SEEDS").unwrap_or(150),
    };
    let mut requests = 0;
    for seed in seeds {
        let result = std::panic::catch_unwind(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(scenario(seed))
        });
        match result {
            Ok(count) => requests += count,
            Err(_) => panic!("SIMULATION_SEED={seed} cargo test -p configcat-management --lib simulation"),
        }
    }
    println!("{requests} requests in virtual time");
    assert!(requests > 0);
}
