//! The whole pipeline in virtual time, with scenes made from a seed: callers that come, wait, give up and call off, and a
//! service with a rate limit whose answers take their time, get lost or fail.
//!
//! `SIMULATION_SEEDS` makes it longer; a scene that breaks a rule says which seed it was, and `SIMULATION_SEED` plays that one
//! alone.

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

/// A service between which and its callers things go wrong.
#[derive(Debug, Clone)]
struct Weather {
    server: WindowServer,
    /// Of a thousand requests, so many go wrong.
    storm: u32,
    slowest: Duration,
    random: Arc<Mutex<Rng>>,
    /// Whose requests went out, in this order, the first attempt of each.
    order: Arc<Mutex<Vec<usize>>>,
    wrong: Arc<Mutex<u64>>,
}

impl Transport for Weather {
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a> {
        let number = request.target.trim_start_matches('/').parse().unwrap();
        let mut order = self.order.lock().unwrap();
        if !order.contains(&number) {
            order.push(number);
        }
        let mut random = self.random.lock().unwrap();
        let (before, after) = (self.slowest.mul_f64(random.f64()), self.slowest.mul_f64(random.f64()));
        let kind = (random.u32(..1000) < self.storm).then(|| random.u32(..5));
        *self.wrong.lock().unwrap() += u64::from(kind.is_some());
        Box::pin(async move {
            sleep(before).await;
            match kind {
                Some(0) => return Err(SendError::NotConnected("no way".into())),
                Some(1) => return Err(SendError::Lost("on the way there".into())),
                Some(2) => return Ok(raw(503, &[])),
                Some(3) => sleep(Duration::from_secs(100_000)).await,
                _ => {}
            }
            let answer = self.server.send(request, authorization).await;
            sleep(after).await;
            if kind == Some(4) { Err(SendError::Lost("on the way back".into())) } else { answer }
        })
    }
}

/// What one caller does, and how that ended.
struct Caller {
    pipeline: Arc<Pipeline>,
    number: usize,
    operation: &'static Operation,
    comes: Duration,
    bound: Duration,
    leaves: Option<Duration>,
    /// Who came when.
    arrivals: Arc<Mutex<Vec<usize>>>,
}

impl Caller {
    /// Why it failed, if it did; `None` also when it left by itself.
    async fn play(self) -> Option<ErrorKind> {
        sleep(self.comes).await;
        let target = format!("/{}", self.number);
        let request =
            PreparedRequest { operation: self.operation, target, headers: HeaderMap::new(), body: None };
        self.arrivals.lock().unwrap().push(self.number);
        let start = Instant::now();
        let call = self.pipeline.run(request, limits(self.bound.as_secs(), 4));
        let ended = match self.leaves {
            Some(after) => timeout(after, call).await.ok()?,
            None => call.await,
        };
        // A millisecond is the grain of the clock.
        assert!(
            start.elapsed() <= self.bound + Duration::from_millis(2),
            "{:?} of {:?}",
            start.elapsed(),
            self.bound
        );
        ended.err().map(|error| error.kind())
    }
}

/// A scene; what it breaks, it says by panicking.
async fn scene(seed: u64) -> u64 {
    let mut random = Rng::with_seed(seed);
    fastrand::seed(seed);
    let form = [Form::DotNet, Form::EpochSeconds, Form::SecondsFromNow][random.usize(..3)];
    let (limit, length) = (random.u64(1..200), Duration::from_secs(random.u64(2..60)));
    let calm = random.bool();
    let weather = Weather {
        server: WindowServer::new(limit, length, form),
        storm: if calm { 0 } else { random.u32(1..100) },
        slowest: Duration::from_millis(random.u64(1..300)),
        random: Arc::new(Mutex::new(random.fork())),
        order: Arc::default(),
        wrong: Arc::default(),
    };
    let pipeline = Arc::new(pipeline(weather.clone()));
    // So many that several windows are needed, and never so many that an hour would not do.
    let callers = random.usize(1..400).min(usize::try_from(limit).unwrap() * 20);
    let arrivals = Arc::default();
    let mut calls = Vec::new();
    let mut comes = Duration::ZERO;
    for number in 0..callers {
        if random.u8(..10) == 0 {
            comes += length.mul_f64(random.f64() / 4.0);
        }
        let leaves = !calm && random.u8(..10) == 0;
        calls.push(tokio::spawn(
            Caller {
                pipeline: Arc::clone(&pipeline),
                number,
                operation: [&LIST, &LIST, &CREATE, &DELETE][random.usize(..4)],
                comes,
                bound: Duration::from_secs(if calm { 7200 } else { random.u64(1..7200) }),
                leaves: leaves.then(|| length.mul_f64(random.f64())),
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
    assert_eq!((known.in_flight, known.waiting), (0, 0), "something was left behind");
    let (refused, wrong) = (weather.server.refused(), *weather.wrong.lock().unwrap());
    if calm {
        assert_eq!((refused, failures.len()), (0, 0), "alone and in calm weather: {failures:?}");
        assert_eq!(*weather.order.lock().unwrap(), *arrivals.lock().unwrap(), "first come, first served");
    } else {
        // A request whose answer nobody saw may have used up what the next one counts on.
        assert!(refused <= 2 * wrong + callers as u64 / 10, "{refused} refused, {wrong} went wrong");
    }
    weather.server.served() + refused
}

#[test]
fn in_any_weather_nothing_is_left_behind_and_in_calm_nobody_is_turned_away() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATION_SEEDS").unwrap_or(150),
    };
    let mut requests = 0;
    for seed in seeds {
        let played = std::panic::catch_unwind(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(scene(seed))
        });
        match played {
            Ok(count) => requests += count,
            Err(_) => panic!("SIMULATION_SEED={seed} cargo test -p configcat-management --lib simulation"),
        }
    }
    println!("{requests} requests in virtual time");
    assert!(requests > 0);
}
