//! Cassettes: files with the requests and responses of a client, which can be played back.

mod exchange;
mod player;
mod recorder;

use super::message::Transport;
use crate::error::{Error, Result};
use crate::redaction::Redactor;
use player::{Player, Tape};
use recorder::{Recorder, Recording};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What a client does with a cassette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum CassetteMode {
    /// Plays back what the file contains. A request that is not in it fails; nothing is sent.
    Replay,
    /// Sends requests, and writes them and their responses to the file. What the file contained is lost.
    Record,
    /// Plays back if the file exists, and records otherwise.
    #[default]
    Auto,
}

/// A file with the requests and responses of a client, so that tests need neither the service nor a simulator.
///
/// Each line of the file is a JSON object: the first has the version of the format, each other has a request and its response.
/// A recording contains no credentials of the client: where a response repeats them, they are masked. It does contain what
/// the service sends, such as SDK keys and signing keys of webhooks.
///
/// When a cassette is played back, a request gets the response of the first recorded request with the same method, path, query
/// and body that has not been used. Pacing is off, credentials are optional, and nothing is sent. Attempts without a response
/// are not recorded.
///
/// Clones share the file: clients that are built with clones record to it one after the other, or use up its responses
/// together.
///
/// ```no_run
/// use configcat_management::{Cassette, Client};
///
/// // Records the first time, plays back afterwards.
/// let client = Client::builder().cassette(Cassette::auto("tests/products.jsonl")).build()?;
/// # Ok::<(), configcat_management::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cassette {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    mode: CassetteMode,
    /// Set when the first client is built.
    opened: OnceLock<std::result::Result<Opened, String>>,
}

/// A cassette that is in use.
#[derive(Debug, Clone)]
enum Opened {
    Record(Arc<Recording>),
    Replay(Arc<Tape>),
}

impl Cassette {
    /// A cassette in a file. The file is opened when a client is built.
    pub fn new(path: impl Into<PathBuf>, mode: CassetteMode) -> Self {
        Self { shared: Arc::new(Shared { path: path.into(), mode, opened: OnceLock::new() }) }
    }

    /// Plays back a file.
    pub fn replay(path: impl Into<PathBuf>) -> Self {
        Self::new(path, CassetteMode::Replay)
    }

    /// Records to a file.
    pub fn record(path: impl Into<PathBuf>) -> Self {
        Self::new(path, CassetteMode::Record)
    }

    /// Plays back a file if it exists, and records to it otherwise.
    pub fn auto(path: impl Into<PathBuf>) -> Self {
        Self::new(path, CassetteMode::Auto)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Opens the file, if that has not been done.
    fn opened(&self) -> Result<Opened> {
        let Shared { path, mode, opened } = &*self.shared;
        let open = || match mode {
            CassetteMode::Record => Recording::create(path).map(|new| Opened::Record(Arc::new(new))),
            CassetteMode::Replay => Tape::read(path).map(|tape| Opened::Replay(Arc::new(tape))),
            CassetteMode::Auto if path.exists() => {
                Tape::read(path).map(|tape| Opened::Replay(Arc::new(tape)))
            }
            CassetteMode::Auto => Recording::create(path).map(|new| Opened::Record(Arc::new(new))),
        };
        let opened = opened.get_or_init(|| open().map_err(|error| error.message().to_owned()));
        opened.clone().map_err(Error::configuration)
    }

    /// Whether nothing is sent.
    pub(crate) fn is_replayed(&self) -> Result<bool> {
        Ok(matches!(self.opened()?, Opened::Replay(_)))
    }

    /// Puts the cassette in the place of a transport, or behind it.
    /// `redactor` masks the secrets of the client other than the credentials.
    pub(crate) fn insert(
        &self,
        transport: impl Transport + 'static,
        redactor: &Arc<Redactor>,
    ) -> Result<Box<dyn Transport>> {
        Ok(match self.opened()? {
            Opened::Record(recording) => {
                Box::new(Recorder { transport, recording, redactor: Arc::clone(redactor) })
            }
            Opened::Replay(tape) => Box::new(Player { tape }),
        })
    }
}
