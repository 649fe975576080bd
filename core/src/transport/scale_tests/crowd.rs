//! Processes on several hosts that share one budget, and how they handle a 429.

use super::world::{Link, Log, Second};
use crate::operations::configs::LIST;
use crate::transport::headers::Reported;
use crate::transport::pipeline::Pipeline;
use crate::transport::testing::{Form, WindowServer, limits, pipeline};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How a process handles the rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Retries every second until it is served: no pacing, and no call fails.
    Insists,
    /// Gives a call up after this many attempts, and waits for the Retry-After between them.
    Tries(u32),
    /// Uses this library.
    Paces,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub(super) behaviour: Behaviour,
    pub(super) processes: usize,
    pub(super) hosts: usize,
    /// Calls of all processes together.
    pub(super) calls: usize,
    /// Additional calls of the first process only.
    pub(super) extra: usize,
    /// Time over which the processes start, in equal steps.
    pub(super) starting: Duration,
    /// Concurrent calls of one process.
    pub(super) at_once: usize,
    pub(super) limit: u64,
    pub(super) window: Duration,
    /// Round trips of the nearest and the farthest host, in milliseconds.
    pub(super) round_trip: (f64, f64),
    /// Processes with one call each that start later, at different points of a window.
    pub(super) newcomers: usize,
    pub(super) seed: u64,
}

/// Result of a run.
#[derive(Debug)]
pub(super) struct RunFigures {
    pub(super) ideal: Duration,
    pub(super) makespan: Duration,
    pub(super) served: u64,
    pub(super) refused: u64,
    /// Calls that were given up.
    pub(super) failed: u64,
    /// Fewest and most calls served to a process in the second window, in which all have started, if it had calls left.
    pub(super) share: (usize, usize),
    /// How long the calls of newcomers took.
    pub(super) newcomers: Vec<Duration>,
    pub(super) seconds: Vec<Second>,
}

impl RunFigures {
    pub(super) fn stretch(&self) -> f64 {
        self.makespan.as_secs_f64() / self.ideal.as_secs_f64()
    }

    /// Percentage of all requests that were rejected with 429.
    pub(super) fn refused_percent(&self) -> f64 {
        100.0 * self.refused as f64 / (self.served + self.refused) as f64
    }
}

/// One process.
struct Process {
    behaviour: Behaviour,
    pipeline: Pipeline,
    link: Link,
    left: Mutex<usize>,
    served: Mutex<usize>,
    failed: Mutex<u64>,
}

impl Process {
    fn new(behaviour: Behaviour, link: Link, calls: usize) -> Arc<Self> {
        Arc::new(Self {
            behaviour,
            pipeline: pipeline(link.clone()),
            link,
            left: Mutex::new(calls),
            served: Mutex::default(),
            failed: Mutex::default(),
        })
    }

    async fn call(&self) -> bool {
        match self.behaviour {
            Behaviour::Paces => self.pipeline.go_with(&LIST, limits(1_000_000, 1000)).await.is_ok(),
            Behaviour::Insists => {
                while self.link.ask().await.status == 429 {
                    sleep(Duration::from_secs(1)).await;
                }
                true
            }
            Behaviour::Tries(most) => {
                for attempt in 1..=most {
                    let response = self.link.ask().await;
                    if response.status != 429 {
                        return true;
                    }
                    if attempt < most {
                        sleep(Reported::read(&response.headers).retry_after.unwrap_or_default()).await;
                    }
                }
                false
            }
        }
    }

    async fn worker(self: Arc<Self>) {
        loop {
            {
                let mut left = self.left.lock().unwrap();
                let Some(fewer) = left.checked_sub(1) else { return };
                *left = fewer;
            }
            let succeeded = self.call().await;
            if succeeded {
                *self.served.lock().unwrap() += 1;
            } else {
                *self.failed.lock().unwrap() += 1;
            }
        }
    }

    fn served(&self) -> usize {
        *self.served.lock().unwrap()
    }
}

pub(super) async fn play(scene: Scene) -> RunFigures {
    fastrand::seed(scene.seed);
    let network = Network {
        server: WindowServer::new(scene.limit, scene.window, Form::DotNet),
        log: Log::new(),
        hosts: scene.hosts,
        round_trip: scene.round_trip,
    };
    let each = scene.calls / scene.processes;
    let processes: Vec<_> = (0..scene.processes)
        .map(|n| {
            let extra = if n == 0 { scene.extra } else { 0 };
            Process::new(scene.behaviour, network.link(n), each + extra)
        })
        .collect();
    let start = Instant::now();
    let workers = workers(&scene, &processes, each);
    let newcomers = newcomers(&scene, &network);
    let watcher = tokio::spawn(watch(processes.clone(), network.log.clone(), scene.at_once, scene.window));
    for worker in workers {
        worker.await.unwrap();
    }
    let makespan = start.elapsed();
    let mut waits = Vec::new();
    for newcomer in newcomers {
        waits.extend(newcomer.await.unwrap());
    }
    RunFigures {
        ideal: ideal(&scene, each),
        makespan,
        served: network.server.served(),
        refused: network.server.refused(),
        failed: processes.iter().map(|p| *p.failed.lock().unwrap()).sum(),
        share: second_window(&watcher.await.unwrap(), each),
        newcomers: waits,
        seconds: network.log.seconds(),
    }
}

/// Hosts and their links to the service.
struct Network {
    server: WindowServer,
    log: Log,
    hosts: usize,
    /// Round trips of the nearest and the farthest host, in milliseconds.
    round_trip: (f64, f64),
}

impl Network {
    /// Returns the link from process number `n` to the service.
    fn link(&self, n: usize) -> Link {
        let (near, far) = self.round_trip;
        // Evenly spaced on a logarithmic scale: many hosts are near, some are far.
        let position = if self.hosts < 2 { 0.0 } else { (n % self.hosts) as f64 / (self.hosts - 1) as f64 };
        let round_trip = Duration::from_secs_f64(near * (far / near).powf(position) / 1e3);
        Link { server: self.server.clone(), round_trip, log: self.log.clone() }
    }
}

/// Spawns the workers of all processes, which start one process after the other.
fn workers(scene: &Scene, processes: &[Arc<Process>], each: usize) -> Vec<JoinHandle<()>> {
    let mut workers = Vec::new();
    for (number, process) in processes.iter().enumerate() {
        let delay = scene.starting.mul_f64(number as f64 / scene.processes as f64);
        workers.extend((0..scene.at_once.min(each)).map(|_| {
            let process = Arc::clone(process);
            tokio::spawn(async move {
                sleep(delay).await;
                process.worker().await;
            })
        }));
    }
    workers
}

/// Spawns processes with one call each. Returns how long each call took, or `None` if it failed.
fn newcomers(scene: &Scene, network: &Network) -> Vec<JoinHandle<Option<Duration>>> {
    let newcomers = (0..scene.newcomers).map(|n| {
        let process = Process::new(scene.behaviour, network.link(n * 7), 1);
        let delay = scene.window.mul_f64(0.37 + n as f64 * 0.618);
        tokio::spawn(async move {
            sleep(delay).await;
            let start = Instant::now();
            process.call().await.then(|| start.elapsed())
        })
    });
    newcomers.collect()
}

/// Returns how many calls of each process were served by the end of each window.
async fn watch(processes: Vec<Arc<Process>>, log: Log, at_once: usize, window: Duration) -> Vec<Vec<usize>> {
    let start = Instant::now();
    let counts = || processes.iter().map(|p| p.served()).collect::<Vec<_>>();
    let mut marks: Vec<Vec<usize>> = Vec::new();
    loop {
        let unfinished: usize =
            processes.iter().map(|p| *p.left.lock().unwrap()).map(|left| left.min(at_once)).sum();
        log.callers(unfinished as u64);
        if start.elapsed() >= window * (marks.len() as u32 + 1) {
            marks.push(counts());
        }
        if unfinished == 0 {
            marks.push(counts());
            return marks;
        }
        sleep(Duration::from_millis(250)).await;
    }
}

/// Returns the shortest time that budget and round trips allow.
fn ideal(scene: &Scene, each: usize) -> Duration {
    let windows = (scene.calls as u64 - 1) / scene.limit;
    let by_budget = scene.window * u32::try_from(windows).unwrap();
    let (_, far) = scene.round_trip;
    let farthest = Duration::from_secs_f64(far / 1e3).mul_f64(each as f64 / scene.at_once as f64);
    by_budget.max(if scene.hosts > 1 { farthest } else { Duration::ZERO })
}

/// Returns the fewest and most calls served between the first two marks, among processes that had calls left.
fn second_window(marks: &[Vec<usize>], wanted: usize) -> (usize, usize) {
    let [first, second, ..] = marks else { return (0, 0) };
    let unfinished = || first.iter().zip(second).filter(|(_, second)| **second < wanted);
    let shares = || unfinished().map(|(first, second)| second - first);
    (shares().min().unwrap_or_default(), shares().max().unwrap_or_default())
}
