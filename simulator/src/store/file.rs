//! The file of the state: opened and checked, written in commits, and reopened after a failure.

use super::disk::{Disk, DiskFaults};
use super::seal::{FORMAT, Seal};
use crate::state::State;
use crate::state::tables::Change;
use redb::backends::FileBackend;
use redb::{
    Database, DatabaseError, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition,
    TableError,
};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::{DirBuilder, File, OpenOptions};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ROWS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("rows");
const SEALS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("seals");
/// Key of the only seal.
const SEAL: &str = "seal";
const FILE: &str = "state.redb";

/// Rows by table and key, as they have to be on disk; `None` for rows that must not exist.
type Rows = BTreeMap<(&'static str, String), Option<Vec<u8>>>;

/// The file of the state.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    faults: Option<Arc<DiskFaults>>,
    /// `None` after a failed commit, until the next one opens the file again.
    database: Option<Database>,
    /// Seal of the last commit that succeeded.
    seal: Seal,
    /// Rows before a commit that failed, which may be on disk nevertheless. The next commit restores them.
    undone: Rows,
}

impl StateFile {
    /// Opens the file in a folder, both of which are created if absent, and reads its state; `None` if it is new.
    ///
    /// # Errors
    /// When the folder or the file cannot be used, another process has it open, it is damaged, or its format is not
    /// supported.
    pub fn open(folder: &Path, faults: Option<Arc<DiskFaults>>) -> Result<(Self, Option<State>), String> {
        create_folder(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let path = folder.join(FILE);
        let is_new = check_path(&path)?;
        // Another process may have created it since then, which is an error here.
        let file = open_file(&path, is_new).map_err(|error| format!("{}: {error}", path.display()))?;
        let opened = guarded(|| open_database(file, faults.clone(), !is_new));
        let opened = opened.and_then(|database| {
            let content = guarded(|| read(&database))?;
            Ok((database, content))
        });
        let (database, (seal, state)) = opened.map_err(|fault| {
            if is_new {
                // Otherwise the next start would find a file without a state.
                let _ = std::fs::remove_file(&path);
            }
            fault.about(&path)
        })?;
        Ok((Self { path, faults, database: Some(database), seal, undone: Rows::new() }, state))
    }

    /// Writes changes, all or none. After a failure, [`undo`](Self::undo) must be called.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn commit<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> Result<(), String> {
        if self.database.is_none() {
            self.reopen()?;
        }
        let Some(database) = &self.database else { return Err("the file is closed".into()) };
        let undone = self.undone.iter().map(|((table, key), row)| (*table, key.as_str(), row.as_deref()));
        let changes = changes.map(|change| (change.table, change.key.as_str(), change.row.as_deref()));
        match guarded(|| write(database, undone.chain(changes)).map_err(Fault::from)) {
            Ok(seal) => {
                self.seal = seal;
                self.undone.clear();
                Ok(())
            }
            Err(fault) => {
                // redb refuses further writes until the file is opened again.
                let database = self.database.take();
                let _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
                Err(fault.message)
            }
        }
    }

    /// Records the rows before changes that could not be committed, which the next commit restores.
    pub fn undo(&mut self, changes: Vec<Change>) {
        self.undone.extend(changes.into_iter().map(|change| ((change.table, change.key), change.row)));
    }

    /// Opens the file again after a failed commit, of which all or nothing may be on disk.
    fn reopen(&mut self) -> Result<(), String> {
        let opened = guarded(|| {
            let file = open_file(&self.path, false).map_err(redb::Error::Io)?;
            let database = open_database(file, self.faults.clone(), false)?;
            let seal = read_seal(&database)?.unwrap_or_default();
            Ok((database, seal))
        });
        let (database, seal) = opened.map_err(|fault| fault.message)?;
        if seal == self.seal {
            self.undone.clear();
        } else if seal.commits <= self.seal.commits {
            return Err(format!("{} was changed by another process", self.path.display()));
        }
        self.database = Some(database);
        Ok(())
    }
}

/// Why a file could not be used.
struct Fault {
    message: String,
    /// Whether the content is damaged or of another format, so that trying again is useless.
    is_content: bool,
}

impl Fault {
    fn content(message: impl Display) -> Self {
        Self { message: message.to_string(), is_content: true }
    }

    fn about(&self, path: &Path) -> String {
        let advice = if self.is_content {
            "; delete the file to start from the seed, or restore a copy of it"
        } else {
            ""
        };
        format!("{}: {}{advice}", path.display(), self.message)
    }
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => {
                Self { message: "another process has the file open".into(), is_content: false }
            }
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Self::content("this is not a state file")
            }
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Self::content("the file is truncated")
            }
            redb::Error::Io(error) => Self { message: error.to_string(), is_content: false },
            error => Self::content(format!("the file is damaged or not a state file: {error}")),
        }
    }
}

impl From<DatabaseError> for Fault {
    fn from(error: DatabaseError) -> Self {
        redb::Error::from(error).into()
    }
}

/// Runs a function of the store. A panic in it is reported as an error: redb may panic when a file is damaged in a way
/// that its checksums do not reveal.
fn guarded<T>(run: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Fault::content("the file is damaged")))
}

fn create_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Checks what is at the path before it is opened. Returns whether nothing is there.
fn check_path(path: &Path) -> Result<bool, String> {
    let problem = |message: &dyn Display| Err(format!("{}: {message}", path.display()));
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => problem(&"this is a folder, not a file; move it away"),
        Ok(found) if !found.is_file() => problem(&"this is not a regular file; move it away"),
        // Otherwise the store would take it for a new one.
        Ok(found) if found.len() == 0 => Err(Fault::content("the file is empty").about(path)),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => problem(&error),
    }
}

fn open_file(path: &Path, is_new: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(is_new);
    // The rows contain passwords and keys.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens the database. `verify` compares all of its pages with their checksums.
fn open_database(file: File, faults: Option<Arc<DiskFaults>>, verify: bool) -> Result<Database, Fault> {
    let mut builder = Database::builder();
    builder.set_check_integrity_on_open(verify);
    let database = match faults {
        Some(faults) => builder.create_with_backend(Disk::new(file, faults)?)?,
        None => builder.create_with_backend(FileBackend::new(file)?)?,
    };
    Ok(database)
}

fn read_seal(database: &Database) -> Result<Option<Seal>, Fault> {
    let transaction = database.begin_read().map_err(redb::Error::from)?;
    let table = match transaction.open_table(SEALS) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(redb::Error::from(error).into()),
    };
    let Some(row) = table.get(SEAL).map_err(redb::Error::from)? else { return Ok(None) };
    let seal: Seal = serde_json::from_slice(row.value())
        .map_err(|error| Fault::content(format!("the seal is not valid: {error}")))?;
    if seal.format != FORMAT {
        let message = format!("the file has format {}, and this version reads format {FORMAT}", seal.format);
        return Err(Fault::content(message));
    }
    Ok(Some(seal))
}

/// Reads all rows, and compares them with the seal.
fn read(database: &Database) -> Result<(Seal, Option<State>), Fault> {
    let seal = read_seal(database)?;
    let transaction = database.begin_read().map_err(redb::Error::from)?;
    let table = match (transaction.open_table(ROWS), seal) {
        (Ok(table), Some(_)) => table,
        (Ok(_), None) => return Err(Fault::content("the file is of an older version")),
        (Err(TableError::TableDoesNotExist(_)), None) => return Ok((Seal::default(), None)),
        (Err(error), _) => return Err(redb::Error::from(error).into()),
    };
    let seal = seal.unwrap_or_default();
    let mut found = Seal { commits: seal.commits, ..Seal::default() };
    let mut rows: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for row in table.iter().map_err(redb::Error::from)? {
        let (key, bytes) = row.map_err(redb::Error::from)?;
        let ((name, key), row) = (key.value(), bytes.value());
        found.add(name, key, row);
        match rows.get_mut(name) {
            Some(rows) => rows.push(row.to_vec()),
            None => drop(rows.insert(name.to_owned(), vec![row.to_vec()])),
        }
    }
    if found != seal {
        return Err(Fault::content("the file is damaged: its rows do not match their checksum"));
    }
    let mut state = State::default();
    state.load(rows).map_err(|error| Fault::content(format!("the file is damaged: {error}")))?;
    Ok((seal, Some(state)))
}

/// Writes rows and the seal in one commit. Returns the seal.
fn write<'a>(
    database: &Database,
    rows: impl Iterator<Item = (&'static str, &'a str, Option<&'a [u8]>)>,
) -> Result<Seal, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // Makes each commit slightly slower, and avoids reading the whole file when it is reopened after a failure.
    transaction.set_quick_repair(true);
    let mut seal: Seal = {
        let table = transaction.open_table(SEALS)?;
        let row = table.get(SEAL)?;
        row.and_then(|row| serde_json::from_slice(row.value()).ok()).unwrap_or_default()
    };
    {
        let mut table = transaction.open_table(ROWS)?;
        for (name, key, row) in rows {
            let old = match row {
                Some(row) => {
                    seal.add(name, key, row);
                    table.insert((name, key), row)?
                }
                None => table.remove((name, key))?,
            };
            if let Some(old) = old {
                seal.remove(name, key, old.value());
            }
        }
    }
    seal.commits = seal.commits.wrapping_add(1);
    {
        let bytes = serde_json::to_vec(&seal).unwrap_or_default();
        transaction.open_table(SEALS)?.insert(SEAL, bytes.as_slice())?;
    }
    transaction.commit()?;
    Ok(seal)
}
