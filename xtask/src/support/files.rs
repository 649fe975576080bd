//! Copying and listing files.

use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// Copies a file unless the destination has the same content. Its modification time then does not change, and builds that
/// depend on it stay up to date.
pub fn refresh(from: &Path, to: &Path) -> Result<()> {
    let content = std::fs::read(from).with_context(|| from.display().to_string())?;
    if std::fs::read(to).is_ok_and(|old| old == content) {
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().unwrap_or(to))?;
    // Removed first because a running program may have the old file open.
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to).with_context(|| to.display().to_string())?;
    Ok(())
}

/// Makes a directory equal to another one. Files for whose relative path `keep` returns true are left alone.
pub fn mirror(from: &Path, to: &Path, keep: impl Fn(&Path) -> bool) -> Result<()> {
    let mut sources = Vec::new();
    files_below(from, &mut sources)?;
    let mut wanted = BTreeSet::new();
    for source in sources {
        let relative = source.strip_prefix(from)?.to_path_buf();
        if !keep(&relative) {
            refresh(&source, &to.join(&relative))?;
        }
        wanted.insert(relative);
    }
    let mut present = Vec::new();
    files_below(to, &mut present)?;
    for file in present {
        let relative = file.strip_prefix(to)?;
        if !wanted.contains(relative) && !keep(relative) {
            std::fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Lists every file in a directory and its subdirectories. A missing directory counts as empty.
pub fn files_below(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Returns a hash of the names and contents of all files in these directories.
pub fn fingerprint(directories: &[PathBuf], keep_out: &[&str]) -> Result<u64> {
    let mut files = Vec::new();
    for directory in directories {
        files_below(directory, &mut files)?;
    }
    files.retain(|file| !file.components().any(|part| keep_out.iter().any(|name| part.as_os_str() == *name)));
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        (&file, std::fs::read(&file)?).hash(&mut hasher);
    }
    Ok(hasher.finish())
}
