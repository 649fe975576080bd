//! Checks the prose of hand-written files: a word list, the length of test names, the tests that SECURITY.md names, and
//! spelling.

mod claims;
mod comments;
mod spelling;
pub mod tests;
mod words;

use crate::support::files::files_below;
use crate::support::report;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use words::WORDS;

/// Longest name of a test, in characters.
const LONGEST_TEST_NAME: usize = 60;

/// Fails with every word of the list in a comment or page, every test name that is too long, and every claim without its test.
pub fn check() -> Result<()> {
    let mut problems = Vec::new();
    let (mut files, mut names) = (0, 0);
    let mut known = claims::Known::default();
    for file in handwritten()? {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        for (line, prose) in comments::prose(extension(&file), &text) {
            problems.extend(found(&prose).map(|hint| format!("{place}:{line}: {hint}")));
        }
        for (line, name) in tests::names(extension(&file), &text) {
            let length = name.chars().count();
            if length > LONGEST_TEST_NAME {
                let limit = format!("{length} characters; at most {LONGEST_TEST_NAME}");
                problems.push(format!("{place}:{line}: test name {name}: {limit}"));
            }
            names += 1;
        }
        files += 1;
        known.files.extend(place.split(['/', '\\']).map(str::to_owned));
        known.files.insert(place);
        if extension(&file) != "md" {
            known.texts.push(text);
        }
    }
    let security = std::fs::read_to_string(root().join("SECURITY.md"))?;
    problems.extend(
        claims::problems(&security, &known).iter().map(|(line, text)| format!("SECURITY.md:{line}: {text}")),
    );
    report::passed(files);
    report::note(&format!("{files} files, {names} test names, {} words", WORDS.len()));
    ensure!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    spelling::check()
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// The words of the list in a line, each with its suggestion.
fn found(line: &str) -> impl Iterator<Item = String> {
    let lower = line.to_lowercase();
    WORDS.iter().filter_map(move |(word, instead)| {
        let at = lower.match_indices(word).any(|(at, _)| {
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let before = lower.get(..at).and_then(|text| text.chars().next_back());
            let after = lower.get(at + word.len()..).and_then(|text| text.chars().next());
            !letter(before) && !letter(after)
        });
        at.then(|| format!("\"{word}\": use {instead}"))
    })
}

/// Hand-written files with prose.
fn handwritten() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for directory in [
        "api",
        "bench",
        "bindings",
        "cli",
        "core",
        "docs",
        "examples",
        "fuzz",
        "include",
        "simulator",
        "tests",
        "xtask",
    ] {
        files_below(&root().join(directory), &mut files)?;
    }
    files.extend(
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"].map(|name| root().join(name)),
    );
    let skipped = [
        "target",
        "generated",
        "_generated",
        "Generated",
        "Bindings",
        "build",
        ".build",
        "node_modules",
        "bindings-out",
        "__pycache__",
        // Written by uniffi.
        "bridge",
        "configcat_management.kt",
        // The words themselves.
        "prose",
        "corpus",
    ];
    files.retain(|file| {
        let relative = file.strip_prefix(root()).unwrap_or(file);
        let skip = relative.iter().any(|part| skipped.iter().any(|name| part == *name));
        comments::KNOWN.contains(&extension(file)) && !skip && !file.ends_with("fuzz/src/generated.rs")
    });
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        let hints = |line| found(line).collect::<Vec<_>>();
        assert_eq!(hints("Nobody waits."), ["\"nobody\": use no caller, no client, or the passive"]);
        assert_eq!(hints("somebodys"), [""; 0]);
        assert_eq!(hints("what became of the call").len(), 1);
    }
}
