//! The webhook calls that a transaction causes: to the webhooks of configs and environments, and to proxies.

use crate::assumed;
use crate::state::State;
use crate::state::entities::{Header, ProxyWebhook, Webhook};
use crate::state::notices::Notice;
use configcat_management::Timestamp;
use configcat_management::models::{ConfigId, EnvironmentId, ProxyProfileId, WebhookHttpMethod, WebhookId};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Memory of a call or a delivery without its strings, in bytes.
const OVERHEAD: usize = 512;
/// Characters of a path segment that are percent-encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A webhook call to be made. Its body is made from the content of the webhook after the lock of the state is released.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    receiver: Receiver,
    change: Arc<NotifiedChange>,
    at: Timestamp,
}

/// Receiver of a call.
#[derive(Debug, Clone)]
enum Receiver {
    Webhook(Webhook),
    /// A proxy with a profile; the URL of its webhook is that of the SDK key.
    Proxy(ProxyProfileId, ProxyWebhook),
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
    pub(super) fn body(&self) -> Option<String> {
        let change = &self.change;
        let Receiver::Webhook(webhook) = &self.receiver else {
            return Some(assumed::WEBHOOK_CONTENT.into());
        };
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
    pub(super) fn memory(&self) -> usize {
        let change = &self.change;
        let headers =
            self.headers().iter().map(|header| OVERHEAD / 4 + header.key.len() + header.value.len());
        let content = match &self.receiver {
            Receiver::Webhook(webhook) => webhook.content.as_ref().map_or(0, String::len),
            Receiver::Proxy(..) => 0,
        };
        let shared = [&change.config, &change.environment, &change.by, &change.notes, &change.details];
        let shared: usize = shared.into_iter().map(String::len).sum();
        OVERHEAD + self.url().len() + content + headers.sum::<usize>() + shared
    }

    /// Returns the delivery before the first attempt.
    pub(super) fn delivery(&self) -> Delivery {
        let (webhook_id, proxy_profile_id) = match &self.receiver {
            Receiver::Webhook(webhook) => (Some(webhook.id), None),
            Receiver::Proxy(profile, _) => (None, Some(profile.clone())),
        };
        Delivery {
            id: format!("{:032x}", fastrand::u128(..)),
            webhook_id,
            proxy_profile_id,
            url: self.url().to_owned(),
            method: if self.is_get() { "GET".into() } else { "POST".into() },
            body: String::new(),
            timestamp: self.unix_seconds().to_string(),
            signature: String::new(),
            attempts: 0,
            status: None,
            error: None,
        }
    }

    /// Returns the timestamp of the call in Unix seconds.
    pub(super) fn unix_seconds(&self) -> i64 {
        self.at.unix_micros().div_euclid(1_000_000)
    }

    fn url(&self) -> &str {
        match &self.receiver {
            Receiver::Webhook(webhook) => &webhook.url,
            Receiver::Proxy(_, webhook) => &webhook.url,
        }
    }

    pub(super) fn headers(&self) -> &[Header] {
        match &self.receiver {
            Receiver::Webhook(webhook) => &webhook.headers,
            Receiver::Proxy(..) => &[],
        }
    }

    /// Returns the keys that sign the call.
    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        let (first, second) = match &self.receiver {
            Receiver::Webhook(webhook) => (webhook.key1.as_ref(), webhook.key2.as_ref()),
            Receiver::Proxy(_, webhook) => (Some(&webhook.key1), webhook.key2.as_ref()),
        };
        first.into_iter().chain(second)
    }

    // Observed (proxy): the webhook of a proxy profile is called with POST.
    pub(super) fn is_get(&self) -> bool {
        match &self.receiver {
            Receiver::Webhook(webhook) => webhook.method == WebhookHttpMethod::Get,
            Receiver::Proxy(..) => false,
        }
    }
}

/// Result of a webhook call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Id of the call, as in its header.
    pub id: String,
    /// The webhook, unless a proxy was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<WebhookId>,
    /// The profile of the proxy that was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_profile_id: Option<ProxyProfileId>,
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

impl Delivery {
    /// Returns its approximate memory, in bytes.
    pub(super) fn memory(&self) -> usize {
        OVERHEAD + self.url.len() + self.body.len() + self.signature.len()
    }
}

impl State {
    /// Takes the pending change notices and returns the webhook calls for them: one per webhook, and one per proxy profile
    /// and SDK key, for any number of flags.
    pub(crate) fn deliveries(&mut self, at: Timestamp) -> Vec<Job> {
        let notices = std::mem::take(&mut self.notices);
        let mut jobs = Vec::new();
        let mut groups: BTreeMap<_, Vec<Notice>> = BTreeMap::new();
        for notice in notices {
            groups.entry((notice.config.clone(), notice.environment.clone())).or_default().push(notice);
        }
        for (pair, notices) in groups {
            let webhooks = self.webhooks.find(&pair).cloned().map(Receiver::Webhook);
            let mut receivers = webhooks.chain(self.notified_proxies(&pair.0, &pair.1)).peekable();
            if receivers.peek().is_some() {
                let change = Arc::new(self.notified_change(&pair.0, &pair.1, &notices));
                jobs.extend(receivers.map(|receiver| Job { receiver, change: Arc::clone(&change), at }));
            }
        }
        jobs
    }

    // Observed (proxy): a change of a flag calls `{webhookProxyUrl}/hook/{sdkId}`, with the signature headers of webhooks.
    // Assumed: calls to proxies have no body.
    /// Returns the proxies that serve the SDK key of a config in an environment and have a webhook.
    fn notified_proxies(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> impl Iterator<Item = Receiver> {
        let pair = self.pair(config, environment).ok();
        let profiles =
            pair.into_iter().flat_map(|pair| self.notified_profiles(config).map(move |p| (p, pair)));
        profiles.filter_map(|(profile, (config, environment))| {
            let webhook = profile.webhook.as_ref().filter(|_| self.serves(profile, config, environment))?;
            let url = hook_url(&webhook.url, &assumed::sdk_id(&config.id, &environment.id));
            Some(Receiver::Proxy(profile.id.clone(), ProxyWebhook { url, ..webhook.clone() }))
        })
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

/// Returns the URL of a proxy's webhook for an SDK key, given the URL of the proxy. Its query is kept.
fn hook_url(proxy: &str, sdk_id: &str) -> String {
    let (proxy, _) = proxy.split_once('#').unwrap_or((proxy, ""));
    let (base, query) = proxy.split_at(proxy.find('?').unwrap_or(proxy.len()));
    format!("{}/hook/{}{query}", base.trim_end_matches('/'), utf8_percent_encode(sdk_id, SEGMENT))
}

#[cfg(test)]
mod tests {
    use super::hook_url;

    #[test]
    fn hook_url_is_below_the_url_of_the_proxy() {
        for (proxy, expected) in [
            ("http://proxy:8050", "http://proxy:8050/hook/a_b"),
            ("http://proxy:8050/", "http://proxy:8050/hook/a_b"),
            ("https://edge.example/base//", "https://edge.example/base/hook/a_b"),
            ("https://edge.example/base?x=/1#top", "https://edge.example/base/hook/a_b?x=/1"),
            ("https://edge.example?x", "https://edge.example/hook/a_b?x"),
        ] {
            assert_eq!(hook_url(proxy, "a_b"), expected, "{proxy}");
        }
        assert_eq!(hook_url("http://proxy", "a/../b"), "http://proxy/hook/a%2F..%2Fb");
    }
}
