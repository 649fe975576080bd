//! Instruction counts of fixed workloads, measured with valgrind. They hardly depend on the load of the machine, so that
//! performance regressions are detected reliably. `cargo xtask update instructions` records them.

use super::artefact::Artefact;
use super::figures::number;
use super::{record, recorded};
use crate::parts::c::bench::compile;
use crate::parts::c::library::Library;
use crate::parts::c::programs::available_compiler;
use crate::support::process::output;
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::servers::Running;
use crate::support::toolbox::available;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::Command;

const KEPT: &str = "bench/instructions.json";
/// Work whose instructions are counted.
struct Work {
    name: &'static str,
    language: Language,
    /// Two numbers of repetitions: the difference of their counts removes the instructions for starting and ending the process.
    times: [u64; 2],
    /// Number of runs, of which the least count is taken. Threads that wake each other at other instants do more work.
    runs: usize,
    /// Counts only what this function does, without the threads that serve it, whose work depends on the load.
    within: Option<&'static str>,
    /// Increase over the recorded count that is a regression, in percent.
    tolerance: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    C,
    Python,
}

/// Work on one thread, or so much of it that the threads do not matter: repeated counts differ by 0.02 %.
const fn work(name: &'static str, language: Language, times: [u64; 2]) -> Work {
    Work { name, language, times, runs: 1, within: None, tolerance: 3.0 }
}

/// Small calls. Counts of all threads differ by 6 % between an idle and a busy machine, of the function alone by 2 %.
const fn small(name: &'static str, language: Language, within: Option<&'static str>) -> Work {
    Work { runs: 5, within, ..work(name, language, [100, 600]) }
}

const CALL: &str = "configcat_management::client::handle::Client::call::{{closure}}";

const WORK: [Work; 10] = [
    work("decode-1000", Language::Rust, [1, 3]),
    work("decode-10000", Language::Rust, [1, 3]),
    work("encode", Language::Rust, [1, 3]),
    small("rust-small", Language::Rust, Some(CALL)),
    work("rust-list", Language::Rust, [2, 12]),
    work("rust-upload", Language::Rust, [2, 22]),
    small("c-small", Language::C, Some(CALL)),
    work("c-list", Language::C, [2, 12]),
    // The module in the wheel has no symbols, so that no function can be selected.
    Work { tolerance: 10.0, ..small("python-small", Language::Python, None) },
    work("python-list", Language::Python, [2, 12]),
];

/// The programs that do the work, and the server that they call.
struct Programs {
    rust: PathBuf,
    c: Option<(Library, PathBuf)>,
    python: Environment,
    server: Running,
}

impl Programs {
    fn build() -> Result<Self> {
        let rust = recorded::program()?;
        Artefact::new(&rust, "release")?;
        let c = available_compiler(false, "the instructions of the C library were not counted").then(|| {
            let library = Library::build(Profile::Release)?;
            Artefact::new(library.built(), "release")?;
            let program = compile(&library, "instructions", &["instructions", "common"], |_| {})?;
            anyhow::Ok((library, program))
        });
        let python = Environment::prepare(Profile::Release)?;
        let server = Running::spawn(Command::new(&rust).arg("serve"))?;
        Ok(Self { rust, c: c.transpose()?, python, server })
    }

    /// Returns a command that counts the instructions of work; `None` if its program could not be built.
    fn command(&self, work: &Work, times: u64) -> Option<Command> {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).current_dir(root());
        // Threads run in the order in which they became ready: single counts of small calls then differ less.
        command.arg("--fair-sched=try");
        command.args(work.within.map(|function| format!("--toggle-collect={function}")));
        command.env_remove("LD_LIBRARY_PATH");
        let url = self.server.url.as_str();
        match work.language {
            Language::Rust => command.arg(&self.rust).args(["--url", url, "work"]),
            Language::C => {
                let (library, program) = self.c.as_ref()?;
                command.env("LD_LIBRARY_PATH", library.folder()).arg(program).arg(url)
            }
            Language::Python => {
                // The order of sets depends on it.
                command.env("PYTHONHASHSEED", "0").arg(self.python.python_path());
                command.arg("bench/python/instructions.py").arg(url)
            }
        };
        command.args([work.name, &times.to_string()]);
        Some(command)
    }

    /// Returns the instructions for doing work once.
    fn count(&self, work: &Work) -> Result<Option<u64>> {
        let [few, many] = work.times;
        let least = |times: u64| -> Result<Option<u64>> {
            let mut least = None;
            for _ in 0..work.runs {
                let Some(mut command) = self.command(work, times) else { return Ok(None) };
                let count = run(&mut command).with_context(|| work.name)?;
                least = Some(least.map_or(count, |least: u64| least.min(count)));
            }
            Ok(least)
        };
        let (Some(with_few), Some(with_many)) = (least(few)?, least(many)?) else { return Ok(None) };
        let count = with_many.saturating_sub(with_few) / (many - few);
        ensure!(count > 0, "{}: no instructions were counted; is there still {:?}?", work.name, work.within);
        Ok(Some(count))
    }
}

fn run(command: &mut Command) -> Result<u64> {
    let out = command.output()?;
    let text = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "it failed: {text}");
    collected(&text).context("valgrind counted nothing")
}

/// Returns the count in the output of callgrind.
fn collected(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.split_once("Collected :"))?.1.trim().parse().ok()
}

/// Recorded counts, and the versions with which they are comparable.
struct Kept {
    counts: Value,
    compiler: bool,
    python: bool,
}

impl Kept {
    fn read(versions: &Versions) -> Result<Self> {
        let kept: Value = match std::fs::read_to_string(root().join(KEPT)) {
            Ok(text) => serde_json::from_str(&text).context(KEPT)?,
            Err(_) => Value::Null,
        };
        let compiler = kept["compiler"] == versions.compiler;
        let python = compiler && kept["python"] == versions.python;
        Ok(Self { counts: kept["instructions"].clone(), compiler, python })
    }

    /// Returns the recorded count if it is comparable.
    fn count(&self, work: &Work) -> Option<u64> {
        let same = if work.language == Language::Python { self.python } else { self.compiler };
        self.counts[work.name].as_u64().filter(|_| same)
    }
}

/// Counts of different compilers or interpreters are not comparable.
struct Versions {
    compiler: String,
    python: String,
}

impl Versions {
    fn of(programs: &Programs) -> Result<Self> {
        let compiler = output(Command::new("rustc").arg("--version"))?;
        let compiler = format!("{compiler} {}", std::env::consts::ARCH);
        Ok(Self { compiler, python: output(programs.python.python().arg("--version"))? })
    }
}

/// Counts instructions and compares them with the recorded counts, or with `update` records them.
pub fn bench(update: bool) -> Result<()> {
    if !available("valgrind", "no instructions were counted") {
        return Ok(());
    }
    let programs = Programs::build()?;
    let versions = Versions::of(&programs)?;
    let kept = Kept::read(&versions)?;
    let mut now = Map::new();
    let mut slower = Vec::new();
    for work in &WORK {
        let before = kept.count(work);
        let Some(count) = programs.count(work)? else {
            now.extend(before.map(|before| (work.name.to_owned(), before.into())));
            continue;
        };
        let change = before.map(|before| 100.0 * (count as f64 / before as f64 - 1.0));
        show(work, count, before, change);
        if change.is_some_and(|change| change > work.tolerance) {
            slower.push(format!("{} by over {} %", work.name, work.tolerance));
        }
        now.insert(work.name.to_owned(), count.into());
    }
    if update {
        let Versions { compiler, python } = versions;
        let kept = json!({ "compiler": compiler, "python": python, "instructions": now });
        std::fs::write(root().join(KEPT), serde_json::to_string_pretty(&kept)? + "\n")?;
        report::note(&format!("{KEPT} is written"));
        return Ok(());
    }
    if !kept.python {
        report::skip(&format!(
            "{KEPT} is of another version of {}: the counts of it were not compared",
            if kept.compiler { "Python" } else { "Rust" }
        ));
    }
    ensure!(slower.is_empty(), "more instructions than before: {}", slower.join(", "));
    Ok(())
}

fn show(work: &Work, count: u64, before: Option<u64>, change: Option<f64>) {
    let thousands = |count: u64| format!("{} thousand", number(count as f64 / 1e3));
    let change = change.map_or_else(|| "not compared".to_owned(), |change| format!("{change:+.2} %"));
    report::note(&format!("{:<16}{count:>16} instructions, {change}", work.name));
    report::passed(1);
    let before = before.map_or_else(String::new, thousands);
    let cells = [("instructions", thousands(count)), ("recorded", before), ("change", change)];
    record::cells("Instructions", work.name, &cells);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_of_callgrind_is_read() {
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 17216825\n"), Some(17_216_825));
        assert_eq!(collected("==7== no such file"), None);
    }

    #[test]
    fn counts_of_other_versions_are_not_compared() {
        let kept =
            |compiler, python| Kept { counts: json!({ "c-small": 7, "python-small": 9 }), compiler, python };
        let find = |name| WORK.iter().find(|work| work.name == name).unwrap();
        assert_eq!(kept(true, false).count(find("c-small")), Some(7));
        assert_eq!(kept(true, false).count(find("python-small")), None);
        assert_eq!(kept(true, true).count(find("python-small")), Some(9));
        assert_eq!(kept(false, false).count(find("c-small")), None);
        assert_eq!(kept(true, true).count(find("c-list")), None);
    }
}
