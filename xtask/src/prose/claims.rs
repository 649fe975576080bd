//! Checks that the tests exist that SECURITY.md names.

use std::collections::HashSet;

/// Marks a claim that no test verifies.
const UNTESTED: &str = "**no test**";

/// What the names of tests are compared with.
#[derive(Default)]
pub struct Known {
    /// Names of files and of directories.
    pub files: HashSet<String>,
    /// The text of every program and test.
    pub texts: Vec<String>,
}

impl Known {
    fn has(&self, name: &str) -> bool {
        let part = name.strip_prefix("verify ").map(|part| format!("name: \"{part}\""));
        let wanted = part.as_deref().unwrap_or(name).trim_end_matches(['*', '/']);
        self.files.iter().any(|file| file.ends_with(wanted))
            || self.texts.iter().any(|text| text.contains(wanted))
    }
}

/// Returns the line and the problem of each row that names no test, or one that does not exist.
pub fn problems(page: &str, known: &Known) -> Vec<(usize, String)> {
    let rows = page
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("| ") && !line.starts_with("| attacker"));
    let mut found = Vec::new();
    for (index, row) in rows {
        let cell = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        if names.is_empty() && !cell.contains(UNTESTED) {
            found.push((index + 1, "the claim has neither a test nor the mark of one without".to_owned()));
        }
        for name in names.into_iter().filter(|name| !known.has(name)) {
            found.push((index + 1, format!("there is no test {name}")));
        }
    }
    found
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn claims_without_existing_tests_are_found() {
        let known = Known {
            files: ["proxy.rs".to_owned()].into(),
            texts: vec!["fn a_test() {} Part { name: \"miri\" } \"stalled-body\"".to_owned()],
        };
        let rows =
            |cell: &str| problems(&format!("| attacker | test |\n|---|---|\n| a | {cell} |\n"), &known);
        for good in ["`proxy.rs`: `a_test`", "`verify miri`, `stalled-*`", "memory: **no test**"] {
            assert!(rows(good).is_empty(), "{good}");
        }
        assert_eq!(rows("`other_test`"), [(3, "there is no test other_test".to_owned())]);
        assert_eq!(rows("`proxy.rs`: `gone`").len(), 1);
        assert_eq!(rows("by hand").len(), 1);
    }
}
