//! Webhook dispatcher: signed calls, with retries and a log of deliveries.

mod calls;

use crate::assumed;
pub use calls::Delivery;
pub(crate) use calls::Job;
use configcat_management::webhook;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// Maximum number of deliveries in the log.
const LOG: usize = 1_000;
/// Maximum memory of the log, in bytes; the oldest deliveries are evicted first.
const LOG_BYTES: usize = 32 << 20;
/// Maximum number of calls that wait for a receiver. Further ones are not sent.
const QUEUE: usize = 10_000;
/// Maximum memory of the calls that wait for a receiver, in bytes.
const QUEUE_BYTES: usize = 32 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Webhook dispatcher: makes the calls, one after the other.
#[derive(Debug)]
pub(crate) struct WebhookDispatcher {
    jobs: OnceLock<mpsc::UnboundedSender<Job>>,
    ledger: Arc<Mutex<DeliveryLedger>>,
    anywhere: bool,
}

/// Calls that wait, counted, and the deliveries so far.
#[derive(Debug, Default)]
struct DeliveryLedger {
    waiting: usize,
    waiting_bytes: usize,
    log: VecDeque<Delivery>,
    log_bytes: usize,
}

impl DeliveryLedger {
    /// Counts a call that waits, unless too many do.
    fn admit(&mut self, job: &Job) -> bool {
        let bytes = self.waiting_bytes + job.memory();
        let room = self.waiting < QUEUE && bytes <= QUEUE_BYTES;
        if room {
            (self.waiting, self.waiting_bytes) = (self.waiting + 1, bytes);
        }
        room
    }

    /// Counts a call that no longer waits.
    fn release(&mut self, job: &Job) {
        self.waiting = self.waiting.saturating_sub(1);
        self.waiting_bytes = self.waiting_bytes.saturating_sub(job.memory());
    }

    /// Adds a delivery, and evicts the oldest ones beyond the limits.
    fn add(&mut self, delivery: Delivery) {
        self.log_bytes += delivery.memory();
        self.log.push_back(delivery);
        while self.log.len() > LOG || (self.log_bytes > LOG_BYTES && self.log.len() > 1) {
            let Some(oldest) = self.log.pop_front() else { break };
            self.log_bytes = self.log_bytes.saturating_sub(oldest.memory());
        }
    }
}

fn lock(ledger: &Mutex<DeliveryLedger>) -> MutexGuard<'_, DeliveryLedger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WebhookDispatcher {
    pub(crate) fn new(anywhere: bool) -> Self {
        Self { jobs: OnceLock::new(), ledger: Arc::default(), anywhere }
    }

    /// Queues calls, which are made in the background. Calls for which the queue has no room are only logged.
    pub(crate) fn send(&self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let sender = self.jobs.get_or_init(|| {
            let (sender, queue) = mpsc::unbounded_channel();
            tokio::spawn(deliver_all(queue, Arc::clone(&self.ledger), self.anywhere));
            sender
        });
        let mut ledger = lock(&self.ledger);
        for job in jobs {
            if ledger.admit(&job) {
                let _ = sender.send(job);
            } else {
                let error = Some(format!("not sent: {} calls are waiting already", ledger.waiting));
                ledger.add(Delivery { error, ..job.delivery() });
            }
        }
    }

    /// Returns the last deliveries, oldest first.
    pub(crate) fn log(&self) -> Vec<Delivery> {
        lock(&self.ledger).log.iter().cloned().collect()
    }

    /// Clears the log.
    pub(crate) fn clear(&self) {
        let mut ledger = lock(&self.ledger);
        ledger.log.clear();
        ledger.log_bytes = 0;
    }
}

async fn deliver_all(
    mut queue: mpsc::UnboundedReceiver<Job>,
    ledger: Arc<Mutex<DeliveryLedger>>,
    anywhere: bool,
) {
    // reqwest uses the process-wide crypto provider; one that is already installed stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .user_agent("ConfigCat-Webhook-Simulator")
        .build();
    let Ok(client) = client else { return };
    while let Some(job) = queue.recv().await {
        let delivery = deliver(&client, &job, anywhere).await;
        let mut ledger = lock(&ledger);
        ledger.release(&job);
        ledger.add(delivery);
    }
}

/// Whether the host of a URL is this machine.
fn is_local(url: &str) -> bool {
    let uri: Option<http::Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn deliver(client: &reqwest::Client, job: &Job, anywhere: bool) -> Delivery {
    let mut delivery = job.delivery();
    let Some(body) = job.body() else {
        delivery.error = Some(format!(
            "not sent: the content with its placeholders replaced is longer than {} bytes",
            assumed::WEBHOOK_CONTENT_LENGTH
        ));
        return delivery;
    };
    let headers =
        webhook::signed_headers(job.keys(), body.as_bytes(), Some(&delivery.id), Some(job.unix_seconds()));
    let [_, _, (_, signatures)] = &headers;
    delivery.signature.clone_from(signatures);
    delivery.body.clone_from(&body);
    if !anywhere && !is_local(&delivery.url) {
        delivery.error = Some("not sent: webhooks are sent to this machine only, unless allowed".into());
        return delivery;
    }
    attempt_all(client, job, &headers, &body.into(), &mut delivery).await;
    delivery
}

/// Sends a call until a response is successful, and notes the last result in the delivery.
async fn attempt_all(
    client: &reqwest::Client,
    job: &Job,
    signed: &[(&'static str, String)],
    body: &bytes::Bytes,
    delivery: &mut Delivery,
) {
    let mut pause = assumed::WEBHOOK_PAUSE;
    while delivery.attempts < assumed::WEBHOOK_ATTEMPTS {
        if delivery.attempts > 0 {
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        delivery.attempts += 1;
        let method = if job.is_get() { reqwest::Method::GET } else { reqwest::Method::POST };
        let mut request = client.request(method, &delivery.url);
        for (name, value) in signed {
            request = request.header(*name, value);
        }
        for header in job.headers() {
            request = request.header(&header.key, &header.value);
        }
        match request.body(body.clone()).send().await {
            // Dropping a response without reading its body closes the connection.
            Ok(response) => {
                let status = response.status();
                delivery.status = Some(status.as_u16());
                delivery.error = (!status.is_success()).then(|| format!("response status {status}"));
                if status.is_success() {
                    break;
                }
            }
            Err(error) => delivery.error = Some(error.without_url().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_loopback_hosts_are_local() {
        for local in ["http://localhost:1/x", "http://127.0.0.1", "http://127.9.9.9/", "http://[::1]:8080/a"]
        {
            assert!(is_local(local), "{local}");
        }
        for other in ["http://example.com", "http://localhost.example.com", "http://10.0.0.1", "x", ""] {
            assert!(!is_local(other), "{other}");
        }
    }
}
