//! Processes on hosts that share one budget, and how they take being turned away.

use super::world::{Link, Log, Second};
use crate::operations::configs::LIST;
use crate::transport::headers::Reported;
use crate::transport::pipeline::Pipeline;
use crate::transport::testing::{Form, WindowServer, limits, pipeline};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// What a script does with the rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Sends again a second later, until it is served: no pacing, and nothing lost.
    Insists,
    /// Gives a call up after so many attempts; between them it waits as long as it was told.
    Tries(u32),
    /// This library.
    Paces,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub(super) behaviour: Behaviour,
    pub(super) processes: usize,
    pub(super) hosts: usize,
    /// Calls of all processes together.
    pub(super) calls: usize,
    /// More calls, that only the first process has to make.
    pub(super) extra: usize,
    /// So long it takes until the last process has started, in equal steps.
    pub(super) starting: Duration,
    /// Calls that one process makes at once.
    pub(super) at_once: usize,
    pub(super) limit: u64,
    pub(super) window: Duration,
    /// Milliseconds there and back, of the nearest and the farthest host.
    pub(super) round_trip: (f64, f64),
    /// Processes with one call each that come later, one in each part of a window.
    pub(super) newcomers: usize,
    pub(super) seed: u64,
}

/// How it went.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) ideal: Duration,
    pub(super) makespan: Duration,
    pub(super) served: u64,
    pub(super) refused: u64,
    /// Calls that their script gave up.
    pub(super) failed: u64,
    /// Least and most that a process was served in the second window, in which all are there, if it wanted more.
    pub(super) share: (usize, usize),
    /// How long newcomers waited.
    pub(super) newcomers: Vec<Duration>,
    pub(super) seconds: Vec<Second>,
}

impl Outcome {
    pub(super) fn stretch(&self) -> f64 {
        self.makespan.as_secs_f64() / self.ideal.as_secs_f64()
    }

    /// Of all requests, those that were turned away, in percent.
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
                    let answer = self.link.ask().await;
                    if answer.status != 429 {
                        return true;
                    }
                    if attempt < most {
                        sleep(Reported::read(&answer.headers).retry_after.unwrap_or_default()).await;
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
            let well = self.call().await;
            if well {
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

pub(super) async fn play(scene: Scene) -> Outcome {
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
    Outcome {
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

/// Hosts and their distance from the service.
struct Network {
    server: WindowServer,
    log: Log,
    hosts: usize,
    /// Round trips of the nearest and the farthest host, in milliseconds.
    round_trip: (f64, f64),
}

impl Network {
    /// The way of process number `n` to the service.
    fn link(&self, n: usize) -> Link {
        let (near, far) = self.round_trip;
        // Evenly on a logarithmic scale: many are near, some are far.
        let part = if self.hosts < 2 { 0.0 } else { (n % self.hosts) as f64 / (self.hosts - 1) as f64 };
        let round_trip = Duration::from_secs_f64(near * (far / near).powf(part) / 1e3);
        Link { server: self.server.clone(), round_trip, log: self.log.clone() }
    }
}

/// The workers of all processes, which start one process after the other.
fn workers(scene: &Scene, processes: &[Arc<Process>], each: usize) -> Vec<JoinHandle<()>> {
    let mut workers = Vec::new();
    for (number, process) in processes.iter().enumerate() {
        let comes = scene.starting.mul_f64(number as f64 / scene.processes as f64);
        workers.extend((0..scene.at_once.min(each)).map(|_| {
            let process = Arc::clone(process);
            tokio::spawn(async move {
                sleep(comes).await;
                process.worker().await;
            })
        }));
    }
    workers
}

/// Processes with one call each; how long it took, if it succeeded.
fn newcomers(scene: &Scene, network: &Network) -> Vec<JoinHandle<Option<Duration>>> {
    let newcomers = (0..scene.newcomers).map(|n| {
        let process = Process::new(scene.behaviour, network.link(n * 7), 1);
        let comes = scene.window.mul_f64(0.37 + n as f64 * 0.618);
        tokio::spawn(async move {
            sleep(comes).await;
            let came = Instant::now();
            process.call().await.then(|| came.elapsed())
        })
    });
    newcomers.collect()
}

/// How many calls of each process were served by the end of each window.
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

/// The shortest time that budget and distance allow.
fn ideal(scene: &Scene, each: usize) -> Duration {
    let windows = (scene.calls as u64 - 1) / scene.limit;
    let by_budget = scene.window * u32::try_from(windows).unwrap();
    let (_, far) = scene.round_trip;
    let farthest = Duration::from_secs_f64(far / 1e3).mul_f64(each as f64 / scene.at_once as f64);
    by_budget.max(if scene.hosts > 1 { farthest } else { Duration::ZERO })
}

/// Least and most between the first two marks, of those that wanted more.
fn second_window(marks: &[Vec<usize>], wanted: usize) -> (usize, usize) {
    let [first, second, ..] = marks else { return (0, 0) };
    let hungry = || first.iter().zip(second).filter(|(_, second)| **second < wanted);
    let shares = || hungry().map(|(first, second)| second - first);
    (shares().min().unwrap_or_default(), shares().max().unwrap_or_default())
}
