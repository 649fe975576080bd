//! Time limit of a command: a command that hangs is ended, together with the processes that it started, so that its part fails
//! with its output instead of blocking the lane.

use anyhow::{Result, bail};
use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Limit of a command in a part of a lane. The longest one, the optimized build of the wheel, takes a third of it.
pub const COMMAND: Duration = Duration::from_secs(20 * 60);

/// Ends a child process when its time is over, unless it is dropped before.
pub struct TimeLimit {
    limit: Duration,
    completed: Sender<()>,
    watcher: JoinHandle<bool>,
}

impl TimeLimit {
    pub fn start(child: &Child, limit: Duration) -> Self {
        let (completed, waiting) = channel();
        let id = child.id();
        let watcher = std::thread::spawn(move || {
            let exceeded = waiting.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
            if exceeded {
                end_with_descendants(id);
            }
            exceeded
        });
        Self { limit, completed, watcher }
    }

    /// Called when the process has ended; an error if the time limit ended it.
    pub fn completed(self, name: &str) -> Result<()> {
        drop(self.completed);
        if self.watcher.join().unwrap_or_default() {
            bail!("{name} was ended because it ran longer than {} s", self.limit.as_secs());
        }
        Ok(())
    }
}

/// Kills a process and all processes that descend from it.
fn end_with_descendants(id: u32) {
    // A Java process prints the stacks of its threads when it receives this signal.
    signal("-QUIT", &descendants(id, Some("java")));
    std::thread::sleep(Duration::from_secs(1));
    signal("-KILL", &descendants(id, None));
}

fn signal(signal: &str, processes: &[String]) {
    if !processes.is_empty() {
        let _ = Command::new("kill").arg(signal).args(processes).stderr(Stdio::null()).status();
    }
}

/// Returns the ids of a process and its descendants, of one program or of all.
fn descendants(id: u32, program: Option<&str>) -> Vec<String> {
    let listed = Command::new("ps").args(["-e", "-o", "pid=,ppid=,comm="]).output();
    let listed =
        listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut children: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    let mut own = "";
    let id = id.to_string();
    for line in listed.lines() {
        let mut words = line.split_whitespace();
        let (Some(process), Some(parent), Some(name)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        children.entry(parent).or_default().push((process, name));
        if process == id {
            own = name;
        }
    }
    let mut found = vec![(id.as_str(), own)];
    let mut next = 0;
    while let Some((process, _)) = found.get(next) {
        found.extend(children.remove(process).unwrap_or_default());
        next += 1;
    }
    let wanted = |(_, name): &&(&str, &str)| program.is_none_or(|program| *name == program);
    found.iter().filter(wanted).map(|(process, _)| (*process).to_owned()).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use anyhow::Context as _;
    use std::io::Read as _;
    use std::time::Instant;

    fn shell(script: &str) -> Result<Child> {
        Ok(Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn()?)
    }

    #[test]
    fn a_process_is_ended_with_its_descendants() -> Result<()> {
        let start = Instant::now();
        // The descendant holds the pipe open: reading ends only when it has ended too.
        let mut child = shell("sleep 60 & sleep 60; wait")?;
        let limit = TimeLimit::start(&child, Duration::from_millis(200));
        let mut output = Vec::new();
        child.stdout.take().context("no pipe")?.read_to_end(&mut output)?;
        child.wait()?;
        let error = limit.completed("sleep").err().context("it was not ended")?;
        assert_eq!(error.to_string(), "sleep was ended because it ran longer than 0 s");
        assert!(start.elapsed() < Duration::from_secs(30));
        Ok(())
    }

    #[test]
    fn a_process_that_ends_in_time_is_left_alone() -> Result<()> {
        let mut child = shell("exit 3")?;
        let limit = TimeLimit::start(&child, Duration::from_secs(60));
        assert_eq!(child.wait()?.code(), Some(3));
        limit.completed("exit")
    }
}
