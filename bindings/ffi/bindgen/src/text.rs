//! Changes of generated code.

use anyhow::{Result, ensure};

/// Changes each line.
pub fn lines(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().fold(String::with_capacity(text.len()), |mut out, line| {
        out.push_str(&change(line));
        out.push('\n');
        out
    })
}

/// Replaces a pattern that must occur exactly once.
pub fn once(text: &str, what: &str, with: &str) -> Result<String> {
    let found = text.matches(what).count();
    ensure!(found == 1, "{what:?} found {found} times, expected once: the output of uniffi has changed");
    Ok(text.replacen(what, with, 1))
}
