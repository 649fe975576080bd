//! `man`: writes man pages.

use crate::failure::Failure;
use clap::Args;
use std::path::PathBuf;

/// Write the man pages into a directory.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  configcat-management man ~/.local/share/man/man1")]
pub struct Man {
    /// Directory; created if it does not exist.
    directory: PathBuf,
}

impl Man {
    pub fn run(self, definition: clap::Command) -> Result<u8, Failure> {
        let written = std::fs::create_dir_all(&self.directory)
            .and_then(|()| clap_mangen::generate_to(definition, &self.directory));
        written.map_err(|error| Failure::new(format!("{}: {error}", self.directory.display())))?;
        Ok(0)
    }
}
