//! Runs the code of the guides in Python, Rust, C and C++, and compares its output with the one that the guides show.

use super::c::examples as c;
use crate::support::build::products;
use crate::support::process::{output, step};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::servers::Running;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// Guides, each with the options of its simulator.
const GUIDES: [(&str, &[&str]); 7] = [
    ("authentication", &[]),
    ("bulk", &[]),
    ("editing-flags", &[]),
    ("errors", &[]),
    // The calls use up the budget of several windows.
    ("rate-limits", &["--rate-limit", "10/1"]),
    ("testing", &[]),
    ("webhooks", &[]),
];

/// Longest line of code, so that a page shows it without scrolling.
const WIDTH: usize = 80;

/// Runs every guide in each language, with a simulator of its own.
pub fn run_all() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    let rust = products()?.program("guides")?.to_path_buf();
    let compiled = c::compile_guides(&GUIDES.map(|(guide, _)| guide))?;
    for (guide, options) in GUIDES {
        let folder = format!("examples/guides/{guide}");
        lines_are_short(&folder)?;
        let expected = std::fs::read_to_string(root().join(&folder).join("output.txt"))
            .with_context(|| format!("{folder}/output.txt"))?;
        let mut python = environment.python();
        python.arg(format!("{folder}/guide.py"));
        let mut of_rust = Command::new(&rust);
        of_rust.arg(guide);
        let mut commands = vec![("Python", python), ("Rust", of_rust)];
        commands.extend(compiled.commands(guide));
        for (language, mut command) in commands {
            step(&format!("guide {guide} in {language}"));
            let simulator = Running::start(Profile::Dev, &[&["--seed", "demo"], options].concat())?;
            command.env("CONFIGCAT_API_USER", "simulator").env("CONFIGCAT_API_PASS", "simulator");
            let printed = output(command.env("CONFIGCAT_BASE_URL", &simulator.url))?;
            ensure!(
                printed == expected.trim(),
                "{guide} in {language} printed:\n{printed}\nnot:\n{expected}"
            );
            report::passed(1);
        }
    }
    Ok(())
}

fn lines_are_short(folder: &str) -> Result<()> {
    for ending in ["py", "rs", "c", "cpp"] {
        let path = format!("{folder}/guide.{ending}");
        let code = std::fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
        let long = code.lines().find(|line| line.chars().count() > WIDTH);
        ensure!(long.is_none(), "{path}: a line has more than {WIDTH} columns: {}", long.unwrap_or_default());
    }
    Ok(())
}
