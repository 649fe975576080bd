//! Tests code against a simulator in its own process.

// docs: guide
use configcat_management::models::UpdateProduct;
use configcat_management::{Client, Error};
use configcat_simulator::testing::faults::Fault;
use configcat_simulator::testing::journal::Expectation;
use configcat_simulator::{Seed, Simulator};

/// The code under test.
async fn rename(client: &Client) -> Result<String, Error> {
    let product = client.products().find("Web Shop").await?.product_id;
    let body = UpdateProduct::new().name("Shop");
    client.products().update(&product, body).await?;
    Ok(client.products().get(&product).await?.name)
}

// In a test: #[tokio::test], and the type of the error is that of the test.
pub async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().seed(Seed::demo()?).start().await?;
    let client = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .build()?;
    let fault = Fault {
        status: Some(503),
        times: Some(1),
        ..Fault::of("products.update")
    };
    simulator.add_fault(fault)?;
    assert_eq!(rename(&client).await?, "Shop");
    let twice = Expectation::exactly(2, "products.update");
    let requests = simulator.verify(&twice)?;
    println!("renamed after {requests} requests");
    Ok(())
}
// docs: end
