//! Products that are copied into a simulator.

use super::{SHOP, demo, document, empty, reasoned};
use configcat_management::Client;
use configcat_management::changes::{Action, PlanOptions};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;

fn client_of(simulator: &Simulator) -> Client {
    Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .no_proxy()
        .build()
        .unwrap()
}

#[tokio::test]
async fn mirror_has_the_same_document_ids_and_keys() {
    let (_simulator, client) = empty().await;
    assert!(client.apply_document(&document(SHOP), &reasoned()).await.unwrap().is_complete());
    let mirror = Simulator::mirror(&client, "Web Shop 2").await.unwrap();
    let copy = client_of(mirror.simulator());
    assert_eq!(copy.export("Web Shop 2").await.unwrap(), client.export("Web Shop 2").await.unwrap());
    let product = client.products().find("Web Shop 2").await.unwrap();
    let config = client.configs().find(&product.product_id, "Storefront").await.unwrap();
    assert_eq!(copy.configs().get(&config.config_id).await.unwrap().config_id, config.config_id);
    for environment in client.environments().list(&product.product_id).await.unwrap() {
        let keys = client.sdk_keys().get(&config.config_id, &environment.environment_id).await.unwrap();
        assert_eq!(copy.sdk_keys().get(&config.config_id, &environment.environment_id).await.unwrap(), keys);
        let values =
            client.flag_values().get_all(&config.config_id, &environment.environment_id).await.unwrap();
        let copied =
            copy.flag_values().get_all(&config.config_id, &environment.environment_id).await.unwrap();
        let versions = |values: &configcat_management::models::ConfigSettingFormulas| {
            values.setting_formulas.iter().map(|value| value.last_version_id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(versions(&copied), versions(&values));
    }
    assert!(mirror.changes().await.unwrap().is_empty());
}

#[tokio::test]
async fn changes_of_a_mirror_are_applied_to_the_original() {
    let (_simulator, client) = demo().await;
    let mirror = Simulator::mirror(&client, "Web Shop").await.unwrap();
    let copy = client_of(mirror.simulator());
    let product = copy.products().find("Web Shop").await.unwrap();
    let config = copy.configs().find(&product.product_id, "Storefront").await.unwrap();
    let test = copy.environments().find(&product.product_id, "Test").await.unwrap();
    let flag = copy.settings().find(&config.config_id, "maxItemsInCart").await.unwrap();
    let seven = configcat_management::models::UpdateEvaluationFormula::new(7);
    copy.flag_values().replace(&test.environment_id, flag.setting_id, seven).await.unwrap();
    let unused = copy.settings().find(&config.config_id, "discountFactor").await.unwrap();
    copy.settings().delete(unused.setting_id).await.unwrap();

    let plan = mirror.changes().await.unwrap();
    let said: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.action, step.place())).collect();
    assert_eq!(said, ["update Storefront / maxItemsInCart / Test", "delete Storefront / discountFactor"]);

    // Others change one of both in the original meanwhile.
    let theirs = document(
        "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: maxItemsInCart, values: { Test: 9 } }] }]",
    );
    assert!(client.apply_document(&theirs, &PlanOptions::new()).await.unwrap().is_complete());
    let report = client.apply(&plan).await.unwrap();
    let outcomes: Vec<String> = report.outcomes.iter().map(|outcome| outcome.status.to_string()).collect();
    assert_eq!(outcomes, ["conflict", "done"], "{}", report.to_text());
    assert_eq!(plan.steps[1].action, Action::Delete);
    assert_eq!(report.outcomes[0].theirs, Some(9.into()));
}

#[tokio::test]
async fn changes_of_a_mirror_have_the_removal_of_the_last_entity() {
    let (_simulator, client) = demo().await;
    let mirror = Simulator::mirror(&client, "Web Shop").await.unwrap();
    let copy = client_of(mirror.simulator());
    let product = copy.products().find("Web Shop").await.unwrap();
    for tag in copy.tags().list(&product.product_id).await.unwrap() {
        copy.tags().delete(tag.tag_id).await.unwrap();
    }
    let config = copy.configs().find(&product.product_id, "Storefront").await.unwrap();
    let flag = copy.settings().find(&config.config_id, "newCheckout").await.unwrap();
    let named = configcat_management::models::ReplaceSetting::new("New checkout");
    copy.settings().replace(flag.setting_id, named).await.unwrap();
    let plan = mirror.changes().await.unwrap();
    let deleted = plan.steps.iter().filter(|step| step.section == "tags" && step.action == Action::Delete);
    assert_eq!(deleted.count(), 3, "{}", plan.to_text(false));
    // Three flags had these tags, and one of them has lost its hint.
    let updated: Vec<_> = plan.steps.iter().filter(|step| step.section == "settings").collect();
    assert_eq!(updated.len(), 3, "{}", plan.to_text(false));
    assert_eq!(updated[0].after, Some(serde_json::json!({ "hint": null, "tags": [] })));
    let report = client.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    assert_eq!(client.export("Web Shop").await.unwrap(), copy.export("Web Shop").await.unwrap());
}

#[tokio::test]
async fn documents_are_seeds() {
    let seed = Seed::from_yaml(SHOP).unwrap();
    let (_simulator, client) = super::started(seed).await;
    let plan = client.plan(&document(SHOP), &reasoned()).await.unwrap();
    assert!(plan.is_empty(), "{}", plan.to_text(false));
    let wrong = Seed::from_yaml("product: A\ntags: [{ nam: x }]").unwrap_err();
    assert!(wrong.to_string().contains("tags[0].nam: unknown field of a tag, did you mean name?"), "{wrong}");
}
