//! Files that commands read and write; `-` is a standard stream.

use crate::failure::Failure;
use configcat_management::changes::{Document, Plan};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Reads a file, or the standard input.
pub fn read(file: &Path) -> Result<String, Failure> {
    if is_stream(file) {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        return match read {
            Ok(_) => Ok(text),
            Err(error) => Err(Failure::new(format!("the standard input: {error}"))),
        };
    }
    std::fs::read_to_string(file).map_err(|error| named(file, &error))
}

/// Writes a file, or the standard output.
pub fn write(file: &Path, text: &str) -> Result<(), Failure> {
    if is_stream(file) {
        return crate::terminal::print(text);
    }
    std::fs::write(file, text).map_err(|error| named(file, &error))
}

fn is_stream(file: &Path) -> bool {
    file == Path::new("-")
}

fn named(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}

/// Parses a document, and names its file in errors.
pub fn document(file: &Path, text: &str) -> Result<Document, Failure> {
    Document::from_yaml(text).map_err(|error| named(file, &error))
}

/// Parses a plan that was saved; `None` if the text is not one.
pub fn saved_plan(file: &Path, text: &str) -> Result<Option<Plan>, Failure> {
    // Documents have neither of these members.
    let is_plan = serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|value| value.get("steps").is_some() && value.get("format").is_some());
    if !is_plan {
        return Ok(None);
    }
    Plan::from_json(text).map(Some).map_err(|error| named(file, &error))
}

/// A file that is written at the end, and opened before anything is done: what cannot be reported cannot be undone.
#[derive(Debug)]
pub struct LateFile {
    path: PathBuf,
    file: File,
}

impl LateFile {
    /// Opens the file without changing its contents.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        Ok(Self { path: path.to_owned(), file: file.map_err(|error| named(path, &error))? })
    }

    /// Replaces the contents.
    pub fn write(mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.set_len(0).and_then(|()| self.file.write_all(text.as_bytes()));
        written.map_err(|error| named(&self.path, &error))
    }
}
