//! What a first-time user does: names types in signatures, gives options twice, and reads the errors of mistakes.

use crate::support::calls_that_stay;
use configcat_management::observer::{Finished, Observer};
use configcat_management::resources::me;
use configcat_management::{
    Blocking, Client, Error, ErrorKind, Mode, Operation, Request, Response, WithResponse, blocking, bulk,
};
use configcat_simulator::{Expectation, Fault, Query, Seed, Simulator};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::time::Duration;

async fn simulator() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    (simulator, client.build().unwrap())
}

fn client(url: impl Into<String>) -> Client {
    Client::builder().credentials("u", "p").base_url(url).no_proxy().max_attempts(1).build().unwrap()
}

/// Functions of applications name the types of calls.
fn patient<O: Operation, M: Mode>(request: Request<O, M>) -> WithResponse<O, M> {
    request.timeout(Duration::from_secs(120)).with_response()
}

fn email(request: Request<me::Get, Blocking>) -> Result<String, Error> {
    let response: Response<_> = patient(request).send()?;
    Ok(response.value.email)
}

#[test]
fn types_of_calls_can_be_named_in_signatures() {
    let _calls = calls_that_stay();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (simulator, _) = runtime.block_on(simulator());
    let client = blocking::Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .build_blocking()
        .unwrap();
    client.network_changed();
    assert!(email(client.me().get()).unwrap().contains('@'));
}

/// An observer needs no `Debug`.
struct Count(AtomicUsize, Arc<mpsc::Sender<usize>>);

impl Observer for Count {
    fn finished(&self, _: &Finished<'_>) {
        let _ = self.1.send(self.0.fetch_add(1, Relaxed) + 1);
    }
}

#[tokio::test]
async fn observer_needs_no_debug() {
    let (simulator, _) = simulator().await;
    let (sender, received) = mpsc::channel();
    let client = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .observer(Count(AtomicUsize::new(0), Arc::new(sender)))
        .build()
        .unwrap();
    client.me().get().await.unwrap();
    assert_eq!(received.try_recv(), Ok(1));
}

#[tokio::test]
async fn option_given_twice_has_the_last_value() {
    let (simulator, client) = simulator().await;
    let organization = client.organizations().list().await.unwrap().remove(0).organization_id;
    let body = configcat_management::models::CreateProduct::new("Shop");
    let product = client.products().create(&organization, body).await.unwrap().product_id;
    let request = client.stale_flags().get(&product).stale_flag_age_days(3).ignored_tag_ids([1, 2]);
    request.stale_flag_age_days(9).ignored_tag_ids([5]).await.unwrap();
    let entry = simulator.journal(&Query::default()).pop().unwrap();
    assert_eq!(entry.query, "staleFlagAgeDays=9&ignoredTagIds=5");
}

#[tokio::test]
async fn connection_error_names_host_and_port() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client(format!("http://127.0.0.1:{port}")).me().get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.message().starts_with(&format!("cannot connect to 127.0.0.1:{port}: ")), "{error}");
}

#[tokio::test]
async fn timeout_names_the_limit_and_the_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let builder = || Client::builder().credentials("u", "p").base_url(&*url).no_proxy().max_attempts(1);
    let short = Duration::from_millis(250);
    let attempt = builder().attempt_timeout(short).build().unwrap().me().get().await.unwrap_err();
    assert_eq!(
        (attempt.kind(), attempt.message()),
        (ErrorKind::Timeout, "timed out after 0.25 s (attempt_timeout) while waiting for the response")
    );
    let whole = builder().build().unwrap().me().get().timeout(short).await.unwrap_err();
    assert_eq!(whole.message(), "timed out after 0.25 s (timeout) while waiting for the response");
}

#[tokio::test]
async fn plain_http_port_is_recognised_behind_https() {
    let (simulator, _) = simulator().await;
    let error = client(format!("https://{}", simulator.address())).me().get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.message().ends_with("this port may be one for http: check base_url"), "{error}");
}

#[tokio::test]
async fn missing_entity_is_named() {
    let (_simulator, client) = simulator().await;
    let error = client.settings().get(987_654).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "settings.get: 404 Not Found: /v1/settings/987654 does not exist, or these credentials may not see it"
    );
}

#[tokio::test]
async fn errors_name_fields_as_the_models_do() {
    let (_simulator, client) = simulator().await;
    let config = "50000000-0000-4000-8000-000000000001";
    let input = configcat_management::models::CreateSetting::new("A", "a", "nothing").hint("h".repeat(2_000));
    let error = client.settings().create(config, input).await.unwrap_err();
    assert!(error.field_errors().contains_key("hint"), "{error}");
    let create = configcat_management::models::CreateEnvironment::new("x".repeat(300));
    let error = client.environments().create("not a uuid", create).await.unwrap_err();
    let fields: Vec<_> = error.field_errors().keys().collect();
    assert_eq!(fields, ["name", "product_id"]);
    assert!(error.message().contains("product_id: ") && !error.message().contains("productId"), "{error}");
}

#[tokio::test]
async fn edits_can_be_calls_of_a_bulk() {
    let simulator = Simulator::builder().seed(Seed::demo().unwrap()).start().await.unwrap();
    let client = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    let client = client.build().unwrap();
    let (values, environment) = (&client.flag_values(), "30000000-0000-4000-8000-000000000001");
    let calls = [3001, 3002, 9999].into_iter().map(|flag| async move {
        let edit = values.edit(environment, flag, |draft| draft.default_value = false.into());
        Ok(edit.reason("Off").await?)
    });
    let result = bulk(calls).await.unwrap();
    let failed: Vec<_> = result.failed().map(|outcome| outcome.index).collect();
    assert_eq!((result.values().count(), failed), (2, vec![2]));
    for flag in [3001, 3002] {
        let read = values.get(environment, flag).await.unwrap();
        assert_eq!(read.default_value.to_string(), "false");
    }
}

#[tokio::test]
async fn retries_of_code_under_test_can_be_verified() {
    let (simulator, client) = simulator().await;
    simulator.add_fault(Fault { status: Some(503), times: Some(1), ..Fault::of("products.list") }).unwrap();
    client.products().list().await.unwrap();
    assert_eq!(simulator.verify(&Expectation::exactly(2, "products.list")), Ok(2));
    let message = simulator.verify(&Expectation::exactly(1, "products.list")).unwrap_err();
    assert!(
        message.starts_with("expected exactly 1 call with operation \"products.list\", found 2"),
        "{message}"
    );
}

#[tokio::test]
async fn zero_attempts_are_refused_with_the_name_of_the_option() {
    let (simulator, client) = simulator().await;
    let error = client.me().get().max_attempts(0).await.unwrap_err();
    assert_eq!(error.message(), "not sent: max_attempts is 0; it must be greater than 0");
    let error = Client::builder().credentials("u", "p").attempt_timeout(Duration::ZERO).build().unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Configuration, "attempt_timeout is 0; it must be greater than 0")
    );
    assert!(simulator.journal(&Query::default()).is_empty());
}

#[test]
fn version_at_the_end_of_the_base_url_is_recognised() {
    for (url, right) in [
        ("https://api.configcat.com/v1", "use https://api.configcat.com"),
        ("https://gateway.example/configcat/v2/", "use https://gateway.example/configcat"),
    ] {
        let error = Client::builder().credentials("u", "p").base_url(url).build().unwrap_err();
        assert!(error.message().ends_with(right), "{error}");
    }
}
