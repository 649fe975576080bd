//! Persistent state: an acknowledged change survives the end of the process, even a crash.
//!
//! redb is an embedded store in pure Rust with copy-on-write pages: commits are atomic. Changes that arrive during a
//! commit share the next one (group commit), so that many callers wait for few writes.

mod disk;
mod file;
mod seal;

use crate::state::tables::Change;
use std::sync::mpsc;
use std::thread;

pub use disk::DiskFaults;
pub use file::StateFile;

/// Maximum number of transactions whose changes share a commit.
const BATCH: usize = 256;

/// Receives the results of writes.
pub trait Outcome: Send + 'static {
    /// The changes of the oldest `count` transactions that wait are on disk.
    fn written(&self, count: usize);

    /// The changes of the oldest transactions that wait could not be written, so that none that waits is kept: later
    /// ones may be based on them. `discard` removes the later ones from the store's queue; no change may be queued at
    /// the same time. Returns the rows as they were before all of these transactions.
    fn refused(&self, error: &str, discard: &mut dyn FnMut()) -> Vec<Change>;
}

/// Writes changes to disk, in the order in which they arrive.
#[derive(Debug)]
pub struct Store {
    jobs: Option<mpsc::Sender<Vec<Change>>>,
    writer: Option<thread::JoinHandle<()>>,
}

impl Store {
    /// Starts to write to a file, and reports the results to `outcome`.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(file: StateFile, outcome: impl Outcome) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let writer = thread::Builder::new()
            .name("configcat-simulator-store".into())
            .spawn(move || write_all(file, &queue, &outcome))?;
        Ok(Self { jobs: Some(jobs), writer: Some(writer) })
    }

    /// Queues the changes of a transaction to be written.
    pub fn write(&self, changes: Vec<Change>) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(changes);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

fn write_all(mut file: StateFile, queue: &mpsc::Receiver<Vec<Change>>, outcome: &impl Outcome) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        match file.commit(batch.iter().flatten()) {
            Ok(()) => outcome.written(batch.len()),
            Err(error) => {
                let undone = outcome.refused(&error, &mut || while queue.try_recv().is_ok() {});
                file.undo(undone);
            }
        }
    }
}
