//! Small YAML files that expand to large ones, or that take long to read.

use crate::attack::{Attack, Outcome, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::seed::Seed;
use fastrand::Rng;
use std::time::{Duration, Instant};

pub const ATTACK: Attack = Attack {
    name: "yaml-bombs",
    surface: Surface::File,
    does: "reads seeds of up to 10 KB in YAML with nested aliases, long scalars, merges and deep nesting",
    bound: "each takes at most 1 second (5 without optimization) and 100 MB",
    run,
};

const ODD: [char; 24] = [
    '[', ']', '{', '}', '&', '*', '!', '|', '>', '-', '?', ':', '#', '%', '@', '`', '"', ' ', '\n', '\t',
    '\0', '\u{feff}', 'a', '0',
];
const SIZE: usize = 10_000;
const MEMORY: usize = 100 << 20;

fn run(plan: Plan) -> Outcome {
    Box::pin(async move {
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 5 } else { 1 });
        let mut random = Rng::with_seed(plan.seed);
        let (mut slowest, mut largest) = (Duration::ZERO, 0);
        let tries = plan.tries(8, 400);
        for n in 0..tries {
            let (name, mut yaml) = bomb(n, &mut random);
            let end = yaml.char_indices().map(|(at, _)| at).take_while(|at| *at <= SIZE).last();
            yaml.truncate(if yaml.len() > SIZE { end.unwrap_or_default() } else { SIZE });
            let measure = Measure::start();
            let started = Instant::now();
            // On a thread with a usual stack: an overflow ends the process.
            let read = std::thread::spawn(move || Seed::from_yaml(&yaml).map(drop)).join();
            let (time, memory) = (started.elapsed(), measure.peak());
            ensure(read.is_ok(), format!("try {n}, {name}: panic"))?;
            ensure(time < limit, format!("try {n}, {name}: {time:?}"))?;
            ensure(memory < MEMORY, format!("try {n}, {name}: {memory} bytes"))?;
            (slowest, largest) = (slowest.max(time), largest.max(memory));
        }
        Ok(Seen { tries, seen: format!("at most {} ms and {} MB", slowest.as_millis(), largest >> 20) })
    })
}

fn bomb(n: u32, random: &mut Rng) -> (&'static str, String) {
    let width = random.usize(2..40);
    match n % 8 {
        0 => ("nested lists", nested(random, width, |inner| format!("[{}]", vec![inner; width].join(",")))),
        1 => ("nested maps", {
            let entries =
                |inner: &str| (0..width).map(|k| format!("k{k}: {inner}")).collect::<Vec<_>>().join(", ");
            nested(random, width, |inner| format!("{{ {} }}", entries(inner)))
        }),
        2 => ("long scalar", {
            let long = "x".repeat(random.usize(1..6_000));
            format!("a: &a {long}\nb: &b [{}]\nc: [{}]\n", "*a,".repeat(600), "*b,".repeat(600))
        }),
        3 => ("merges", {
            let keys = (0..width).map(|k| format!("k{k}: {k}")).collect::<Vec<_>>().join(", ");
            let lists = (0..200).map(|k| format!("m{k}: {{ <<: [{}] }}\n", "*a,".repeat(width)));
            format!("a: &a {{ {keys} }}\n{}", lists.collect::<String>())
        }),
        4 => ("flow nesting", ["[", "{a: ", "[{a: ", "? ["][random.usize(..4)].repeat(SIZE)),
        5 => ("block nesting", (0..140).map(|k| format!("{}- \n", " ".repeat(k))).collect()),
        6 => ("odd characters", (0..SIZE).map(|_| ODD[random.usize(..ODD.len())]).collect()),
        _ => ("own alias", format!("a: &a [{}]\n", "*a,".repeat(random.usize(1..3_000)))),
    }
}

/// Anchors of which each uses the one before several times.
fn nested(random: &mut Rng, width: usize, level: impl Fn(&str) -> String) -> String {
    let levels = random.usize(2..60).min(SIZE / (width * 4));
    let mut yaml = format!("a0: &a0 {}\n", level("x"));
    for n in 1..=levels {
        yaml += &format!("a{n}: &a{n} {}\n", level(&format!("*a{} ", n - 1)));
    }
    yaml
}
