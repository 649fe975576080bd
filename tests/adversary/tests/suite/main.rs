//! Runs the attacks, one after the other, because some measure memory and time.

use adversary::memory::Counting;
use adversary::{Plan, Surface, all};
use std::fmt::Write as _;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PAGE: &str = "../../docs/security-tests.md";

fn plan() -> Plan {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    Plan {
        whole: std::env::var_os("ADVERSARY").is_some_and(|value| value == "whole"),
        seed: seed.unwrap_or(22),
    }
}

#[test]
fn every_bound_holds() {
    let plan = plan();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (mut problems, mut rows) = (String::new(), Vec::new());
    let only = std::env::var("ATTACK").ok();
    for attack in all().into_iter().filter(|attack| only.as_deref().is_none_or(|name| name == attack.name)) {
        let started = std::time::Instant::now();
        match runtime.block_on((attack.run)(plan)) {
            Ok(seen) => {
                println!("{}: {} tries, {}, {:.1?}", attack.name, seen.tries, seen.seen, started.elapsed());
                rows.push((attack, seen));
            }
            Err(problem) => drop(writeln!(problems, "{}: {problem}", attack.name)),
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    if only.is_none() {
        compare_or_update_page(&rows, plan.whole);
    }
}

/// Compares the attacks and bounds of the page with the run, or writes the page: `cargo xtask update security`.
fn compare_or_update_page(rows: &[(adversary::Attack, adversary::Seen)], whole: bool) {
    const HEAD: &str = "| attack | tries | bound | seen |\n|---|---|---|---|\n";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, _) = text.split_once("\n## ").unwrap();
    let mut fresh = before.to_owned();
    for (surface, title) in [
        (Surface::Server, "Hostile servers and proxies"),
        (Surface::Client, "Hostile clients and web pages"),
        (Surface::File, "Hostile files"),
    ] {
        let _ = write!(fresh, "\n## {title}\n\n{HEAD}");
        for (attack, seen) in rows.iter().filter(|(attack, _)| attack.surface == surface) {
            let _ =
                writeln!(fresh, "| {} | {} | {} | {} |", attack.does, seen.tries, attack.bound, seen.seen);
        }
    }
    if std::env::var_os("UPDATE_SECURITY").is_some() {
        assert!(whole, "the page has the figures of a whole run");
        std::fs::write(&page, fresh).unwrap();
        return;
    }
    // Figures differ from run to run.
    let stable = |text: &str| -> Vec<String> {
        let cells =
            |line: &str| line.split(" | ").step_by(2).map(str::to_owned).collect::<Vec<_>>().join(" | ");
        text.lines().filter(|line| line.starts_with("| ")).map(cells).collect()
    };
    let (text, fresh) = (stable(&text).join("\n"), stable(&fresh).join("\n"));
    let diff = similar::TextDiff::from_lines(&text, &fresh);
    let diff = diff.unified_diff().header("docs/security-tests.md", "this run").to_string();
    assert!(diff.is_empty(), "docs/security-tests.md is stale: run `cargo xtask update security`\n{diff}");
}

#[test]
fn attack_names_are_unique() {
    let names: std::collections::BTreeSet<_> = all().iter().map(|attack| attack.name).collect();
    assert_eq!(names.len(), all().len());
}
