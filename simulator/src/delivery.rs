//! Webhook dispatcher: signed calls, with retries and a log of deliveries.

use crate::assumed;
use crate::state::State;
use crate::state::entities::{Person, Webhook};
use crate::state::notices::Notice;
use configcat_management::models::{WebhookHttpMethod, WebhookId};
use configcat_management::{Timestamp, webhook};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// Maximum number of deliveries in the log.
const LOG: usize = 1_000;
const TIMEOUT: Duration = Duration::from_secs(10);

/// A webhook call to be made.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    webhook: Webhook,
    body: String,
    at: Timestamp,
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
            for webhook in self.webhooks.of(&product) {
                if webhook.config == config && webhook.environment == environment {
                    let body = self.fill_in(webhook, &notices, &self.me);
                    jobs.push(Job { webhook: webhook.clone(), body, at });
                }
            }
        }
        jobs
    }

    /// Returns the content of a webhook, with its placeholders replaced.
    fn fill_in(&self, webhook: &Webhook, notices: &[Notice], by: &Person) -> String {
        let content = webhook.content.clone().unwrap_or_else(|| assumed::WEBHOOK_CONTENT.into());
        let config = self.configs.get(&webhook.config).map(|c| c.name.clone()).unwrap_or_default();
        let environment =
            self.environments.get(&webhook.environment).map(|e| e.name.clone()).unwrap_or_default();
        let notes = notices.iter().find_map(|notice| notice.why.clone()).unwrap_or_default();
        let details: Vec<String> =
            notices.iter().map(|notice| format!("{}: {}", notice.key, notice.details)).collect();
        assumed::placeholders(
            &content,
            &[
                ("ConfigName", &config),
                ("ConfigId", webhook.config.as_str()),
                ("EnvironmentName", &environment),
                ("EnvironmentId", webhook.environment.as_str()),
                ("ChangedBy", &by.full_name),
                ("ChangeNotes", &notes),
                ("ChangeDetails", &details.join("\\n")),
                ("URL", &webhook.url),
            ],
        )
    }
}

/// Webhook dispatcher: makes the calls, one after the other.
#[derive(Debug)]
pub(crate) struct WebhookDispatcher {
    jobs: OnceLock<mpsc::UnboundedSender<Job>>,
    log: Arc<Mutex<VecDeque<Delivery>>>,
    anywhere: bool,
}

impl WebhookDispatcher {
    pub(crate) fn new(anywhere: bool) -> Self {
        Self { jobs: OnceLock::new(), log: Arc::default(), anywhere }
    }

    /// Queues calls, which are made in the background.
    pub(crate) fn send(&self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let sender = self.jobs.get_or_init(|| {
            let (sender, queue) = mpsc::unbounded_channel();
            tokio::spawn(deliver_all(queue, Arc::clone(&self.log), self.anywhere));
            sender
        });
        for job in jobs {
            let _ = sender.send(job);
        }
    }

    /// Returns the last deliveries, oldest first.
    pub(crate) fn log(&self) -> Vec<Delivery> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Clears the log.
    pub(crate) fn clear(&self) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn deliver_all(
    mut queue: mpsc::UnboundedReceiver<Job>,
    log: Arc<Mutex<VecDeque<Delivery>>>,
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
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() >= LOG {
            log.pop_front();
        }
        log.push_back(delivery);
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
    let id = format!("{:032x}", fastrand::u128(..));
    let timestamp = job.at.unix_micros().div_euclid(1_000_000).to_string();
    let keys = [job.webhook.key1.as_deref(), job.webhook.key2.as_deref()];
    let signatures: Vec<String> = keys
        .into_iter()
        .flatten()
        .map(|key| webhook::sign(key, &id, &timestamp, job.body.as_bytes()))
        .collect();
    let is_get = job.webhook.method == WebhookHttpMethod::Get;
    let mut delivery = Delivery {
        id,
        webhook_id: job.webhook.id,
        url: job.webhook.url.clone(),
        method: if is_get { "GET".into() } else { "POST".into() },
        body: job.body.clone(),
        timestamp,
        signature: signatures.join(","),
        attempts: 0,
        status: None,
        error: None,
    };
    if !anywhere && !is_local(&job.webhook.url) {
        delivery.error = Some("not sent: webhooks are sent to this machine only, unless allowed".into());
        return delivery;
    }
    let mut pause = assumed::WEBHOOK_PAUSE;
    while delivery.attempts < assumed::WEBHOOK_ATTEMPTS {
        if delivery.attempts > 0 {
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        delivery.attempts += 1;
        let method = if is_get { reqwest::Method::GET } else { reqwest::Method::POST };
        let mut request = client
            .request(method, &job.webhook.url)
            .header(webhook::ID_HEADER, &delivery.id)
            .header(webhook::TIMESTAMP_HEADER, &delivery.timestamp)
            .header(webhook::SIGNATURE_HEADER, &delivery.signature);
        for header in &job.webhook.headers {
            request = request.header(&header.key, &header.value);
        }
        match request.body(job.body.clone()).send().await {
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
    delivery
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
