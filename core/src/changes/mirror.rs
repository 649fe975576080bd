//! What mirrors need to know about the seed of their product. For the simulator and the bindings.

use super::json::{items, text};
use serde_json::Value;

/// A product as the seed of a simulator, as `Client::export_seed` returns it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ProductSeed<'a>(pub &'a Value);

impl ProductSeed<'_> {
    fn product(&self) -> &Value {
        self.0.pointer("/organizations/0/products/0").unwrap_or(&Value::Null)
    }

    /// Name of the product.
    #[must_use]
    pub fn name(&self) -> &str {
        text(self.product(), "name")
    }

    /// Returns the secrets that cannot be read from the service, and are placeholders in the copy: secure headers and signing keys
    /// of webhooks, in words.
    #[must_use]
    pub fn placeholders(&self) -> Vec<String> {
        let mut found = Vec::new();
        for config in items(self.product(), "configs") {
            let by_environment = config.get("webhooks").and_then(Value::as_object);
            for (environment, webhooks) in by_environment.into_iter().flatten() {
                for webhook in webhooks.as_array().into_iter().flatten() {
                    let (url, config) = (text(webhook, "url"), text(config, "name"));
                    let of = format!("of the webhook {url} ({config} / {environment})");
                    found.push(format!("signing keys {of}"));
                    let headers = items(webhook, "webHookHeaders");
                    let secure = headers.filter(|header| header.get("isSecure") == Some(&Value::Bool(true)));
                    found.extend(secure.map(|header| format!("secure header {} {of}", text(header, "key"))));
                }
            }
        }
        found
    }
}
