//! Runs the Rust client against every fault, and compares the table in the documentation with the results.

use configcat_management::models::{CreateProduct, OrganizationId, ProductId};
use configcat_management::{Client, Error, blocking};
use fault_server::{Expected, Fault, Seen, all, settings, start};
use std::error::Error as _;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

const ID: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed";
/// Tolerance for the duration of a call on a busy machine.
const BUSY: Duration = Duration::from_secs(5);
const PAGE: &str = "../../docs/faults.md";
/// Limits concurrency so that no call is delayed on two cores.
static SLOTS: Semaphore = Semaphore::const_new(24);

fn client(url: &str, authority: &str) -> Client {
    let mut builder = Client::builder().credentials("user", "hunter2").base_url(url).no_proxy();
    if url.starts_with("https") {
        builder = builder.root_certificate(authority);
    }
    builder
        .connect_timeout(settings::CONNECT_TIMEOUT)
        .attempt_timeout(settings::ATTEMPT_TIMEOUT)
        .timeout(settings::TIMEOUT)
        .max_attempts(settings::MAX_ATTEMPTS)
        .max_rate_limit_wait(settings::MAX_RATE_LIMIT_WAIT)
        .max_response_size(settings::MAX_RESPONSE_SIZE)
        .build()
        .unwrap()
}

/// The observed result of a call.
struct Observed {
    outcome: Result<u32, Error>,
    took: Duration,
}

/// How a call is made.
#[derive(Clone, Copy)]
enum Way {
    Async,
    Blocking,
}

async fn call(client: &Client, post: bool, way: Way) -> Observed {
    let start = Instant::now();
    let (organization, product, input) =
        (OrganizationId::from(ID), ProductId::from(ID), CreateProduct::new("Shop"));
    let outcome = match (way, post) {
        (Way::Async, true) => {
            client.products().create(organization, input).with_response().await.map(|r| r.attempts)
        }
        (Way::Async, false) => client.products().get(product).with_response().await.map(|r| r.attempts),
        (Way::Blocking, _) => {
            let client = blocking::Client::from(client.clone());
            let work = tokio::task::spawn_blocking(move || match post {
                true => {
                    client.products().create(organization, input).with_response().send().map(|r| r.attempts)
                }
                false => client.products().get(product).with_response().send().map(|r| r.attempts),
            });
            work.await.unwrap()
        }
    };
    Observed { outcome, took: start.elapsed() }
}

impl Observed {
    fn as_expected(&self) -> (&'static str, u32, bool) {
        match &self.outcome {
            Ok(attempts) => ("response", *attempts, false),
            Err(error) => (error.kind().as_str(), error.attempts(), error.maybe_applied()),
        }
    }

    /// Returns a description of the difference to the expected result, if there is one.
    fn problem(&self, expected: &Expected) -> Option<String> {
        let wanted = (expected.seen.word(), expected.attempts, expected.maybe_applied);
        if self.as_expected() != wanted {
            return Some(format!("{:?} instead of {wanted:?}: {:?}", self.as_expected(), self.outcome));
        }
        if self.took > expected.within + BUSY {
            return Some(format!("took {:?}, more than {:?}", self.took, expected.within));
        }
        let shown = self.outcome.as_ref().err();
        let shown = shown.map(|e| {
            let causes = std::iter::successors(e.source(), |cause| (*cause).source());
            let causes: Vec<String> = causes.map(|cause| format!("{cause} {cause:?}")).collect();
            let (fields, body) = (e.field_errors(), String::from_utf8_lossy(e.body()));
            format!("{e} {e:?} {:?} {fields:?} {causes:?} {body}", e.path())
        });
        // The password in plain text, and in the Base64 of the `Authorization` header.
        let secret = shown.filter(|shown| leaks(shown));
        secret.map(|shown| format!("shows the password: {shown}"))
    }
}

/// Whether a text contains the password or the Base64 of the `Authorization` header, plain or escaped as the faults do.
fn leaks(shown: &str) -> bool {
    ["hunter2", "dXNlcjpodW50", "\\u0068", "hunt\\u0065r2", "%68unter2"]
        .iter()
        .any(|form| shown.contains(form))
}

/// Returns a row of the table.
fn row(fault: &Fault, [get, post]: [&Observed; 2]) -> String {
    let cell = |seen: &Observed, expected: &Expected| {
        let (word, attempts, maybe) = seen.as_expected();
        let times = if attempts == 1 { "once".to_owned() } else { format!("{attempts} times") };
        let maybe = if maybe { ", may be applied" } else { "" };
        format!("{word}, sent {times}{maybe}, {:.1} s", expected.within.as_secs_f64())
    };
    format!("| {} | {} | {} |", fault.does, cell(get, &fault.get), cell(post, &fault.post))
}

/// Runs every fault, with a GET and with a POST request.
async fn run(way: Way) -> Vec<(Fault, [Observed; 2])> {
    let faults = all();
    assert!(faults.len() >= 40, "{} faults", faults.len());
    let (gets, authority) = start(faults).await.unwrap();
    // Servers count their connections, so each method needs its own servers.
    let (posts, authority_of_posts) = start(all()).await.unwrap();
    let calls: Vec<_> = gets
        .iter()
        .map(|site| (site, &authority, false))
        .chain(posts.iter().map(|site| (site, &authority_of_posts, true)))
        .map(|(site, authority, post)| {
            let (client, warm) = (client(&site.url, authority), site.fault.warm);
            tokio::spawn(async move {
                let _permit = SLOTS.acquire().await.unwrap();
                if warm {
                    call(&client, false, way).await.outcome.unwrap();
                    // The client needs some time to notice that a connection was closed.
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                call(&client, post, way).await
            })
        })
        .collect();
    let mut observed = Vec::new();
    for call in calls {
        observed.push(call.await.unwrap());
    }
    let posts = observed.split_off(gets.len());
    gets.into_iter().zip(observed).zip(posts).map(|((site, get), post)| (site.fault, [get, post])).collect()
}

/// Asserts that every result is the expected one.
fn check(results: &[(Fault, [Observed; 2])]) {
    let mut problems = String::new();
    for (fault, [get, post]) in results {
        for (verb, seen, expected) in [("GET", get, &fault.get), ("POST", post, &fault.post)] {
            if let Some(problem) = seen.problem(expected) {
                let _ = writeln!(problems, "{} ({verb}): {problem}", fault.name);
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_has_the_expected_result() {
    let results = run(Way::Async).await;
    check(&results);
    let rows = results.iter().map(|(fault, [get, post])| row(fault, [get, post]) + "\n");
    compare_or_update_page(&rows.collect::<String>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_calls_have_the_expected_results_too() {
    check(&run(Way::Blocking).await);
}

/// Compares the table with the documentation page, or updates the page: `cargo xtask update faults`.
fn compare_or_update_page(table: &str) {
    const HEAD: &str = "| the server | a request that may be repeated | one that may not |\n|---|---|---|\n";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, _) = text.split_once(HEAD).unwrap();
    let fresh = format!("{before}{HEAD}{table}");
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        std::fs::write(&page, fresh).unwrap();
    } else {
        let diff = similar::TextDiff::from_lines(&text, &fresh);
        let diff = diff.unified_diff().header("docs/faults.md", "what was seen").to_string();
        assert!(diff.is_empty(), "docs/faults.md is stale: run `cargo xtask update faults`\n{diff}");
    }
}

#[test]
fn fault_names_are_unique() {
    let names: std::collections::BTreeSet<_> = all().iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), all().len());
    assert!(all().iter().any(|fault| fault.get.seen == Seen::Response && fault.get.attempts > 1));
}
