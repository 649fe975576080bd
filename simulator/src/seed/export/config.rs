//! Configs with SDK keys and webhooks.

use super::{Exporter, Orders};
use crate::seed::{Body, ConfigSeed, DeletedSettingSeed, SdkKeySeed, SigningKeysSeed, WebhookSeed};
use crate::state::entities::{Config, DeletedSetting, Webhook};
use crate::state::lookup::sorted;
use configcat_management::Field;
use configcat_management::construct;
use std::collections::BTreeMap;

impl Exporter<'_> {
    pub(super) fn config(&self, config: &Config, orders: &mut Orders) -> ConfigSeed {
        let state = self.state;
        let environments = || state.environments.of(&config.product);
        let mut sdk_keys = BTreeMap::new();
        let mut webhooks: BTreeMap<String, Vec<WebhookSeed>> = BTreeMap::new();
        for environment in environments() {
            let name = self.environment(&config.product, &environment.id);
            let pair = (config.id.clone(), environment.id.clone());
            if let Some(keys) = state.sdk_keys.get(&pair) {
                let primary = keys.primary.clone();
                let seed = match keys.secondary.clone() {
                    None => SdkKeySeed::Primary(primary),
                    Some(secondary) => SdkKeySeed::Pair { primary, secondary },
                };
                sdk_keys.insert(name.clone(), seed);
            }
            let found: Vec<WebhookSeed> = state.webhooks.find(&pair).map(webhook).collect();
            if !found.is_empty() {
                webhooks.insert(name, found);
            }
        }
        let mut below = Orders::default();
        let settings = sorted(state.settings.of(&config.id), |setting| setting.place.created);
        let requests = state.change_requests.of(&config.product).filter(|r| r.config == config.id);
        ConfigSeed {
            config_id: Some(config.id.clone()),
            name: config.name.clone(),
            description: config.description.clone(),
            order: orders.given(config.place),
            evaluation_version: Some(config.version.clone()),
            sdk_keys,
            webhooks,
            settings: settings.into_iter().map(|s| self.setting(s, config, &mut below)).collect(),
            deleted_settings: state.deleted_settings.of(&config.id).map(deleted).collect(),
            change_requests: requests.map(|request| self.change_request(request)).collect(),
        }
    }
}

fn deleted(deleted: &DeletedSetting) -> DeletedSettingSeed {
    DeletedSettingSeed {
        setting_id: Some(deleted.id),
        key: deleted.key.clone(),
        name: deleted.name.clone(),
        hint: deleted.hint.clone(),
        setting_type: deleted.ty.clone(),
    }
}

fn webhook(webhook: &Webhook) -> WebhookSeed {
    let headers = webhook.headers.iter().map(|header| {
        construct::WebhookHeaderInputFields {
            key: header.key.clone(),
            value: header.value.clone(),
            is_secure: header.secure.then_some(true),
        }
        .into()
    });
    let headers: Vec<_> = headers.collect();
    WebhookSeed {
        webhook_id: Some(webhook.id),
        signing_keys: webhook
            .key1
            .as_ref()
            .map(|key1| SigningKeysSeed { key1: key1.clone(), key2: webhook.key2.clone() }),
        webhook: Body(
            construct::WebhookInputFields {
                url: webhook.url.clone(),
                content: webhook.content.clone().map_or(Field::Absent, Field::Value),
                http_method: Field::Value(webhook.method.clone()),
                web_hook_headers: if headers.is_empty() { Field::Absent } else { Field::Value(headers) },
            }
            .into(),
        ),
    }
}
