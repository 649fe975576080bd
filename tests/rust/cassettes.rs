//! Cassettes: recorded with the simulator, played back without it.

use configcat_management::models::{CreateProduct, OrganizationId};
use configcat_management::{Cassette, CassetteMode, Client, ErrorKind, RateLimitPolicy};
use configcat_simulator::{RateLimit, Simulator};
use std::path::PathBuf;

/// A file that does not exist yet, in a directory that does not either.
fn file(directory: &tempfile::TempDir) -> PathBuf {
    directory.path().join("recordings").join("products.jsonl")
}

async fn job(client: &Client) -> configcat_management::Result<(String, usize)> {
    let organization: OrganizationId = client.organizations().list().await?.remove(0).organization_id;
    let before = client.products().list().await?.len();
    let product = client.products().create(organization, CreateProduct::new("Shop")).await?;
    let after = client.products().list().await?.len();
    assert_eq!(after, before + 1);
    Ok((product.product_id.to_string(), after))
}

fn recording(simulator: &Simulator, cassette: Cassette) -> Client {
    let builder = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    builder.cassette(cassette).build().unwrap()
}

#[tokio::test]
async fn recording_is_played_back_without_a_server() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory);
    let simulator = Simulator::builder().start().await.unwrap();
    let recorded = job(&recording(&simulator, Cassette::auto(&path))).await.unwrap();
    simulator.stop().await;

    // Nothing listens on port 1, and there are no credentials.
    let client =
        Client::builder().base_url("http://127.0.0.1:1").cassette(Cassette::auto(&path)).build().unwrap();
    assert_eq!(job(&client).await.unwrap(), recorded);

    // Every response has been used.
    let error = client.products().list().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable(), error.maybe_applied()),
        (ErrorKind::Configuration, false, false)
    );
    let message = error.message();
    assert!(message.contains("products.jsonl: GET /v1/products is recorded 2 times"), "{message}");
    let error = client.products().delete(&*recorded.0).await.unwrap_err();
    assert!(error.message().contains("is not recorded"), "{error}");
    let error = client
        .products()
        .create("08d86d63-2721-4da6-8c06-584521d516bc", CreateProduct::new("Other"))
        .await
        .unwrap_err();
    assert!(error.message().contains("is not recorded"), "{error}");
}

#[tokio::test]
async fn recorded_budget_does_not_delay_a_playback() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory);
    let limit = RateLimit { limit: 2, window: std::time::Duration::from_secs(60) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let builder = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    let client = builder
        .rate_limit_policy(RateLimitPolicy::Off)
        .max_attempts(1)
        .cassette(Cassette::record(&path))
        .build()
        .unwrap();
    client.me().get().await.unwrap();
    client.me().get().await.unwrap();
    assert_eq!(client.me().get().await.unwrap_err().status(), Some(429));

    let client = Client::builder().max_attempts(1).cassette(Cassette::replay(&path)).build().unwrap();
    let start = std::time::Instant::now();
    client.me().get().await.unwrap();
    client.me().get().await.unwrap();
    assert_eq!(client.me().get().await.unwrap_err().status(), Some(429));
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[tokio::test]
async fn recording_has_no_credentials() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory);
    let simulator =
        Simulator::builder().credentials("watchful-user", "s3cr3t/pass\"word").start().await.unwrap();
    let client = Client::builder()
        .credentials("watchful-user", "s3cr3t/pass\"word")
        .base_url(simulator.url())
        .cassette(Cassette::record(&path))
        .build()
        .unwrap();
    let organization = client.organizations().list().await.unwrap().remove(0).organization_id;
    // The response repeats the description.
    let input = CreateProduct::new("Shop").description("by watchful-user with s3cr3t/pass\"word");
    client.products().create(organization, input).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("by *** with ***"), "{text}");
    for secret in ["watchful-user", "s3cr3t", "d2F0Y2hmdWwtdXNlcjpz", "uthorization"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn unusable_file_is_reported_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broken.jsonl");
    let refused = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let error = Client::builder().cassette(Cassette::replay(&path)).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.message().to_owned()
    };
    assert!(refused("").contains("broken.jsonl: it is not a recording"));
    assert!(refused("{\"cassette\":2}\n").contains("version 2 is not known"));
    assert!(refused("{\"cassette\":1}\n{\"request\":{}}\n").contains("line 2: missing field"));
    let both = r#"{"request":{"method":"GET","target":"/"},"response":{"status":200,"headers":[],"body":"","base64":""}}"#;
    assert!(refused(&format!("{{\"cassette\":1}}\n{both}\n")).contains("line 2: both body and base64"));

    let missing = Cassette::new(directory.path().join("none.jsonl"), CassetteMode::Replay);
    let error = Client::builder().cassette(missing).build().unwrap_err();
    assert!(error.message().contains("none.jsonl: "), "{error}");
}
