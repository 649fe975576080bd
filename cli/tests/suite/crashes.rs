//! Runs of `apply` that are killed: applying again continues, loses nothing and creates nothing twice.

use crate::support::Demo;
use configcat_simulator::seed::Seed;
use std::fmt::Write as _;
use std::process::Stdio;

/// A product with 300 steps for its 100 flags, and four others.
fn document() -> String {
    let mut text = String::from(
        "product: Crash\nenvironments: [{ name: Test }, { name: Production }]\nconfigs:\n  - name: Main\n    settings:\n",
    );
    for flag in 0..100 {
        let key = format!("flag{flag:03}");
        writeln!(
            text,
            "      - {{ key: {key}, name: {key}, settingType: int, values: {{ Test: {}, Production: 7 }} }}",
            flag + 1
        )
        .unwrap();
    }
    text
}

fn received(demo: &Demo) -> usize {
    demo.simulator.journal(&Default::default()).len()
}

/// Exported document, with the flags in any order: those of a killed run are created in another one.
fn exported(demo: &Demo) -> Vec<String> {
    let text = demo.run(&["export", "Crash"]).expect(0);
    assert_eq!(text.matches("key: ").count(), 100, "{text}");
    let mut lines: Vec<_> = text.lines().filter(|line| !line.contains("order:")).map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Kills a run when the simulator has received a number of requests, and applies again.
fn killed_and_continued(at: usize, expected: &[String]) {
    let demo = Demo::with(Seed::empty());
    let file = demo.write("crash.yaml", &document());
    let mut child = demo.program(&["apply", &file, "--yes"]).stdout(Stdio::null()).spawn().unwrap();
    while received(&demo) < at && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let again = demo.run(&["apply", &file, "--yes"]);
    assert_eq!(again.status, Some(0), "killed after {at} requests: {again:?}");
    assert_eq!(demo.run(&["plan", &file]).status, Some(0), "killed after {at} requests");
    assert_eq!(exported(&demo), expected, "killed after {at} requests");
}

/// `CRASHES=all` kills a run at each request; the default is every sixteenth.
#[test]
fn killed_apply_is_continued_by_the_next() {
    let demo = Demo::with(Seed::empty());
    let file = demo.write("crash.yaml", &document());
    let plan = demo.run(&["plan", &file]).expect(2);
    assert!(plan.ends_with("Plan: 104 to create, 200 to update, with 106 requests.\n"), "{plan}");
    let before = received(&demo);
    demo.run(&["apply", &file, "--yes"]).expect(0);
    let requests = received(&demo) - before;
    let expected = exported(&demo);
    let step = if std::env::var("CRASHES").is_ok_and(|which| which == "all") { 1 } else { 16 };
    let points: Vec<usize> = (1..requests).step_by(step).collect();
    assert!(points.len() >= 6, "{requests} requests");
    for at in points {
        killed_and_continued(at, &expected);
    }
}
