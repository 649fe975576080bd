//! Jobs in copies of a product.

use super::{demo, document};
use configcat_management::changes::PlanOptions;
use configcat_management::{Client, ErrorKind};
use configcat_simulator::testing::journal::Query;
use configcat_simulator::{MirrorError, Simulator};

#[tokio::test]
async fn changes_of_a_mirror_apply_to_the_original() {
    let (simulator, client) = demo().await;
    let mirror = Simulator::mirror(&client, "Web Shop").await.unwrap();
    assert!(mirror.changes().await.unwrap().is_empty());
    let other = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(mirror.simulator().url())
        .no_proxy()
        .build()
        .unwrap();
    assert_eq!(other.export("Web Shop").await.unwrap(), client.export("Web Shop").await.unwrap());
    let change =
        document("product: Web Shop\ntags: [{ name: brandNew }, { name: operations, state: absent }]");
    assert!(other.apply_document(&change, &PlanOptions::new()).await.unwrap().is_complete());

    let plan = mirror.changes_with(PlanOptions::new().reason("Rehearsed")).await.unwrap();
    mirror.stop().await;
    let steps: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.action, step.place())).collect();
    // A flag had the tag that was deleted.
    assert_eq!(steps, ["create brandNew", "update Storefront / maxItemsInCart", "delete operations"]);
    assert!(simulator.journal(&Query::default()).iter().all(|entry| entry.method == "GET"));
    client.apply(&plan).await.unwrap().error_for_failures().unwrap();
    assert!(client.plan(&change, &PlanOptions::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn mirror_of_an_unknown_product_suggests_another() {
    let (_simulator, client) = demo().await;
    match Simulator::mirror(&client, "Web Shp").await {
        Err(MirrorError::Call(error)) => {
            assert_eq!(error.kind(), ErrorKind::NotFound);
            assert!(error.message().contains("did you mean \"Web Shop\"?"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}
