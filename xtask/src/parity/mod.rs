//! `docs/parity.md`: the capabilities of every language, and the test that proves each. Written from `tests/parity.yaml`.

mod page;
mod row;

use crate::prose::tests::names;
use crate::support::report;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use row::{Language, Row, TABLE};
use std::path::Path;

pub const PAGE: &str = "docs/parity.md";
/// Returns the text of the page. Fails if a cell has neither a test nor a reason, or names a test that does not exist.
pub fn page(root: &Path) -> Result<String> {
    let rows = read(root)?;
    let problems = problems(root, &rows);
    ensure!(problems.is_empty(), "{TABLE}: {} problems\n{}", problems.len(), problems.join("\n"));
    Ok(page::write(&rows))
}

/// Fails with every cell that has neither a test nor a reason, or whose test does not exist.
pub fn check() -> Result<()> {
    let root = root();
    page(&root)?;
    report::passed(read(&root)?.iter().map(|row| row.tests.len() as u64).sum());
    Ok(())
}

fn read(root: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(root.join(TABLE)).context(TABLE)?;
    serde_saphyr::from_str(&text).context(TABLE)
}

fn problems(root: &Path, rows: &[Row]) -> Vec<String> {
    let mut problems = Vec::new();
    for row in rows {
        for (language, name, extension) in Language::ALL {
            let problem = match (row.tests.get(&language), row.missing.get(&language)) {
                (Some(_), Some(_)) => Some("has a test and a reason why it is missing".to_owned()),
                (None, None) => Some("has neither a test nor a reason why it is missing".to_owned()),
                (None, Some(_)) => None,
                (Some(test), None) => test_problem(root, test, extension),
            };
            problems.extend(problem.map(|problem| format!("{}, {name}: {problem}", row.capability)));
        }
    }
    problems
}

/// Returns what is wrong with the name of a test.
fn test_problem(root: &Path, test: &str, extension: &str) -> Option<String> {
    let Some((file, name)) = test.split_once("::") else {
        return Some(format!("{test:?} is not file::test"));
    };
    if !file.ends_with(&format!(".{extension}")) {
        return Some(format!("{file} is in another language"));
    }
    let Ok(text) = std::fs::read_to_string(root.join(file)) else {
        return Some(format!("{file} does not exist"));
    };
    let known = names(extension, &text).into_iter().any(|(_, known)| known == name);
    (!known).then(|| format!("{file} has no test {name}"))
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn cells_without_a_test_or_a_reason_are_reported() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("parity-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("a.rs"), "#[test]\nfn works() {}\n")?;
        let rows = "
- capability: Flying
  tests: { rust: 'a.rs::works', python: 'a.rs::works', c: a.c, cpp: 'b.cpp::works', kotlin: 'a.kt::x' }
  missing: { swift: no wings, kotlin: no wings }
- capability: Walking
  tests: { rust: 'a.rs::walks' }
  missing: { python: '-', c: '-', cpp: '-', kotlin: '-', java: '-', swift: '-' }
";
        let rows: Vec<Row> = serde_saphyr::from_str(rows)?;
        let found = problems(&folder, &rows);
        std::fs::remove_dir_all(&folder)?;
        let expected = [
            "Flying, Python: a.rs is in another language",
            "Flying, C: \"a.c\" is not file::test",
            "Flying, C++: b.cpp does not exist",
            "Flying, Kotlin: has a test and a reason why it is missing",
            "Flying, Java: has neither a test nor a reason why it is missing",
            "Walking, Rust: a.rs has no test walks",
        ];
        ensure!(found == expected, "{found:#?}");
        Ok(())
    }
}
