//! Connections of a product to other systems: webhooks, integrations, links, proxy profiles.

use crate::state::table::row;
use configcat_management::Timestamp;
use configcat_management::models::{
    ConfigId, EnvironmentId, IntegrationId, IntegrationLinkType, IntegrationType, OrganizationId, ProductId,
    ProxyProfileId, ProxyProfileSelectionRule, SettingId, WebhookHttpMethod, WebhookId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A header that a webhook sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub key: String,
    pub value: String,
    pub secure: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: WebhookId,
    pub product: ProductId,
    pub config: ConfigId,
    pub environment: EnvironmentId,
    pub url: String,
    pub method: WebhookHttpMethod,
    pub content: Option<String>,
    pub headers: Vec<Header>,
    pub key1: Option<String>,
    pub key2: Option<String>,
}
row!(Webhook, WebhookId, |w| w.id, ProductId, |w| w.product.clone(), (ConfigId, EnvironmentId), |w| vec![(
    w.config.clone(),
    w.environment.clone()
)]);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    pub id: IntegrationId,
    pub product: ProductId,
    pub name: String,
    #[serde(rename = "type")]
    pub ty: IntegrationType,
    pub parameters: BTreeMap<String, String>,
    pub environments: Vec<EnvironmentId>,
    pub configs: Vec<ConfigId>,
    pub created: u64,
}
row!(Integration, IntegrationId, |i| i.id.clone(), ProductId, |i| i.product.clone());

/// Link from a flag to a card, an issue or an item in another system.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationLink {
    pub environment: EnvironmentId,
    pub setting: SettingId,
    #[serde(rename = "type")]
    pub ty: IntegrationLinkType,
    pub key: String,
    pub description: Option<String>,
    pub url: Option<String>,
}
row!(
    IntegrationLink,
    (SettingId, EnvironmentId, String, String),
    |l| (l.setting, l.environment.clone(), l.ty.as_str().to_owned(), l.key.clone()),
    (String, String),
    |l| (l.ty.as_str().to_owned(), l.key.clone())
);

/// A connected Jira instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JiraConnection {
    pub client_key: String,
}
row!(JiraConnection, String, |j| j.client_key.clone(), (), |_j| ());

/// Webhook that notifies a proxy of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyWebhook {
    pub url: String,
    pub key1: String,
    pub key2: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyProfile {
    pub id: ProxyProfileId,
    pub organization: OrganizationId,
    pub name: String,
    pub description: Option<String>,
    pub last_accessed: Option<Timestamp>,
    pub poll_interval: i32,
    pub webhook: Option<ProxyWebhook>,
    pub rules: Vec<ProxyProfileSelectionRule>,
    /// Selected individually, which has an effect only without rules.
    pub selected: Vec<(ConfigId, EnvironmentId)>,
    pub secret: Option<String>,
    pub created: u64,
}
// Profiles with a webhook are found by their organization, so that a change of a flag need not visit the others.
row!(
    ProxyProfile,
    ProxyProfileId,
    |p| p.id.clone(),
    OrganizationId,
    |p| p.organization.clone(),
    OrganizationId,
    |p| p.webhook.iter().map(|_| p.organization.clone()).collect()
);
