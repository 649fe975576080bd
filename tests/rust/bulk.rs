//! Many concurrent calls over real HTTP.

use crate::support::calls_that_stay;
use configcat_management::bulk::{BulkResult, CONCURRENCY};
use configcat_management::models::{Me, ProductId};
use configcat_management::{Client, ErrorKind, blocking, bulk};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use configcat_simulator::testing::faults::Fault;
use futures_util::StreamExt as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

const SHOP: &str = "20000000-0000-4000-8000-000000000001";
const MISSING: &str = "20000000-0000-4000-8000-00000000ffff";
const ME: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{\"email\":\"a@example.com\",\"fullName\":\"A\"}";

async fn demo() -> (Simulator, Client) {
    let simulator = Simulator::builder().seed(Seed::demo().unwrap()).start().await.unwrap();
    let builder =
        Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).no_proxy();
    let client = builder.build().unwrap();
    (simulator, client)
}

/// Requests that a server handles at the same time: now, and the most until now.
#[derive(Debug, Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A server that takes 30 ms for each request.
fn counting() -> (Client, Arc<Busy>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let busy = Arc::new(Busy::default());
    let shared = Arc::clone(&busy);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let busy = Arc::clone(&shared);
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                    busy.most.fetch_max(busy.now.fetch_add(1, SeqCst) + 1, SeqCst);
                    thread::sleep(Duration::from_millis(30));
                    busy.now.fetch_sub(1, SeqCst);
                    let _ = stream.write_all(ME.as_bytes());
                }
            });
        }
    });
    let builder = Client::builder().credentials("u", "p").base_url(url).no_proxy().max_attempts(1);
    (builder.build().unwrap(), busy)
}

fn checked(result: BulkResult<configcat_management::models::Product>) {
    assert_eq!(result.len(), 50);
    assert!(result.iter().enumerate().all(|(index, outcome)| outcome.index == index));
    assert_eq!(result.values().filter(|product| product.name == "Web Shop").count(), 49);
    let failed: Vec<_> = result.failed().collect();
    assert_eq!((failed.len(), failed[0].index), (1, 17));
    assert_eq!(failed[0].result.as_ref().unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!((&result).into_iter().count(), 50);
    assert_eq!(result.into_values().unwrap_err().kind(), ErrorKind::NotFound);
}

fn ids() -> impl Iterator<Item = ProductId> + Send {
    (0..50).map(|index| ProductId::new(if index == 17 { MISSING } else { SHOP }))
}

#[tokio::test]
async fn outcomes_are_in_order_and_one_error_ends_one_call() {
    let (_simulator, client) = demo().await;
    let products = client.products();
    let mut reported = Vec::new();
    let calls = ids().map(|id| products.get(id));
    checked(bulk(calls).concurrency(8).progress(|done| reported.push(done)).await.unwrap());
    assert_eq!(reported, (1..=50).collect::<Vec<_>>());
    assert_eq!(client.usage().requests, 50);
    let found = bulk([products.find("Web Shop"), products.find("Back Office")]).await.unwrap();
    assert_eq!(found.into_values().unwrap()[1].name, "Back Office");
    assert!(
        bulk(Vec::<configcat_management::find::Find<_>>::from([products.find("x")])).await.unwrap()[0]
            .result
            .is_err()
    );
    let all: BulkResult<Me> = bulk(std::iter::repeat_with(|| client.me().get()).take(3)).await.unwrap();
    assert_eq!(all.into_iter().map(|outcome| outcome.index).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn blocking_outcomes_are_in_order_and_errors_isolated() {
    let _running = calls_that_stay();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (simulator, client) = runtime.block_on(demo());
    let client = blocking::Client::from(client);
    let products = client.products();
    let mut reported = 0;
    let calls = ids().map(|id| products.get(id));
    checked(blocking::bulk(calls).concurrency(8).progress(|done| reported = done).send().unwrap());
    assert_eq!(reported, 50);
    let found = blocking::bulk([products.find("Web Shop"), products.find("nothing")]).send().unwrap();
    assert_eq!((found.values().count(), found.failed().count()), (1, 1));
    let error = blocking::bulk([client.me().get()]).concurrency(0).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    runtime.block_on(simulator.stop());
}

#[tokio::test]
async fn stream_yields_outcomes_as_they_complete() {
    let (simulator, client) = demo().await;
    let slow = Fault { path: Some(format!("*{MISSING}")), delay_ms: Some(1_500), ..Fault::default() };
    // Opens the rate limiter, which would let the first call learn the budget alone.
    client.me().get().await.unwrap();
    simulator.add_fault(slow).unwrap();
    let products = client.products();
    let calls = [MISSING, SHOP, SHOP].map(|id| products.get(id));
    let outcomes = bulk(calls).outcomes().unwrap();
    let order: Vec<usize> = outcomes.map(|outcome| outcome.index).collect().await;
    assert_eq!(order[2], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrency_bounds_the_calls_in_flight() {
    for concurrency in [1, 5] {
        let (client, busy) = counting();
        let calls = (0..20).map(|_| client.me().get());
        assert_eq!(bulk(calls).concurrency(concurrency).await.unwrap().values().count(), 20);
        assert_eq!(busy.most.load(SeqCst), concurrency);
    }
    let (client, busy) = counting();
    let calls = (0..CONCURRENCY * 2).map(|_| client.me().get());
    assert_eq!(bulk(calls).await.unwrap().failed().count(), 0);
    assert!((CONCURRENCY / 2..=CONCURRENCY).contains(&busy.most.load(SeqCst)), "{busy:?}");
}

#[test]
fn blocking_concurrency_bounds_the_calls_in_flight() {
    let _running = calls_that_stay();
    let (client, busy) = counting();
    let client = blocking::Client::from(client);
    let start = Instant::now();
    let calls = (0..20).map(|_| client.me().get());
    assert_eq!(blocking::bulk(calls).concurrency(5).send().unwrap().values().count(), 20);
    assert_eq!(busy.most.load(SeqCst), 5);
    assert!(start.elapsed() < Duration::from_millis(20 * 30), "{:?}", start.elapsed());
}

#[tokio::test]
async fn zero_concurrency_is_refused_before_any_call() {
    let (_simulator, client) = demo().await;
    let error = bulk([client.me().get()]).concurrency(0).await.unwrap_err();
    assert_eq!(error.to_string(), "concurrency: must be at least 1, not 0");
    assert!(bulk([client.me().get()]).concurrency(0).outcomes().is_err());
    assert_eq!(client.usage().requests, 0);
    assert!(
        bulk(Vec::<configcat_management::Request<configcat_management::resources::me::Get>>::new())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn dropped_bulk_leaves_no_call_running() {
    let (simulator, client) = demo().await;
    simulator.add_fault(Fault { delay_ms: Some(20_000), skip: 10, ..Fault::default() }).unwrap();
    let done = AtomicUsize::new(0);
    let calls = (0..100).map(|_| client.me().get());
    let running = bulk(calls).concurrency(4).progress(|n| done.store(n, SeqCst));
    assert!(tokio::time::timeout(Duration::from_secs(1), running.into_future()).await.is_err());
    assert_eq!((done.load(SeqCst), client.usage().requests), (10, 14));
    assert_eq!(client.rate_limit().in_flight, 0);
}

#[tokio::test]
async fn bulk_calls_share_the_rate_limit() {
    let limit = configcat_simulator::RateLimit { limit: 20, window: Duration::from_secs(1) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let builder = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    let client = builder.no_proxy().build().unwrap();
    let start = Instant::now();
    let result = bulk((0..50).map(|_| client.me().get())).concurrency(8).await.unwrap();
    assert_eq!((result.values().count(), client.usage().rate_limited), (50, 0));
    assert!(start.elapsed() > Duration::from_millis(1_500), "{:?}", start.elapsed());
}
