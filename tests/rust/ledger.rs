//! A ledger of what was asked, what the client said became of it, what the simulator's journal says was carried out, and what
//! the simulator has in the end, under faults.
//!
//! Nothing may be done twice, and no report may be false: success means done, an error without `maybe_applied` means not
//! done. A seed and a number of items make a run; `LEDGER_SEEDS` and `LEDGER_ITEMS` make it longer.

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

/// What the client said of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Done,
    NotDone,
    Unknown,
    /// It was not asked.
    Never,
}

impl<T> From<&Result<T>> for Told {
    fn from(result: &Result<T>) -> Self {
        match result.as_ref().err().map(Error::maybe_applied) {
            None => Self::Done,
            Some(true) => Self::Unknown,
            Some(false) => Self::NotDone,
        }
    }
}

impl Told {
    /// Whether this fits what happened.
    fn fits(self, happened: bool) -> bool {
        match self {
            Self::Done => happened,
            Self::NotDone | Self::Never => !happened,
            Self::Unknown => true,
        }
    }
}

/// A tag's life, as the client told it.
struct Item {
    name: String,
    id: Option<TagId>,
    create: Told,
    update: Told,
    delete: Told,
}

fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().map_or(usual, |text| text.parse().unwrap())
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
    let wish = CreateTag::new(&*name).color(OLD.to_owned());
    let created = client.tags().create(product, wish).await;
    let id = created.as_ref().ok().map(|tag| tag.tag_id);
    let mut item = Item { name, id, create: Told::from(&created), update: Told::Never, delete: Told::Never };
    let Some(tag) = id else { return item };
    if random.f64() < 0.8 {
        let change = UpdateTag::new().color(NEW.to_owned());
        item.update = Told::from(&client.tags().update(tag, change).await);
    }
    if random.f64() < 0.7 {
        item.delete = Told::from(&client.tags().delete(tag).await);
    }
    item
}

/// What does not fit, in words.
fn audit(item: &Item, tags: &HashMap<String, Vec<Tag>>) -> Option<String> {
    let none = Vec::new();
    let found = tags.get(&item.name).unwrap_or(&none);
    let Item { name, create, update, delete, .. } = item;
    let wrong = match found.as_slice() {
        [] => {
            let gone = *create == Told::Done && delete.fits(true);
            !gone && !create.fits(false)
        }
        [tag] => {
            let changed = tag.color.as_deref() == Some(NEW);
            !create.fits(true) || !delete.fits(false) || !update.fits(changed)
        }
        _ => true,
    };
    wrong.then(|| format!("{name}: create {create:?}, update {update:?}, delete {delete:?}, but {found:?}"))
}

/// How often the calls of each kind were carried out, by the name of the tag or its path.
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
            // What a fault answered for did not meet the state; what it spoiled afterwards keeps its status.
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

    /// What was carried out and does not fit what was told, in words.
    fn audit(&self, item: &Item) -> Option<String> {
        let path = item.id.map(|id| format!("/v1/tags/{id}")).unwrap_or_default();
        let times = |counts: &HashMap<String, usize>, of: &str| counts.get(of).copied().unwrap_or(0);
        let created = times(&self.creates, &item.name);
        let (updated, deleted) = (times(&self.updates, &path), times(&self.deletes, &path));
        let Item { name, create, update, delete, .. } = item;
        // To change twice what was changed is harmless, so that may be sent again.
        let once = created <= 1 && deleted <= 1;
        let fits = create.fits(created > 0) && update.fits(updated > 0) && delete.fits(deleted > 0);
        (!once || !fits).then(|| {
            format!(
                "{name}: create {create:?}, update {update:?}, delete {delete:?}, but the journal has {created}, \
                 {updated} and {deleted}"
            )
        })
    }
}

/// Lets the workers create, update and delete items, and returns what they were told.
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

/// Enough calls ended in each way for the audit to mean something.
fn assert_enough(ledger: &[Item], journal: &Journal, seed: u64, happened: u64) {
    let calls = |told: Told| {
        let each =
            |item: &Item| [item.create, item.update, item.delete].iter().filter(|t| **t == told).count();
        ledger.iter().map(each).sum::<usize>()
    };
    let (done, not, unknown) = (calls(Told::Done), calls(Told::NotDone), calls(Told::Unknown));
    println!(
        "seed {seed}: {} calls: {done} done, {not} not done, {unknown} unknown; {happened} faults",
        done + not + unknown
    );
    assert!(happened as usize > ledger.len() / 10, "{happened} faults are too few");
    assert!(unknown > 0 && not > 0, "{unknown} unknown, {not} not done");
    let carried_out = |counts: &HashMap<String, usize>| counts.values().sum::<usize>();
    assert!(
        carried_out(&journal.creates) > done / 4 && carried_out(&journal.deletes) > 0,
        "the journal is short"
    );
}

async fn run(seed: u64, items: usize) -> String {
    let simulator = Simulator::builder().journal(items * 100).start().await.unwrap();
    let builder =
        || Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).no_proxy();
    let client = builder().attempt_timeout(Duration::from_millis(400)).build().unwrap();
    let patient = builder().build().unwrap();
    let organization = patient.organizations().list().await.unwrap().remove(0).organization_id;
    let wish = configcat_management::models::CreateProduct::new(PRODUCT);
    let product = patient.products().create(organization, wish).await.unwrap().product_id;
    for (n, fault) in (0..).zip(faults(seed)) {
        simulator.add_fault(Fault { seed: Some(seed * 100 + n), ..fault }).unwrap();
    }
    let ledger = work(&client, &product, seed, items).await;
    let happened: u64 = simulator.faults().iter().map(|report| report.happened).sum();
    simulator.clear_faults();
    // What was delayed arrives late.
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
async fn nothing_is_done_twice_and_no_report_is_false() {
    let (seeds, items) = (number("LEDGER_SEEDS", 2), number("LEDGER_ITEMS", 400));
    let mut problems = String::new();
    for seed in 1..=seeds as u64 {
        problems += &run(seed, items).await;
    }
    assert!(problems.is_empty(), "\n{problems}");
}
