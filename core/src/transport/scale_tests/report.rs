//! The page with the results of the runs, `docs/pacing.md`.

use super::crowd::{Behaviour, RunFigures, Scene};
use super::plot::Shares;
use super::{plot, run, scene};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const BEHAVIOURS: [(Behaviour, &str); 5] = [
    (Behaviour::Insists, "again every second, until served"),
    (Behaviour::Tries(1), "one try"),
    (Behaviour::Tries(3), "three tries, waiting as told"),
    (Behaviour::Tries(5), "five tries, waiting as told"),
    (Behaviour::Paces, "this library"),
];

/// The part of the page that is written by hand comes before this line.
const MARK: &str = "<!-- What follows is written by the tests in core/src/transport/scale_tests. -->\n";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn table(text: &mut String, title: &str, who: &str) {
    writeln!(
        text,
        "\n## {title}\n\n| behaviour | {who} | time / ideal | throttled | of all requests | given up | \
         served in the second window | newcomer, longest |\n|---|---|---|---|---|---|---|---|"
    )
    .unwrap();
}

fn row(text: &mut String, what: &str, processes: usize, outcome: &RunFigures) {
    let (least, most) = outcome.share;
    let newcomer = outcome.newcomers.iter().max().copied().unwrap_or_default();
    let stretch = if outcome.failed > 0 { "-".to_owned() } else { format!("{:.2}", outcome.stretch()) };
    writeln!(
        text,
        "| {what} | {processes} | {stretch} | {} | {:.1} % | {} | {least} to {most} | {:.1} s |",
        outcome.refused,
        outcome.refused_percent(),
        outcome.failed,
        newcomer.as_secs_f64()
    )
    .unwrap();
}

#[test]
fn pacing_page_is_up_to_date() {
    let mut text = String::new();
    table(&mut text, "Scripts with one credential, by their reaction to 429", "processes");
    let mut pictured = Vec::new();
    for (behaviour, what) in BEHAVIOURS {
        let outcome = run(Scene { newcomers: 5, ..scene(behaviour, 64) });
        row(&mut text, what, 64, &outcome);
        pictured.push((what, outcome));
    }
    let shares = shares();
    text.push_str(&format!("\n![{}](images/pacing-rejected.svg)\n", seen(&shares)));
    text.push_str(
        "\n![The five behaviours over five minutes, with 64 processes. Scripts that try again every second are rejected 35,000 \
         times; the line of this library follows the budget without rejections.](images/pacing.svg)\n",
    );
    table(&mut text, "This library, by the number of processes", "processes");
    for processes in [1, 4, 16, 64, 100, 250, 1000] {
        row(
            &mut text,
            "this library",
            processes,
            &run(Scene { newcomers: 5, ..scene(Behaviour::Paces, processes) }),
        );
    }
    table(&mut text, "If the processes of one host were one client", "clients");
    for processes in [64, 250, 1000] {
        let apart = scene(Behaviour::Paces, processes);
        let together =
            Scene { processes: apart.hosts, at_once: 4 * processes / apart.hosts, newcomers: 5, ..apart };
        let calls = apart.calls / together.processes * together.processes;
        row(
            &mut text,
            &format!("{processes} processes on {} hosts", apart.hosts),
            together.processes,
            &run(Scene { calls, ..together }),
        );
    }
    let runs: Vec<(&str, &RunFigures)> = pictured.iter().map(|(what, outcome)| (*what, outcome)).collect();
    let pictures = [
        ("images/pacing.svg", plot::draw(scene(Behaviour::Paces, 64), &runs)),
        ("images/pacing-rejected.svg", plot::draw_shares(&shares)),
    ];
    let page = docs().join("pacing.md");
    let written = std::fs::read_to_string(&page).unwrap();
    let (by_hand, kept) = written.split_once(MARK).unwrap();
    if std::env::var_os("UPDATE_PACING").is_some() {
        std::fs::write(page, format!("{by_hand}{MARK}{text}")).unwrap();
        for (image, picture) in pictures {
            std::fs::write(docs().join(image), picture).unwrap();
        }
        return;
    }
    assert_fresh("docs/pacing.md", kept, &text);
    for (image, picture) in pictures {
        assert_fresh(image, &std::fs::read_to_string(docs().join(image)).unwrap_or_default(), &picture);
    }
}

/// Runs every behaviour with several numbers of processes.
fn shares() -> Vec<Shares> {
    let percent = |behaviour, processes| {
        let outcome = run(Scene { newcomers: 5, ..scene(behaviour, processes) });
        (processes, outcome.refused_percent())
    };
    let of = |(behaviour, what)| Shares {
        behaviour: what,
        points: [1, 4, 16, 64, 250, 1000].map(|processes| percent(behaviour, processes)).into(),
    };
    BEHAVIOURS.map(of).into()
}

/// Returns what the picture of shares shows, for readers who do not see it.
fn seen(shares: &[Shares]) -> String {
    let of = |shares: &Shares| {
        let at =
            |wanted| shares.points.iter().find(|(n, _)| *n == wanted).map_or(0.0, |(_, percent)| *percent);
        format!("{}: {:.0} %, {:.0} % and {:.0} %", shares.behaviour, at(4), at(64), at(1000))
    };
    let all: Vec<String> = shares.iter().map(of).collect();
    format!("Share of requests rejected with 429, with 4, 64 and 1,000 processes. {}", all.join("; "))
}

/// Fails with a diff if a file differs from the results of the runs.
fn assert_fresh(name: &str, written: &str, shown: &str) {
    let diff = similar::TextDiff::from_lines(written, shown);
    let diff = diff.unified_diff().header(name, "what the runs showed").to_string();
    assert!(diff.is_empty(), "{name} is stale: run `cargo xtask update pacing`\n{diff}");
}
