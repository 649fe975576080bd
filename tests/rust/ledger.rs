//! Ledger test: under faults, compares for every call the result that the client reported, the executions in the
//! simulator's journal, and the simulator's final state.
//!
//! No call may be executed twice, and no report may be false: success means executed, and an error without
//! `maybe_applied` means not executed. A run is determined by its seed and number of items; `LEDGER_SEEDS` and
//! `LEDGER_ITEMS` make the test longer.

use configcat_management::models::{CreateTag, ProductId, Tag, TagId, UpdateTag};
use configcat_management::{Client, Error, Result};
use configcat_simulator::Simulator;
use configcat_simulator::testing::faults::{Fault, Reset};
use configcat_simulator::testing::journal::{Entry, Query};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

const WORKERS: usize = 16;
const PRODUCT: &str = "Ledger";
const OLD: &str = "panther";
const NEW: &str = "salmon";

/// Result of a call as reported by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reported {
    Done,
    NotDone,
    Unknown,
    /// The call was not made.
    Never,
}

impl<T> From<&Result<T>> for Reported {
    fn from(result: &Result<T>) -> Self {
        match result.as_ref().err().map(Error::maybe_applied) {
            None => Self::Done,
            Some(true) => Self::Unknown,
            Some(false) => Self::NotDone,
        }
    }
}

impl Reported {
    /// Whether the report agrees with what happened.
    fn agrees(self, happened: bool) -> bool {
        match self {
            Self::Done => happened,
            Self::NotDone | Self::Never => !happened,
            Self::Unknown => true,
        }
    }
}

/// The reported results of all calls for one tag.
struct Item {
    name: String,
    id: Option<TagId>,
    create: Reported,
    update: Reported,
    delete: Reported,
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().map_or(default, |text| text.parse().unwrap())
}

fn faults(seed: u64) -> Vec<Fault> {
    let fault =
        |probability: f64, fault: Fault| Fault { probability: Some(probability), seed: Some(seed), ..fault };
    vec![
        fault(0.04, Fault { reset: Some(Reset::Before), ..Fault::default() }),
        fault(0.04, Fault { reset: Some(Reset::After), ..Fault::default() }),
        fault(0.02, Fault { status: Some(500), ..Fault::default() }),
        fault(0.02, Fault { status: Some(503), retry_after: Some(0), ..Fault::default() }),
        fault(0.01, Fault { status: Some(409), ..Fault::default() }),
        fault(0.002, Fault { status: Some(429), retry_after: Some(0), ..Fault::default() }),
        fault(0.03, Fault { cut_body_at: Some(3), ..Fault::default() }),
        fault(0.03, Fault { bad_json: true, ..Fault::default() }),
        fault(0.003, Fault { delay_ms: Some(600), ..Fault::default() }),
    ]
}

async fn life(client: &Client, product: &ProductId, name: String, random: &mut fastrand::Rng) -> Item {
    let input = CreateTag::new(&*name).color(OLD.to_owned());
    let created = client.tags().create(product, input).await;
    let id = created.as_ref().ok().map(|tag| tag.tag_id);
    let mut item =
        Item { name, id, create: Reported::from(&created), update: Reported::Never, delete: Reported::Never };
    let Some(tag) = id else { return item };
    if random.f64() < 0.8 {
        let change = UpdateTag::new().color(NEW.to_owned());
        item.update = Reported::from(&client.tags().update(tag, change).await);
    }
    if random.f64() < 0.7 {
        item.delete = Reported::from(&client.tags().delete(tag).await);
    }
    item
}

/// Compares the reports for a tag with the final state; returns a description of the difference.
fn audit(item: &Item, tags: &HashMap<String, Vec<Tag>>) -> Option<String> {
    let none = Vec::new();
    let found = tags.get(&item.name).unwrap_or(&none);
    let Item { name, create, update, delete, .. } = item;
    let wrong = match found.as_slice() {
        [] => {
            let deleted = *create == Reported::Done && delete.agrees(true);
            !deleted && !create.agrees(false)
        }
        [tag] => {
            let changed = tag.color.as_deref() == Some(NEW);
            !create.agrees(true) || !delete.agrees(false) || !update.agrees(changed)
        }
        _ => true,
    };
    wrong.then(|| format!("{name}: create {create:?}, update {update:?}, delete {delete:?}, but {found:?}"))
}

/// Number of executions of each operation, by the name of the tag or its path.
struct Journal {
    creates: HashMap<String, usize>,
    updates: HashMap<String, usize>,
    deletes: HashMap<String, usize>,
}

impl Journal {
    fn read(simulator: &Simulator) -> Self {
        let count = |operation: &str, of: fn(&Entry) -> Option<String>| {
            let query = Query { operation: Some(operation.to_owned()), ..Query::default() };
            let done = simulator.journal(&query).into_iter();
            // A call that a fault replaced has no `order`. A call whose response a fault altered has one, and its own status.
            let done = done.filter(|entry| entry.order.is_some() && (200..300).contains(&entry.status));
            done.fold(HashMap::new(), |mut counts, entry| {
                *counts.entry(of(&entry).unwrap()).or_default() += 1;
                counts
            })
        };
        Self {
            creates: count("tags.create", |entry| {
                entry.request_body.as_ref()?.get("name")?.as_str().map(str::to_owned)
            }),
            updates: count("tags.update", |entry| Some(entry.path.clone())),
            deletes: count("tags.delete", |entry| Some(entry.path.clone())),
        }
    }

    /// Compares the reports for a tag with the executions; returns a description of the difference.
    fn audit(&self, item: &Item) -> Option<String> {
        let path = item.id.map(|id| format!("/v1/tags/{id}")).unwrap_or_default();
        let times = |counts: &HashMap<String, usize>, of: &str| counts.get(of).copied().unwrap_or(0);
        let created = times(&self.creates, &item.name);
        let (updated, deleted) = (times(&self.updates, &path), times(&self.deletes, &path));
        let Item { name, create, update, delete, .. } = item;
        // Updates are idempotent, so the client may repeat them.
        let once = created <= 1 && deleted <= 1;
        let agrees = create.agrees(created > 0) && update.agrees(updated > 0) && delete.agrees(deleted > 0);
        (!once || !agrees).then(|| {
            format!(
                "{name}: create {create:?}, update {update:?}, delete {delete:?}, but the journal has {created}, \
                 {updated} and {deleted}"
            )
        })
    }
}

/// Lets the workers create, update and delete tags, and returns the reported results.
async fn work(client: &Client, product: &ProductId, seed: u64, items: usize) -> Vec<Item> {
    let next = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let (client, product, next) = (client.clone(), product.clone(), Arc::clone(&next));
            let mut random = fastrand::Rng::with_seed(seed * 1000 + worker as u64);
            tokio::spawn(async move {
                let mut lives = Vec::new();
                loop {
                    let n = next.fetch_add(1, SeqCst);
                    if n >= items {
                        return lives;
                    }
                    lives.push(life(&client, &product, format!("tag {n}"), &mut random).await);
                }
            })
        })
        .collect();
    let mut ledger = Vec::new();
    for worker in workers {
        ledger.extend(worker.await.unwrap());
    }
    ledger
}

/// Asserts that each result occurred often enough for the audit to be meaningful.
fn assert_enough(ledger: &[Item], journal: &Journal, seed: u64, happened: u64) {
    let calls = |reported: Reported| {
        let each =
            |item: &Item| [item.create, item.update, item.delete].iter().filter(|t| **t == reported).count();
        ledger.iter().map(each).sum::<usize>()
    };
    let (done, not, unknown) = (calls(Reported::Done), calls(Reported::NotDone), calls(Reported::Unknown));
    println!(
        "seed {seed}: {} calls: {done} done, {not} not done, {unknown} unknown; {happened} faults",
        done + not + unknown
    );
    assert!(happened as usize > ledger.len() / 10, "{happened} faults are too few");
    assert!(unknown > 0 && not > 0, "{unknown} unknown, {not} not done");
    let carried_out = |counts: &HashMap<String, usize>| counts.values().sum::<usize>();
    assert!(
        carried_out(&journal.creates) > done / 4 && carried_out(&journal.deletes) > 0,
        "the journal has too few executions"
    );
}

async fn run(seed: u64, items: usize) -> String {
    let simulator = Simulator::builder().journal(items * 100).start().await.unwrap();
    let builder =
        || Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).no_proxy();
    let client = builder().attempt_timeout(Duration::from_millis(400)).build().unwrap();
    let patient = builder().build().unwrap();
    let organization = patient.organizations().list().await.unwrap().remove(0).organization_id;
    let input = configcat_management::models::CreateProduct::new(PRODUCT);
    let product = patient.products().create(organization, input).await.unwrap().product_id;
    for (n, fault) in (0..).zip(faults(seed)) {
        simulator.add_fault(Fault { seed: Some(seed * 100 + n), ..fault }).unwrap();
    }
    let ledger = work(&client, &product, seed, items).await;
    let happened: u64 = simulator.faults().iter().map(|report| report.happened).sum();
    simulator.clear_faults();
    // Delayed requests may still arrive.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let journal = Journal::read(&simulator);
    let mut tags: HashMap<String, Vec<Tag>> = HashMap::new();
    for tag in patient.tags().list(&product).await.unwrap() {
        tags.entry(tag.name.clone()).or_default().push(tag);
    }
    assert_enough(&ledger, &journal, seed, happened);
    assert_eq!(ledger.len(), items);
    let problems = ledger.iter().flat_map(|item| [audit(item, &tags), journal.audit(item)]);
    problems.flatten().fold(String::new(), |mut problems, problem| {
        let _ = writeln!(problems, "seed {seed}: {problem}");
        problems
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_is_executed_twice_or_reported_wrongly() {
    let (seeds, items) = (number("LEDGER_SEEDS", 2), number("LEDGER_ITEMS", 400));
    let mut problems = String::new();
    for seed in 1..=seeds as u64 {
        problems += &run(seed, items).await;
    }
    assert!(problems.is_empty(), "\n{problems}");
}
