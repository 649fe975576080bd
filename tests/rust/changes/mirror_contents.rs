//! What copies of products in simulators contain.

use super::demo;
use configcat_management::{Client, RateLimitPolicy};
use configcat_simulator::{Mirror, Simulator};
use serde_json::{Value, json};

/// Client of a simulator for a user.
fn client_of(simulator: &Simulator, user: &str) -> Client {
    Client::builder()
        .credentials(user, user)
        .base_url(simulator.url())
        .no_proxy()
        .rate_limit_policy(RateLimitPolicy::Pace)
        .build()
        .unwrap()
}

async fn webhooks(mirror: &Mirror) -> Value {
    let client = client_of(mirror.simulator(), "simulator");
    let product = client.products().find("Web Shop").await.unwrap();
    json!(client.webhooks().list(&product.product_id).await.unwrap())
}

#[tokio::test]
async fn mirror_equals_its_original() {
    let (_simulator, client) = demo().await;
    let mirror = Simulator::mirror(&client, "Web Shop").await.unwrap();
    let copy = client_of(mirror.simulator(), "simulator");
    assert_eq!(copy.export("Web Shop").await.unwrap(), client.export("Web Shop").await.unwrap());
    assert_eq!(copy.export_seed("Web Shop").await.unwrap(), client.export_seed("Web Shop").await.unwrap());
    assert!(mirror.changes().await.unwrap().is_empty());
    assert_eq!(mirror.placeholders(), [""; 0]);
}

#[tokio::test]
async fn mirror_has_webhooks_with_placeholders() {
    let (_simulator, client) = demo().await;
    let product = client.products().find("Web Shop").await.unwrap();
    let config = client.configs().find(&product.product_id, "Storefront").await.unwrap();
    let environment = client.environments().find(&product.product_id, "Test").await.unwrap();
    let headers = json!([
        { "key": "X-Token", "value": "hidden", "isSecure": true },
        { "key": "X-Plain", "value": "seen", "isSecure": false },
    ]);
    let body = json!({ "url": "https://hook.example/a", "content": "c", "webHookHeaders": headers });
    let path =
        format!("/v1/configs/{}/environments/{}/webhooks", config.config_id, environment.environment_id);
    client.request("POST", path).body(body).await.unwrap();
    let mirror = Simulator::mirror(&client, "Web Shop").await.unwrap();
    let original = json!(client.webhooks().list(&product.product_id).await.unwrap());
    assert_eq!(webhooks(&mirror).await, original, "secure headers are hidden in both");
    assert_eq!(
        mirror.placeholders(),
        [
            "signing keys of the webhook https://hook.example/a (Storefront / Test)",
            "secure header X-Token of the webhook https://hook.example/a (Storefront / Test)",
        ]
    );
}

#[tokio::test]
async fn mirror_needs_no_right_to_see_sdk_keys() {
    let (simulator, _client) = demo().await;
    let manager = client_of(&simulator, "grace");
    let mirror = Simulator::mirror(&manager, "Web Shop").await.unwrap();
    assert!(mirror.changes().await.unwrap().is_empty());
}
