//! Calls by name over real HTTP, as bindings and tools make them, and a client's usage statistics.

use crate::support::calls_alone;
use configcat_management::call::CallInput;
use configcat_management::models::{CreateProduct, Product};
use configcat_management::spec::Operation;
use configcat_management::{CallOptions, Client, ErrorKind, RateLimitPolicy, blocking, operations};
use configcat_simulator::{RateLimit, Simulator};
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::time::Duration;

fn builder(simulator: &Simulator) -> configcat_management::Builder {
    Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).no_proxy()
}

fn operation(name: &str) -> &'static Operation {
    operations::find(name).unwrap()
}

fn named(operation: &'static Operation, arguments: Value) -> CallInput {
    let Value::Object(arguments) = arguments else { panic!("not an object") };
    CallInput::named(operation, arguments).unwrap()
}

async fn organization(client: &Client) -> String {
    client.organizations().list().await.unwrap()[0].organization_id.to_string()
}

#[tokio::test]
async fn call_by_name_returns_a_response_decoded_on_demand() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    let organization = organization(&client).await;
    let create = operation("products.create");
    let input = named(create, json!({ "organization_id": organization, "name": "Shop" }));
    let response = client.call(input, CallOptions::default()).await.unwrap();
    assert_eq!((response.status(), response.attempts(), response.already_deleted()), (201, 1, false));
    assert_eq!(response.operation().unwrap().id, "products.create");
    assert_eq!(response.bytes(), response.body());
    assert!(response.headers().contains_key("content-type"));
    assert!(response.waited() <= response.elapsed());
    assert_eq!(response.rate_limit(), client.rate_limit());
    let product: Product = response.decode().unwrap();
    assert_eq!(product.name, "Shop");
    let error = response.decode::<Vec<Product>>().unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Decode, true));
    let error = response.refuse("name".into(), "it is too short");
    assert!(error.to_string().contains("`name`") && error.to_string().contains("too short"), "{error}");
    simulator.stop().await;
}

#[tokio::test]
async fn stream_of_the_rate_limit_yields_after_a_call() {
    let limit = RateLimit { limit: 50, window: Duration::from_secs(60) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    let mut states = Box::pin(client.rate_limits());
    assert_eq!(states.next().await.unwrap().remaining, None);
    assert!(states.next().now_or_never().is_none());
    client.me().get().await.unwrap();
    assert_eq!(states.next().await.unwrap().remaining, Some(49));
    client.me().get().await.unwrap();
    client.me().get().await.unwrap();
    // States in between are left out.
    assert_eq!(states.next().await.unwrap().remaining, Some(47));
    drop(client);
    assert_eq!(states.next().await, None);
    simulator.stop().await;
}

#[tokio::test]
async fn call_by_name_is_validated_before_sending() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    let create = operation("products.create");
    // The service's own name of the operation finds the same one.
    assert_eq!(operation("create-product").id, create.id);
    assert!(operations::find("products.paint").is_none());
    let error =
        CallInput::named(create, json!({ "colour": "red" }).as_object().unwrap().clone()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let input = named(create, json!({ "organization_id": "not-a-uuid", "name": "Shop" }));
    let error = client.call(input, CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::BadRequest, 0));
    assert_eq!(error.request().map(|(method, _)| method), Some("POST"));
    assert_eq!(client.usage().requests, 0);
    let once = CallOptions {
        max_attempts: Some(1),
        timeout: Some(Duration::from_secs(30)),
        ..CallOptions::default()
    };
    let me = CallInput::new(operation("me.get"));
    assert_eq!(client.call(me, once).await.unwrap().attempts(), 1);
    simulator.stop().await;
}

#[tokio::test]
async fn client_reports_usage_and_rate_limit() {
    let limit = RateLimit { limit: 2, window: Duration::from_secs(3600) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let client = builder(&simulator).rate_limit_policy(RateLimitPolicy::FailFast).build().unwrap();
    for _ in 0..2 {
        client.me().get().await.unwrap();
    }
    assert_eq!(client.rate_limit().remaining, Some(0));
    let error = client.me().get().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    let off = builder(&simulator).rate_limit_policy(RateLimitPolicy::Off).build().unwrap();
    let error = off.me().get().max_attempts(1).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::RateLimited, Some(429)));
    assert_eq!((client.usage().requests, off.usage().rate_limited), (2, 1));
    simulator.stop().await;
}

#[test]
fn blocking_runtime_is_shared_and_can_be_shut_down() {
    let _alone = calls_alone();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let simulator = runtime.block_on(Simulator::builder().start()).unwrap();
    let client = blocking::Client::from(builder(&simulator).retry_all_methods(true).build().unwrap());
    let lease = blocking::Lease::new();
    let organizations = client.organizations().list().send().unwrap();
    let input = CreateProduct::new("Shop");
    let made =
        client.products().create(&organizations[0].organization_id, input).with_response().send().unwrap();
    assert_eq!((made.status, made.value.name.as_str()), (201, "Shop"));
    drop((lease.clone(), lease));
    // Later calls start a new runtime.
    blocking::shutdown();
    assert!(client.products().list().send().unwrap().iter().any(|product| product.name == "Shop"));
    assert_eq!(client.usage().requests, 3);
    assert_eq!(client.rate_limit().waiting, 0);
    runtime.block_on(simulator.stop());
}
