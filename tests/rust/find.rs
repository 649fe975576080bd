//! Items found by name over real HTTP.

use crate::support::calls_that_stay;
use configcat_management::models::{CreateProduct, CreateSetting, ProductId, SettingType};
use configcat_management::{CallOptions, Client, Error, ErrorKind, blocking, call, operations};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use configcat_simulator::testing::faults::Fault;
use std::time::Duration;

const SHOP: &str = "20000000-0000-4000-8000-000000000001";
const STOREFRONT: &str = "50000000-0000-4000-8000-000000000001";

async fn demo() -> (Simulator, Client) {
    let simulator = Simulator::builder().seed(Seed::demo().unwrap()).start().await.unwrap();
    let builder =
        Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).no_proxy();
    let client = builder.build().unwrap();
    (simulator, client)
}

async fn organization(client: &Client) -> configcat_management::models::OrganizationId {
    client.organizations().find("Corner Shop").await.unwrap().organization_id
}

fn check(error: &Error, kind: ErrorKind, text: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

#[tokio::test]
async fn find_compares_the_first_field_and_then_the_second() {
    let (_simulator, client) = demo().await;
    let product = client.products().find("Web Shop").await.unwrap();
    assert_eq!(product.product_id, ProductId::new(SHOP));
    let config = client.configs().find(&product.product_id, "Storefront").await.unwrap();
    let settings = client.settings();
    let flag = settings.find(&config.config_id, "newCheckout").await.unwrap();
    assert_eq!(flag.name, "New checkout");
    assert_eq!(settings.find(&config.config_id, "New checkout").await.unwrap(), flag);
    // A key takes precedence over the name of another setting.
    let twin = CreateSetting::new("newCheckout", "other", SettingType::Boolean);
    settings.create(&config.config_id, twin).await.unwrap();
    assert_eq!(settings.find(&config.config_id, "newCheckout").await.unwrap(), flag);
    let ada = client.members().find_for_product(SHOP, "ada@shop.example").await.unwrap();
    let name = ada.full_name.clone().unwrap();
    assert_eq!(client.members().find_for_product(SHOP, name).await.unwrap(), ada);
}

#[tokio::test]
async fn every_list_with_names_can_be_searched() {
    let (_simulator, client) = demo().await;
    assert_eq!(client.environments().find(SHOP, "Test").await.unwrap().name, "Test");
    assert_eq!(client.tags().find(SHOP, "checkout").await.unwrap().name, "checkout");
    assert_eq!(client.segments().find(SHOP, "Big orders").await.unwrap().name, "Big orders");
    assert_eq!(client.permission_groups().find(SHOP, "Developers").await.unwrap().name, "Developers");
    let searched = operations::ALL.into_iter().filter_map(|operation| operation.find);
    for by in searched {
        let list = operations::searched_by(by.call).unwrap();
        assert_eq!(list.find, Some(by));
        assert!(operations::find(by.call).is_none());
    }
    assert!(operations::searched_by("me.find").is_none());
}

#[tokio::test]
async fn ambiguous_name_is_a_conflict_with_the_ids() {
    let (_simulator, client) = demo().await;
    let organization = organization(&client).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        let made = client.products().create(&organization, CreateProduct::new("Twin")).await.unwrap();
        ids.push(made.product_id.to_string());
    }
    let error = client.products().find("Twin").await.unwrap_err();
    check(&error, ErrorKind::Conflict, "products.list: 6 have the name 'Twin': use an id, one of ");
    assert_eq!(ids.iter().filter(|id| error.to_string().contains(*id)).count(), 5, "{error}");
    assert!(error.to_string().ends_with(", …"), "{error}");
    assert_eq!((error.status(), error.attempts(), error.maybe_applied()), (None, 1, false));
}

#[tokio::test]
async fn unknown_name_suggests_up_to_three_similar_ones() {
    let (_simulator, client) = demo().await;
    let error = client.products().find("web shp").await.unwrap_err();
    check(&error, ErrorKind::NotFound, "none has the name 'web shp'; did you mean 'Web Shop'?");
    let error = client.settings().find(STOREFRONT, "zzz").await.unwrap_err();
    check(&error, ErrorKind::NotFound, "none has the key or name 'zzz'; there are ");
    for key in ["swatch1", "swatch2", "swatch3", "swatch4"] {
        let setting = CreateSetting::new(key.to_uppercase(), key, SettingType::Boolean);
        client.settings().create(STOREFRONT, setting).await.unwrap();
    }
    let error = client.settings().find(STOREFRONT, "swatch").await.unwrap_err().to_string();
    assert!(error.contains("'swatch1' or 'swatch2' or 'swatch3'?"), "{error}");
    // Comparing names takes quadratic time.
    let error = client.settings().find(STOREFRONT, "x".repeat(5_000)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn name_in_an_empty_list_is_not_found() {
    let (_simulator, client) = demo().await;
    let organization = organization(&client).await;
    let empty = client.products().create(organization, CreateProduct::new("New")).await.unwrap();
    let error = client.configs().find(&empty.product_id, "Main").await.unwrap_err();
    check(&error, ErrorKind::NotFound, "none has the name 'Main'; the list is empty");
}

#[tokio::test]
async fn empty_name_is_refused_before_sending() {
    let (_simulator, client) = demo().await;
    let error = client.settings().find(STOREFRONT, "").await.unwrap_err();
    check(&error, ErrorKind::BadRequest, "settings.list: not sent: key_or_name: must not be empty");
    assert_eq!(error.field_errors()["key_or_name"], ["must not be empty"]);
    assert_eq!(client.usage().requests, 0);
    let no_names = call::NameSearch::new(operations::find("me.get").unwrap(), "x").unwrap_err();
    check(&no_names, ErrorKind::BadRequest, "me.get does not list items that have names");
}

#[tokio::test]
async fn find_has_the_options_of_a_request() {
    let (simulator, client) = demo().await;
    let slow = Fault { delay_ms: Some(2_000), ..Fault::default() };
    simulator.add_fault(slow).unwrap();
    let find = client.products().find("Web Shop").timeout(Duration::from_millis(50));
    check(&find.clone().await.unwrap_err(), ErrorKind::Timeout, "products.list");
    simulator.clear_faults();
    simulator.add_fault(Fault { status: Some(503), times: Some(1), ..Fault::default() }).unwrap();
    let error = client.products().find("Web Shop").max_attempts(1).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
    assert!(format!("{find:?}").contains("Web Shop"));
}

#[tokio::test]
async fn credentials_in_names_are_masked_in_the_error() {
    let simulator = Simulator::builder().credentials("eve", "s3cret-pass-word").start().await.unwrap();
    let builder = Client::builder().credentials("eve", "s3cret-pass-word").base_url(simulator.url());
    let client = builder.no_proxy().build().unwrap();
    let organization = client.organizations().list().await.unwrap()[0].organization_id.clone();
    client.products().create(organization, CreateProduct::new("s3cret-pass-ford")).await.unwrap();
    let error = client.products().find("s3cret-pass-word").await.unwrap_err();
    check(&error, ErrorKind::NotFound, "did you mean 's3cret-pass-ford'?");
    assert!(!error.to_string().contains("s3cret-pass-word"), "{error}");
}

#[test]
fn blocking_find_has_the_same_api() {
    let _running = calls_that_stay();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (simulator, client) = runtime.block_on(demo());
    let client = blocking::Client::from(client);
    let find = client.configs().find(SHOP, "Storefront").timeout(Duration::from_secs(30)).max_attempts(2);
    assert_eq!(find.send().unwrap().config_id.to_string(), STOREFRONT);
    let error = client.configs().find(SHOP, "Storefrnt").send().unwrap_err();
    check(&error, ErrorKind::NotFound, "did you mean 'Storefront'?");
    check(&client.configs().find(SHOP, "").send().unwrap_err(), ErrorKind::BadRequest, "name");
    runtime.block_on(simulator.stop());
}

#[tokio::test]
async fn dynamic_callers_search_a_response_by_fields() {
    let (_simulator, client) = demo().await;
    let list = operations::searched_by("products.find").unwrap();
    let search = call::NameSearch::new(list, "Back Office").unwrap();
    let response =
        client.call(call::CallInput::new(search.operation()), CallOptions::default()).await.unwrap();
    let items: Vec<serde_json::Value> = response.decode().unwrap();
    let wire = |index: usize, field| match field {
        "name" => items[index]["name"].as_str().map(Into::into),
        _ => items[index]["productId"].as_str().map(Into::into),
    };
    let index = search.pick(&response, items.len(), wire).unwrap();
    assert_eq!(items[index]["name"], "Back Office");
}
