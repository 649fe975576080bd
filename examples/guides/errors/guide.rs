//! Handles errors by their kind.

// docs: guide
use configcat_management::models::CreateTag;
use configcat_management::{Client, Error, ErrorKind};

pub async fn run() -> Result<(), Error> {
    let client = Client::from_env()?;
    let product = client.products().find("Web Shop").await?;
    let nameless = CreateTag::new("");
    match client.tags().create(&product.product_id, nameless).await {
        Err(error) if error.kind() == ErrorKind::BadRequest => {
            for (field, problems) in error.field_errors() {
                println!("{field}: {}", problems.join(", "));
            }
            println!("attempts: {}", error.attempts()); // 0: nothing was sent
        }
        other => drop(other?),
    }
    let unknown = "30000000-0000-4000-8000-00000000ffff";
    match client.environments().get(unknown).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("status: {}", error.status().unwrap_or_default());
            println!("attempts: {}", error.attempts());
        }
        other => drop(other?),
    }
    Ok(())
}
// docs: end
