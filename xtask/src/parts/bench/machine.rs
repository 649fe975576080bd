//! Whether the machine is idle enough for measurements: its load average, and how evenly it does fixed work.

use super::record::Record;
use super::stats::Quartiles;
use crate::support::process::step;
use anyhow::{Result, bail};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Environment variable that is set if a busy machine is accepted.
pub const ANYWAY: &str = "BENCH_ANYWAY";
/// Load average above which the machine is busy, as a share of its cores.
const LOAD: f64 = 0.25;
/// Spread of the calibration above which the machine is busy: the distance of the quartiles in percent of the median.
const SPREAD: f64 = 10.0;
/// Repetitions of the calibration, each with this number of steps on every core: about 20 ms.
const REPETITIONS: usize = 20;
const STEPS: u64 = 5_000_000;
/// How often the calibration is done before the machine counts as busy, before and after a measurement. A neighbour on the host
/// disturbs one of them, other work on this machine disturbs all.
const TRIES_BEFORE: usize = 10;
const TRIES_AFTER: usize = 3;
/// How long to wait for the load average to fall: our own builds raise it, and it takes a minute to fall to a third.
const PATIENCE: Duration = Duration::from_secs(240);
/// Interval in which the use of the processors is observed while waiting.
const INTERVAL: Duration = Duration::from_secs(5);

/// Load of the machine, and how it did the calibration.
#[derive(Debug, Clone, Copy)]
struct Machine {
    cores: usize,
    /// Load average of one minute; `None` where the system has none.
    load: Option<f64>,
    /// Milliseconds for the fixed work.
    calibration: Quartiles,
}

impl Machine {
    fn observe() -> Result<Self> {
        let cores = cores();
        let load = load();
        let times: Vec<f64> = (0..REPETITIONS).map(|_| calibrate(cores)).collect();
        let Some(calibration) = Quartiles::of(&times) else { bail!("nothing was calibrated") };
        Ok(Self { cores, load, calibration })
    }

    /// Observes until the calibration is even, `tries` times at most.
    fn observe_calm(tries: usize) -> Result<Self> {
        let mut machine = Self::observe()?;
        for _ in 1..tries {
            if machine.busy(false).is_none() {
                break;
            }
            std::thread::sleep(INTERVAL);
            machine = Self::observe()?;
        }
        Ok(machine)
    }

    fn report(&self, when: &str) {
        println!(
            "machine {when}: load {} on {} cores, calibration {:.1} ms, quartiles {:.1} % apart",
            self.load.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2}")),
            self.cores,
            self.calibration.median,
            self.calibration.spread()
        );
        Record::Machine { load: self.load.unwrap_or(f64::NAN), calibration: self.calibration }.emit();
    }

    /// Returns why the machine is too busy, if it is. The load counts only before the measurement, which itself raises it.
    fn busy(&self, with_load: bool) -> Option<String> {
        let limit = limit(self.cores);
        if let Some(load) = self.load.filter(|load| with_load && *load > limit) {
            return Some(format!("load average {load:.2}, more than {limit:.2}"));
        }
        let spread = self.calibration.spread();
        (spread > SPREAD)
            .then(|| format!("the same work varied by {spread:.0} % between quartiles, more than {SPREAD} %"))
    }
}

fn limit(cores: usize) -> f64 {
    LOAD * cores as f64
}

/// Returns the number of processors.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Fails if the machine is busy, unless that is accepted. For checking before anything is built.
pub fn check(anyway: bool) -> Result<()> {
    judge(&observe_settled(anyway)?, anyway)
}

/// Measures: fails if the machine is busy before, or if it was while `work` ran, unless that is accepted.
pub fn measured(work: impl FnOnce() -> Result<()>) -> Result<()> {
    let anyway = std::env::var_os(ANYWAY).is_some();
    judge(&observe_settled(anyway)?, anyway)?;
    work()?;
    let after = Machine::observe_calm(TRIES_AFTER)?;
    after.report("after the measurement");
    refuse(after.busy(false), anyway)
}

fn observe_settled(anyway: bool) -> Result<Machine> {
    if !anyway {
        settle(cores());
    }
    Machine::observe_calm(if anyway { 1 } else { TRIES_BEFORE })
}

fn judge(machine: &Machine, anyway: bool) -> Result<()> {
    machine.report("before");
    refuse(machine.busy(true), anyway)
}

/// Fails if the machine is busy; with `anyway`, marks the figures instead.
fn refuse(busy: Option<String>, anyway: bool) -> Result<()> {
    let Some(reason) = busy else { return Ok(()) };
    if !anyway {
        bail!(
            "the machine is busy: {reason}; stop other work, or measure with --anyway, which marks the figures"
        );
    }
    println!("BUSY: {reason}");
    Record::Busy { reason }.emit();
    Ok(())
}

/// Waits until the load average is low, as long as the processors are idle: then only the average remembers a build. The
/// calibrations that follow raise it again, by less than a quarter of the limit.
fn settle(cores: usize) {
    let start = Instant::now();
    let mut announced = false;
    let enough = 0.75 * limit(cores);
    while let Some(load) = load().filter(|load| *load > enough) {
        if !announced {
            step(&format!("waiting for the load average to fall from {load:.2} to {enough:.2}"));
            announced = true;
        }
        if start.elapsed() > PATIENCE || used().is_none_or(|share| share > LOAD) {
            return;
        }
    }
}

/// Returns the load average of one minute.
fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Returns the share of all processors that was used during an interval.
fn used() -> Option<f64> {
    let before = times(&std::fs::read_to_string("/proc/stat").ok()?)?;
    std::thread::sleep(INTERVAL);
    let after = times(&std::fs::read_to_string("/proc/stat").ok()?)?;
    let total = after.1.checked_sub(before.1).filter(|total| *total > 0)?;
    Some(1.0 - after.0.saturating_sub(before.0) as f64 / total as f64)
}

/// Returns the idle time and the total time of all processors: the first line of `/proc/stat`, in clock ticks.
fn times(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    // The last two columns, the time of guests, are part of the first two.
    let columns: Vec<u64> = line.split_whitespace().take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
    // Waiting for a disk is idle too.
    Some((columns.get(3)? + columns.get(4)?, columns.iter().sum()))
}

/// Does the fixed work on every core, and returns the milliseconds until the last one has finished.
fn calibrate(cores: usize) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for core in 0..cores as u64 {
            scope.spawn(move || {
                let mut state = black_box(core + 1);
                for _ in 0..STEPS {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                }
                black_box(state)
            });
        }
    });
    start.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(load: f64, low: f64, high: f64) -> Machine {
        Machine { cores: 4, load: Some(load), calibration: Quartiles { low, median: 20.0, high } }
    }

    #[test]
    fn load_above_a_quarter_of_the_cores_is_busy() {
        assert_eq!(machine(1.0, 20.0, 20.0).busy(true), None);
        let reason = machine(1.01, 20.0, 20.0).busy(true).unwrap();
        assert!(reason.contains("load average 1.01"), "{reason}");
        // After a measurement the load is its own.
        assert_eq!(machine(4.0, 20.0, 20.0).busy(false), None);
    }

    #[test]
    fn uneven_calibration_is_busy_before_and_after() {
        assert_eq!(machine(0.0, 19.0, 21.0).busy(true), None);
        for with_load in [true, false] {
            let reason = machine(0.0, 19.0, 21.2).busy(with_load).unwrap();
            assert!(reason.contains("11 %"), "{reason}");
        }
    }

    #[test]
    fn unknown_load_is_not_busy() {
        assert_eq!(Machine { load: None, ..machine(0.0, 20.0, 20.0) }.busy(true), None);
    }

    #[test]
    fn idle_and_total_time_are_read() {
        let stat = "cpu  10 2 3 80 5 0 1 0 7 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
        assert_eq!(times(stat), Some((85, 101)));
        assert_eq!(times("intr 1"), None);
    }

    #[test]
    fn calibration_takes_time() {
        assert!(calibrate(1) > 0.0);
    }
}
