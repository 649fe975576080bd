//! Webhooks and the keys that sign their calls.

use crate::assumed;
use crate::call::Call;
use crate::generated::webhooks::Webhooks;
use crate::problem::Problem;
use crate::rules::{patching, urls};
use crate::state::entities::{Header, Webhook};
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, ConfigId, EnvironmentId, JsonPatch, ProductId, WebhookHeaderInput, WebhookHttpMethod,
    WebhookId, WebhookInput, WebhookSigningKeys,
};
use configcat_management::{Field, Timestamp, schema};

/// Validates the headers of a request. A secure header whose hidden value is echoed keeps its stored value.
///
/// Documented: the value of a secure header is never returned.
/// Assumed: a request that sends the asterisks of a secure header keeps the header's value.
/// Assumed: a header whose name or value HTTP does not allow is refused with 400.
fn headers(inputs: Vec<WebhookHeaderInput>, before: &[Header]) -> Result<Vec<Header>, Problem> {
    let mut headers: Vec<Header> = Vec::new();
    let mut hidden: Vec<&Header> = before.iter().filter(|header| header.secure).collect();
    for (i, input) in inputs.into_iter().enumerate() {
        if http::HeaderName::from_bytes(input.key.as_bytes()).is_err() {
            return Err(Problem::field(
                format!("webHookHeaders[{i}].key"),
                "It is not the name of a header.",
            ));
        }
        if http::HeaderValue::from_str(&input.value).is_err() {
            return Err(Problem::field(
                format!("webHookHeaders[{i}].value"),
                "It is not the value of a header.",
            ));
        }
        // Each once and in order, because there may be several with the same name.
        let echoed = input.value == assumed::HIDDEN && input.is_secure != Some(false);
        let at = hidden.iter().position(|header| echoed && header.key == input.key);
        let kept = at.map(|at| hidden.remove(at));
        headers.push(Header {
            value: kept.map_or(input.value, |h| h.value.clone()),
            secure: input.is_secure.unwrap_or(kept.is_some()),
            key: input.key,
        });
    }
    Ok(headers)
}

/// Converts a webhook to the equivalent request body, with hidden secrets, to which a JSON Patch is applied.
fn as_input(webhook: &Webhook) -> WebhookInput {
    let headers = webhook.headers.iter().map(|header| {
        construct::WebhookHeaderInputFields {
            key: header.key.clone(),
            value: if header.secure { assumed::HIDDEN.into() } else { header.value.clone() },
            is_secure: Some(header.secure),
        }
        .into()
    });
    construct::WebhookInputFields {
        url: webhook.url.clone(),
        content: Field::from(webhook.content.clone()),
        http_method: Field::Value(webhook.method.clone()),
        web_hook_headers: Field::Value(headers.collect()),
    }
    .into()
}

impl State {
    /// Documented: a webhook has one or two signing keys.
    /// Assumed: the first signing key is made with the webhook and stays.
    fn write_webhook(&mut self, mut webhook: Webhook, input: WebhookInput) -> Result<(), Problem> {
        urls::http("url", &input.url)?;
        webhook.headers = headers(input.web_hook_headers.value().unwrap_or_default(), &webhook.headers)?;
        webhook.url = input.url;
        webhook.content = input.content.value();
        webhook.method = input.http_method.value().unwrap_or(WebhookHttpMethod::Get);
        self.webhooks.insert(webhook);
        Ok(())
    }

    /// Creates a webhook with its first signing key.
    pub(crate) fn create_webhook(
        &mut self,
        now: Timestamp,
        config: &ConfigId,
        environment: &EnvironmentId,
        id: Option<WebhookId>,
        input: WebhookInput,
    ) -> Result<WebhookId, Problem> {
        let product = self.pair(config, environment)?.0.product.clone();
        let id = id.unwrap_or_else(|| self.ids.webhook());
        let webhook = Webhook {
            id,
            product: product.clone(),
            config: config.clone(),
            environment: environment.clone(),
            url: String::new(),
            method: WebhookHttpMethod::Get,
            content: None,
            headers: Vec::new(),
            key1: Some(ids::signing_key()),
            key2: None,
        };
        let url = input.url.clone();
        self.write_webhook(webhook, input)?;
        let event = Event::new(AuditLogType::WebHookCreated, &product, &url, "Webhook created.");
        self.record(now, event.config(config).environment(environment));
        Ok(id)
    }

    fn change_webhook(&mut self, now: Timestamp, id: WebhookId, input: WebhookInput) -> Result<(), Problem> {
        let webhook = self.webhook(id)?.clone();
        let (product, config, environment) =
            (webhook.product.clone(), webhook.config.clone(), webhook.environment.clone());
        let url = input.url.clone();
        self.write_webhook(webhook, input)?;
        let event = Event::new(AuditLogType::WebHookChanged, &product, &url, "Webhook changed.");
        self.record(now, event.config(&config).environment(&environment));
        Ok(())
    }

    /// Adds a second signing key to a webhook, or removes it.
    pub(crate) fn set_second_key(
        &mut self,
        now: Timestamp,
        id: WebhookId,
        wanted: bool,
    ) -> Result<(), Problem> {
        let webhook = self.webhooks.get_mut(&id).ok_or_else(Problem::not_found)?;
        webhook.key2 = wanted.then(ids::signing_key);
        let (product, url) = (webhook.product.clone(), webhook.url.clone());
        let ty = if wanted {
            AuditLogType::WebhookSigningKeyCreated
        } else {
            AuditLogType::WebhookSigningKeyDeleted
        };
        self.record(now, Event::new(ty, &product, &url, "Second signing key."));
        Ok(())
    }
}

impl Webhooks for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<models::Webhook>, Problem> {
        self.product(&product_id)?;
        let seen: Vec<_> = self.visible_environments(&product_id).into_iter().map(|e| &e.id).collect();
        let webhooks = self.webhooks.of(&product_id).filter(|webhook| seen.contains(&&webhook.environment));
        webhooks.map(|webhook| self.view_webhook(webhook)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
        body: WebhookInput,
    ) -> Result<models::Webhook, Problem> {
        let id = self.create_webhook(call.now, &config_id, &environment_id, None, body)?;
        self.view_webhook(self.webhook(id)?)
    }

    fn get(&mut self, _: &Call<'_>, webhook_id: WebhookId) -> Result<models::Webhook, Problem> {
        self.view_webhook(self.webhook(webhook_id)?)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        webhook_id: WebhookId,
        body: JsonPatch,
    ) -> Result<models::Webhook, Problem> {
        let current = as_input(self.webhook(webhook_id)?);
        if let Some(input) = patching::apply(&current, &body, &schema::webhooks::WEBHOOK_INPUT)? {
            self.change_webhook(call.now, webhook_id, input)?;
        }
        self.view_webhook(self.webhook(webhook_id)?)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        webhook_id: WebhookId,
        body: WebhookInput,
    ) -> Result<models::Webhook, Problem> {
        self.change_webhook(call.now, webhook_id, body)?;
        self.view_webhook(self.webhook(webhook_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, webhook_id: WebhookId) -> Result<(), Problem> {
        let webhook = self.webhooks.remove(&webhook_id).ok_or_else(Problem::not_found)?;
        let event =
            Event::new(AuditLogType::WebHookDeleted, &webhook.product, &webhook.url, "Webhook deleted.");
        self.record(call.now, event.config(&webhook.config).environment(&webhook.environment));
        Ok(())
    }

    fn get_signing_keys(
        &mut self,
        _: &Call<'_>,
        webhook_id: WebhookId,
    ) -> Result<WebhookSigningKeys, Problem> {
        let webhook = self.webhook(webhook_id)?;
        Ok(construct::WebhookSigningKeysFields { key1: webhook.key1.clone(), key2: webhook.key2.clone() }
            .into())
    }
}
