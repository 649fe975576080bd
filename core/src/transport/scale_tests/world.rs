//! Hosts at different distances from one service, and what is seen of them second by second.

use crate::transport::message::{PreparedRequest, RawResponse, Sending, Transport};
use crate::transport::testing::WindowServer;
use http::HeaderValue;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// One second of a run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Second {
    pub(super) served: u64,
    pub(super) refused: u64,
    pub(super) waiting: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Log(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    origin: Instant,
    seconds: Vec<Second>,
    in_flight: u64,
}

impl Log {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Kept { origin: Instant::now(), seconds: Vec::new(), in_flight: 0 })))
    }

    fn second(&self, change: impl FnOnce(&mut Second)) {
        let mut kept = self.0.lock().unwrap();
        let index = usize::try_from(kept.origin.elapsed().as_secs()).unwrap();
        if kept.seconds.len() <= index {
            kept.seconds.resize(index + 1, Second::default());
        }
        change(&mut kept.seconds[index]);
    }

    fn answered(&self, status: u16) {
        self.second(|second| if status == 429 { second.refused += 1 } else { second.served += 1 });
    }

    /// Callers that want something and have no request on its way, as it is now.
    pub(super) fn callers(&self, unfinished: u64) {
        let in_flight = self.0.lock().unwrap().in_flight;
        self.second(|second| second.waiting = unfinished.saturating_sub(in_flight));
    }

    pub(super) fn seconds(&self) -> Vec<Second> {
        self.0.lock().unwrap().seconds.clone()
    }
}

/// The way from one host to the service.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) server: WindowServer,
    /// There and back, without what varies.
    pub(super) round_trip: Duration,
    pub(super) log: Log,
}

impl Link {
    pub(super) async fn ask(&self) -> RawResponse {
        self.log.0.lock().unwrap().in_flight += 1;
        // A tenth more or less: requests of one host do not march in step.
        let part = 0.45 + fastrand::f64() / 10.0;
        sleep(self.round_trip.mul_f64(part)).await;
        let answer = self.server.answer();
        self.log.answered(answer.status);
        sleep(self.round_trip.mul_f64(1.0 - part)).await;
        self.log.0.lock().unwrap().in_flight -= 1;
        answer
    }
}

impl Transport for Link {
    fn send<'a>(&'a self, _: &'a PreparedRequest, _: HeaderValue) -> Sending<'a> {
        Box::pin(async move { Ok(self.ask().await) })
    }
}
