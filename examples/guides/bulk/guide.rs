//! Creates many tags at once. One of them fails.

// docs: guide
use configcat_management::models::CreateTag;
use configcat_management::{Client, Error, bulk};

pub async fn run() -> Result<(), Error> {
    let client = Client::from_env()?;
    let product = client.products().find("Web Shop").await?.product_id;
    let names = (0..20).map(|number| format!("team-{number}"));
    let calls = names
        .chain([String::new()])
        .map(|name| client.tags().create(&product, CreateTag::new(name)));
    let result = bulk(calls).concurrency(8).await?;
    for outcome in result.failed() {
        if let Err(error) = &outcome.result {
            let attempts = error.attempts();
            println!("number {} failed, attempts: {attempts}", outcome.index);
        }
    }
    println!("{} tags created", 21 - result.failed().count());
    Ok(())
}
// docs: end
