//! Members that the spec does not have are kept, and sent.

use configcat_management::models::{
    CreateConfig, CreateEnvironment, CreateProduct, CreateSetting, CreateTag, EvaluationVersion, Product,
    SettingType, UpdateTag,
};
use configcat_management::{Builder, Client};
use configcat_simulator::Simulator;
use configcat_simulator::testing::faults::Fault;
use configcat_simulator::testing::journal::Query;
use serde_json::{Value, json};

fn connect(simulator: &Simulator) -> Builder {
    Client::builder().credentials("simulator", "simulator").base_url(simulator.url())
}

async fn start() -> (Simulator, Client, Product) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = connect(&simulator).build().unwrap();
    let organization = client.organizations().list().await.unwrap().remove(0).organization_id;
    let product = client.products().create(organization, CreateProduct::new("Shop")).await.unwrap();
    (simulator, client, product)
}

/// A tag as a newer service would send it.
fn newer_tag(product: &Product) -> Value {
    let mut product = serde_json::to_value(product).unwrap();
    product["plan"] = json!({ "name": "Enterprise", "seats": [1, 2.5, null] });
    json!({ "icon": "star", "tagId": 7, "product": product, "name": "beta", "color": null, "uses": 3 })
}

#[tokio::test]
async fn unknown_members_of_responses_are_kept() {
    let (simulator, client, product) = start().await;
    let sent = json!([newer_tag(&product), newer_tag(&product)]);
    simulator
        .add_fault(Fault {
            operation: Some("tags.list".into()),
            body: Some(sent.clone()),
            ..Fault::default()
        })
        .unwrap();
    let tags = client.tags().list(&product.product_id).await.unwrap();
    let tag = &tags[1];
    assert_eq!((tag.name.as_str(), tag.extra.len()), ("beta", 2));
    assert_eq!(tag.extra.get("icon"), Some(&json!("star")));
    assert_eq!(
        tag.product.extra.get("plan"),
        Some(&json!({ "name": "Enterprise", "seats": [1, 2.5, null] }))
    );
    assert_eq!(serde_json::to_value(&tags).unwrap(), sent);
    let names: Vec<&str> = tag.extra.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["icon", "uses"]);
    assert_ne!(*tag, {
        let mut other = tag.clone();
        other.extra = [("icon".to_owned(), json!("moon"))].into_iter().collect();
        other
    });
}

#[tokio::test]
async fn unknown_members_of_flag_values_are_kept() {
    let (simulator, client, product) = start().await;
    let body = CreateConfig::new("Main").evaluation_version(EvaluationVersion::V2);
    let config = client.configs().create(&product.product_id, body).await.unwrap().config_id;
    let body = CreateEnvironment::new("Test");
    let environment = client.environments().create(&product.product_id, body).await.unwrap().environment_id;
    let body = CreateSetting::new("A", "a", SettingType::Boolean);
    let flag = client.settings().create(config, body).await.unwrap().setting_id;
    let response = client.flag_values().get(&environment, flag).with_response().await.unwrap();
    assert!(response.value.default_value.extra.is_empty());
    let mut formula: Value = serde_json::from_slice(&response.body).unwrap();
    formula["defaultValue"]["since"] = json!("2027");
    let operation = Some("flag_values.get".into());
    simulator.add_fault(Fault { operation, body: Some(formula), ..Fault::default() }).unwrap();
    let read = client.flag_values().get(&environment, flag).await.unwrap().default_value;
    assert_eq!((read.value, read.extra.get("since")), (Some(false.into()), Some(&json!("2027"))));
}

#[tokio::test]
async fn unknown_members_of_requests_are_sent() {
    let (simulator, client, product) = start().await;
    let input = CreateTag::new("beta").extra("icon", json!({ "shape": "star" }));
    let tag = client.tags().create(&product.product_id, input).await.unwrap();
    assert!(tag.extra.is_empty());
    client.tags().update(tag.tag_id, UpdateTag::new().extra("icon", Value::Null)).await.unwrap();
    let query = Query { operation: Some("tags.*".into()), ..Query::default() };
    let bodies: Vec<Value> =
        simulator.journal(&query).into_iter().filter_map(|entry| entry.request_body).collect();
    assert_eq!(bodies, [json!({ "name": "beta", "icon": { "shape": "star" } }), json!({ "icon": null })]);
}

/// The number of its brackets does not show whether the values of such a response fit.
#[tokio::test]
async fn unknown_members_of_a_response_near_the_limit_are_kept() {
    let (simulator, _, product) = start().await;
    let list = |unknown: &[usize]| {
        let tag = |at: usize| {
            let mut tag = newer_tag(&product);
            if !unknown.contains(&at) {
                let members = tag.as_object_mut().unwrap();
                members.retain(|name, _| name != "icon" && name != "uses");
                tag["product"].as_object_mut().unwrap().remove("plan");
            }
            tag
        };
        Value::Array((0..500).map(tag).collect())
    };
    let some: Vec<usize> = (0..500).step_by(25).collect();
    for unknown in [&[][..], &[499], &some] {
        let sent = list(unknown);
        let fault = Fault {
            operation: Some("tags.list".into()),
            body: Some(sent.clone()),
            times: Some(1),
            ..Fault::default()
        };
        simulator.add_fault(fault).unwrap();
        let limit = sent.to_string().len() + 100;
        let client = connect(&simulator).max_response_size(limit).build().unwrap();
        let tags = client.tags().list(&product.product_id).await.unwrap();
        assert!(serde_json::to_value(&tags).unwrap() == sent, "{} with unknown members", unknown.len());
    }
}
