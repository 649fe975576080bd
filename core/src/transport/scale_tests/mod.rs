//! Up to a thousand processes that share one budget, in virtual time.
//!
//! `cargo xtask update pacing` writes the results to `docs/pacing.md` and its images. A test fails when they are out of
//! date.

mod crowd;
mod plot;
mod report;
mod world;

use crowd::{Behaviour, RunFigures, Scene, play};
use std::time::Duration;

fn run(scene: Scene) -> RunFigures {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(play(scene))
}

/// Processes with four workers each, a budget of 1,000 requests a minute, and work for four and a half windows.
fn scene(behaviour: Behaviour, processes: usize) -> Scene {
    Scene {
        behaviour,
        processes,
        hosts: processes.div_ceil(4).min(100),
        calls: 4500,
        extra: 0,
        starting: Duration::ZERO,
        at_once: 4,
        limit: 1000,
        window: Duration::from_secs(60),
        round_trip: (5.0, 300.0),
        newcomers: 0,
        seed: 1,
    }
}

#[test]
fn up_to_64_processes_share_a_budget_with_few_rejections() {
    // Processes, maximum time relative to the ideal, and maximum percentage of rejected requests.
    for (processes, stretch, refused) in [(1, 1.05, 0.0), (4, 1.1, 1.0), (16, 1.15, 1.0), (64, 1.25, 2.0)] {
        for seed in 1..=2 {
            for at_once in [4, 16, 64] {
                let outcome = run(Scene { seed, at_once, ..scene(Behaviour::Paces, processes) });
                let what = format!("{processes} processes, {at_once} at once, seed {seed}");
                assert_eq!(outcome.failed, 0, "{what}");
                assert!(outcome.stretch() <= stretch, "{what}: {:.3} of the ideal", outcome.stretch());
                let percent = outcome.refused_percent();
                assert!(percent <= refused, "{what}: {percent:.2} % rejected");
            }
        }
    }
}

#[test]
fn hosts_with_equal_latency_get_similar_shares() {
    for processes in [4, 16, 64] {
        for starting in [0, 2, 10] {
            let starting = Duration::from_secs(starting);
            let outcome =
                run(Scene { starting, round_trip: (40.0, 40.0), ..scene(Behaviour::Paces, processes) });
            let (least, most) = outcome.share;
            assert!(most <= least * 2, "{processes} processes within {starting:?}: {least} to {most}");
        }
    }
}

#[test]
fn newcomer_is_served_within_the_current_window() {
    let outcome = run(Scene { newcomers: 8, hosts: 1, ..scene(Behaviour::Paces, 16) });
    let longest = outcome.newcomers.iter().max().unwrap();
    assert_eq!(outcome.newcomers.len(), 8);
    assert!(*longest < Duration::from_secs(1), "{longest:?}");
}

#[test]
fn remaining_client_regains_the_whole_budget() {
    // Sixteen processes share work for four and a half windows; one of them has work for five more.
    let outcome = run(Scene { extra: 5000, ..scene(Behaviour::Paces, 16) });
    assert_eq!(outcome.failed, 0);
    let windows = outcome.makespan.as_secs_f64() / 60.0;
    assert!(windows < 11.0, "9,500 calls took {windows:.1} windows");
}
