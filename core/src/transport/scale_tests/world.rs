//! Hosts with different round trips to one service, and a log of their requests for each second.

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
pub(super) struct Log(Arc<Mutex<LogState>>);

#[derive(Debug)]
struct LogState {
    origin: Instant,
    seconds: Vec<Second>,
    in_flight: u64,
}

impl Log {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(LogState { origin: Instant::now(), seconds: Vec::new(), in_flight: 0 })))
    }

    fn second(&self, change: impl FnOnce(&mut Second)) {
        let mut state = self.0.lock().unwrap();
        let index = usize::try_from(state.origin.elapsed().as_secs()).unwrap();
        if state.seconds.len() <= index {
            state.seconds.resize(index + 1, Second::default());
        }
        change(&mut state.seconds[index]);
    }

    fn count_response(&self, status: u16) {
        self.second(|second| if status == 429 { second.refused += 1 } else { second.served += 1 });
    }

    /// Records the current number of callers that have calls left but no request in flight.
    pub(super) fn callers(&self, unfinished: u64) {
        let in_flight = self.0.lock().unwrap().in_flight;
        self.second(|second| second.waiting = unfinished.saturating_sub(in_flight));
    }

    pub(super) fn seconds(&self) -> Vec<Second> {
        self.0.lock().unwrap().seconds.clone()
    }
}

/// Network link from one host to the service.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) server: WindowServer,
    /// Round-trip time.
    pub(super) round_trip: Duration,
    pub(super) log: Log,
}

impl Link {
    pub(super) async fn ask(&self) -> RawResponse {
        self.log.0.lock().unwrap().in_flight += 1;
        // The arrival varies by a tenth of the round trip, so that requests of one host do not arrive in lockstep.
        let outbound = 0.45 + fastrand::f64() / 10.0;
        sleep(self.round_trip.mul_f64(outbound)).await;
        let response = self.server.response();
        self.log.count_response(response.status);
        sleep(self.round_trip.mul_f64(1.0 - outbound)).await;
        self.log.0.lock().unwrap().in_flight -= 1;
        response
    }
}

impl Transport for Link {
    fn send<'a>(&'a self, _: &'a PreparedRequest, _: HeaderValue) -> Sending<'a> {
        Box::pin(async move { Ok(self.ask().await) })
    }
}
