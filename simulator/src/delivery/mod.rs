//! Webhook dispatcher: signed calls, with retries and a log of deliveries.

use crate::assumed;
use crate::state::State;
use crate::state::entities::Webhook;
use crate::state::notices::Notice;
use configcat_management::models::{ConfigId, EnvironmentId, WebhookHttpMethod, WebhookId};
use configcat_management::{Timestamp, webhook};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
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
/// Memory of a call or a delivery without its strings, in bytes.
const OVERHEAD: usize = 512;
const TIMEOUT: Duration = Duration::from_secs(10);

/// A webhook call to be made. Its body is made from the content of the webhook after the lock of the state is released.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    webhook: Webhook,
    change: Arc<NotifiedChange>,
    at: Timestamp,
}

/// What the placeholders of a webhook's content stand for; the same for all webhooks of a config in an environment.
#[derive(Debug)]
struct NotifiedChange {
    config: String,
    environment: String,
    by: String,
    notes: String,
    details: String,
}

impl Job {
    /// Returns the content with its placeholders replaced, or `None` if it is too long.
    fn body(&self) -> Option<String> {
        let Self { webhook, change, .. } = self;
        let values = [
            ("ConfigName", change.config.as_str()),
            ("ConfigId", webhook.config.as_str()),
            ("EnvironmentName", &change.environment),
            ("EnvironmentId", webhook.environment.as_str()),
            ("ChangedBy", &change.by),
            ("ChangeNotes", &change.notes),
            ("ChangeDetails", &change.details),
            ("URL", &webhook.url),
        ];
        let content = webhook.content.as_deref().unwrap_or(assumed::WEBHOOK_CONTENT);
        assumed::placeholders(content, &values, assumed::WEBHOOK_CONTENT_LENGTH)
    }

    /// Returns its approximate memory, in bytes.
    fn memory(&self) -> usize {
        let Self { webhook, change, .. } = self;
        let headers =
            webhook.headers.iter().map(|header| OVERHEAD / 4 + header.key.len() + header.value.len());
        let content = webhook.content.as_ref().map_or(0, String::len);
        let shared = [&change.config, &change.environment, &change.by, &change.notes, &change.details];
        let shared: usize = shared.into_iter().map(String::len).sum();
        OVERHEAD + webhook.url.len() + content + headers.sum::<usize>() + shared
    }

    /// Returns the delivery before the first attempt.
    fn delivery(&self) -> Delivery {
        Delivery {
            id: format!("{:032x}", fastrand::u128(..)),
            webhook_id: self.webhook.id,
            url: self.webhook.url.clone(),
            method: if self.is_get() { "GET".into() } else { "POST".into() },
            body: String::new(),
            timestamp: self.at.unix_micros().div_euclid(1_000_000).to_string(),
            signature: String::new(),
            attempts: 0,
            status: None,
            error: None,
        }
    }

    fn is_get(&self) -> bool {
        self.webhook.method == WebhookHttpMethod::Get
    }
}

/// Result of a webhook call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Id of the call, as in its header.
    pub id: String,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// URL to which it was sent.
    pub url: String,
    /// HTTP method.
    pub method: String,
    /// The body.
    pub body: String,
    /// Unix timestamp in seconds, as in its header.
    pub timestamp: String,
    /// The signatures, as in their header.
    pub signature: String,
    /// Number of attempts.
    pub attempts: u32,
    /// Status of the last response, if there was one.
    pub status: Option<u16>,
    /// Why the last attempt failed, or why there was no attempt.
    pub error: Option<String>,
}

impl State {
    /// Takes the pending change notices and returns the webhook calls for them: one per webhook, for any number of flags.
    pub(crate) fn deliveries(&mut self, at: Timestamp) -> Vec<Job> {
        let notices = std::mem::take(&mut self.notices);
        let mut jobs = Vec::new();
        let mut groups: BTreeMap<_, Vec<Notice>> = BTreeMap::new();
        for notice in notices {
            groups.entry((notice.config.clone(), notice.environment.clone())).or_default().push(notice);
        }
        for ((config, environment), notices) in groups {
            let Some(product) = self.configs.get(&config).map(|c| c.product.clone()) else { continue };
            let matches = |webhook: &&Webhook| webhook.config == config && webhook.environment == environment;
            let change = Arc::new(self.notified_change(&config, &environment, &notices));
            let webhooks = self.webhooks.of(&product).filter(matches);
            jobs.extend(webhooks.map(|webhook| Job {
                webhook: webhook.clone(),
                change: Arc::clone(&change),
                at,
            }));
        }
        jobs
    }

    fn notified_change(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
        notices: &[Notice],
    ) -> NotifiedChange {
        let details: Vec<String> =
            notices.iter().map(|notice| format!("{}: {}", notice.key, notice.details)).collect();
        NotifiedChange {
            config: self.configs.get(config).map(|c| c.name.clone()).unwrap_or_default(),
            environment: self.environments.get(environment).map(|e| e.name.clone()).unwrap_or_default(),
            by: self.me.full_name.clone(),
            notes: notices.iter().find_map(|notice| notice.why.clone()).unwrap_or_default(),
            details: details.join("\\n"),
        }
    }
}

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

impl Delivery {
    /// Returns its approximate memory, in bytes.
    fn memory(&self) -> usize {
        OVERHEAD + self.url.len() + self.body.len() + self.signature.len()
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
    let keys = [job.webhook.key1.as_deref(), job.webhook.key2.as_deref()].into_iter().flatten();
    let sign = |key| webhook::sign(key, &delivery.id, &delivery.timestamp, body.as_bytes());
    let signatures: Vec<String> = keys.map(sign).collect();
    delivery.signature = signatures.join(",");
    delivery.body.clone_from(&body);
    if !anywhere && !is_local(&job.webhook.url) {
        delivery.error = Some("not sent: webhooks are sent to this machine only, unless allowed".into());
        return delivery;
    }
    attempt_all(client, job, &body.into(), &mut delivery).await;
    delivery
}

/// Sends a call until a response is successful, and notes the last result in the delivery.
async fn attempt_all(client: &reqwest::Client, job: &Job, body: &bytes::Bytes, delivery: &mut Delivery) {
    let mut pause = assumed::WEBHOOK_PAUSE;
    while delivery.attempts < assumed::WEBHOOK_ATTEMPTS {
        if delivery.attempts > 0 {
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        delivery.attempts += 1;
        let method = if job.is_get() { reqwest::Method::GET } else { reqwest::Method::POST };
        let mut request = client
            .request(method, &job.webhook.url)
            .header(webhook::ID_HEADER, &delivery.id)
            .header(webhook::TIMESTAMP_HEADER, &delivery.timestamp)
            .header(webhook::SIGNATURE_HEADER, &delivery.signature);
        for header in &job.webhook.headers {
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
