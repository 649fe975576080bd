//! Parses the numbers of passed, failed and skipped tests from the output of test runners.

/// Numbers of passed, failed and skipped tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    pub fn total(self) -> u64 {
        self.passed + self.failed + self.skipped
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Returns the sum of the summary lines of all known test runners.
pub fn in_output(output: &str) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines() {
        let line = without_colours(line);
        let readers = [libtest, surefire, swift_testing, words];
        if let Some(counts) = readers.iter().find_map(|read| read(line.trim())) {
            sum += counts;
        }
    }
    sum
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out`, from Rust.
fn libtest(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    Some(Counts {
        passed: before(rest, "passed")?,
        failed: before(rest, "failed")?,
        skipped: before(rest, "ignored")?,
    })
}

/// `[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 1`, from Maven; lines of a single class continue with a time.
fn surefire(line: &str) -> Option<Counts> {
    let (_, rest) = line.split_once("] Tests run: ")?;
    if rest.contains("Time elapsed") {
        return None;
    }
    let numbers: Vec<u64> =
        rest.split(", ").map(|part| part.rsplit(' ').next()?.parse().ok()).collect::<Option<_>>()?;
    let [run, failures, errors, skipped] = numbers.as_slice() else { return None };
    let failed = failures + errors;
    Some(Counts { passed: run.saturating_sub(failed + skipped), failed, skipped: *skipped })
}

/// `✔ Test run with 12 tests in 3 suites passed after 1.2 seconds.`, from Swift.
fn swift_testing(line: &str) -> Option<Counts> {
    let (_, rest) = line.split_once("Test run with ")?;
    let total: u64 = rest.split(' ').next()?.parse().ok()?;
    if rest.contains(" passed after ") {
        return Some(Counts { passed: total, ..Counts::default() });
    }
    // `... failed after 1.2 seconds with 3 issues.`
    let failed = before(rest, "issues").or_else(|| before(rest, "issue"))?.min(total);
    Some(Counts { passed: total - failed, failed, skipped: 0 })
}

/// `1 failed, 956 passed, 2 skipped in 12.30s` from pytest, `12 passed, 0 failed` from the programs in C and C++.
fn words(line: &str) -> Option<Counts> {
    let line = line.trim_matches(['=', ' ']);
    let list = line.split(" in ").next().unwrap_or(line);
    let mut counts = Counts::default();
    for item in list.split(", ") {
        let (number, word) = item.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match word {
            "passed" | "xfailed" => counts.passed += number,
            "failed" | "error" | "errors" | "xpassed" => counts.failed += number,
            "skipped" => counts.skipped += number,
            "deselected" | "warning" | "warnings" | "rerun" => {}
            _ => return None,
        }
    }
    Some(counts)
}

/// Returns the number before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let mut words = text.split([' ', ';', '.']).filter(|w| !w.is_empty()).peekable();
    while let Some(number) = words.next() {
        if words.peek() == Some(&word) {
            return number.parse().ok();
        }
    }
    None
}

/// Removes ANSI escape sequences that set colours.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((text, escape)) = rest.split_once("\u{1b}[") {
        plain.push_str(text);
        rest = escape.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::{Counts, in_output};

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn summaries_of_every_runner_are_parsed() {
        let lines = [
            (
                "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s",
                counts(12, 2, 1),
            ),
            ("957 passed, 1 skipped in 63.21s (0:01:03)", counts(957, 0, 1)),
            ("==== 1 failed, 956 passed, 3 warnings, 2 errors in 4.0s ====", counts(956, 3, 0)),
            (
                "\u{1b}[1;31m[ERROR] Tests run: 12, Failures: 1, Errors: 1, Skipped: 3\u{1b}[m",
                counts(7, 2, 3),
            ),
            (
                "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in X",
                counts(0, 0, 0),
            ),
            ("✔ Test run with 30 tests in 4 suites passed after 2.5 seconds.", counts(30, 0, 0)),
            (
                "✘ Test run with 30 tests in 4 suites failed after 2.5 seconds with 2 issues.",
                counts(28, 2, 0),
            ),
            ("12 passed, 0 failed", counts(12, 0, 0)),
            ("1 file changed, 2 passed by", counts(0, 0, 0)),
        ];
        for (line, expected) in lines {
            assert_eq!(in_output(line), expected, "{line}");
        }
    }

    #[test]
    fn summaries_of_several_runs_are_added() {
        assert_eq!(in_output("3 passed, 0 failed\nnoise\n4 passed, 1 failed\n"), counts(7, 1, 0));
    }
}
