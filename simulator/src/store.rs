//! Persistent state: an acknowledged change survives the end of the process, even a crash.
//!
//! redb is an embedded store in pure Rust with copy-on-write pages: commits are atomic. Changes that arrive during a
//! commit share the next one (group commit), so that many callers wait for few writes.

use crate::state::State;
use crate::state::tables::Change;
use redb::{Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use tokio::sync::oneshot;

const ROWS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("rows");
const FILE: &str = "state.redb";
/// Maximum number of requests whose changes share a commit.
const BATCH: usize = 256;

/// Receives the result of a write, when the changes are on disk or could not be written.
pub type Written = oneshot::Receiver<Result<(), String>>;

struct Job {
    changes: Vec<Change>,
    done: oneshot::Sender<Result<(), String>>,
}

/// Writes changes to disk, in the order in which they arrive.
#[derive(Debug)]
pub struct Store {
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<thread::JoinHandle<()>>,
}

impl Store {
    /// Opens the store in a folder, which is created if absent, and reads its state; `None` if the store is new.
    ///
    /// # Errors
    /// When the folder cannot be used, another process has it open, or this version cannot read its content.
    pub fn open(folder: &Path) -> Result<(Self, Option<State>), String> {
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(|e| named(&e))?;
        let database = Database::create(folder.join(FILE)).map_err(|e| named(&e))?;
        let state = read(&database).map_err(|e| named(&e))?;
        let (jobs, queue) = mpsc::channel();
        let writer = thread::Builder::new()
            .name("configcat-simulator-store".into())
            .spawn(move || write_all(&database, &queue))
            .map_err(|e| named(&e))?;
        Ok((Self { jobs: Some(jobs), writer: Some(writer) }, state))
    }

    /// Queues changes to be written. The returned receiver completes when they are on disk.
    pub fn write(&self, changes: Vec<Change>) -> Written {
        let (done, written) = oneshot::channel();
        if let Some(jobs) = &self.jobs {
            // If the writer has stopped, the job is dropped, and the receiver gets an error.
            let _ = jobs.send(Job { changes, done });
        }
        written
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

fn read(database: &Database) -> Result<Option<State>, String> {
    let transaction = database.begin_read().map_err(|e| e.to_string())?;
    let table = match transaction.open_table(ROWS) {
        Ok(table) => table,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut rows: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for row in table.iter().map_err(|e| e.to_string())? {
        let (key, bytes) = row.map_err(|e| e.to_string())?;
        let (name, row) = (key.value().0, bytes.value().to_vec());
        match rows.get_mut(name) {
            Some(rows) => rows.push(row),
            None => drop(rows.insert(name.to_owned(), vec![row])),
        }
    }
    let mut state = State::default();
    state.load(rows)?;
    Ok(Some(state))
}

fn write_all(database: &Database, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let result = commit(database, &batch).map_err(|e| e.to_string());
        for job in batch {
            let _ = job.done.send(result.clone());
        }
    }
}

fn commit(database: &Database, batch: &[Job]) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // Makes each commit slightly slower, and avoids reading the whole file after a crash.
    transaction.set_quick_repair(true);
    {
        let mut table = transaction.open_table(ROWS)?;
        for change in batch.iter().flat_map(|job| &job.changes) {
            let key = (change.table, change.key.as_str());
            match &change.row {
                Some(row) => drop(table.insert(key, row.as_slice())?),
                None => drop(table.remove(key)?),
            }
        }
    }
    transaction.commit()?;
    Ok(())
}
