//! `docs/cli.md`: the output of its commands is that of a run.

use crate::support::{Demo, PROGRAM};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

/// Stands for the rest of an output.
const ELLIPSIS: &str = "…";

/// Runs a command line in a shell that finds the program.
fn output_of(demo: &Demo, line: &str) -> String {
    let environment = demo.program(&[]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("{{ {line}\n}} 2>&1")]).current_dir(demo.folder.path()).env_clear();
    for (name, value) in environment.get_envs() {
        shell.env(name, value.unwrap());
    }
    let path = std::env::var("PATH").unwrap();
    let folder = Path::new(PROGRAM).parent().unwrap().display();
    let output = shell.env("PATH", format!("{folder}:{path}")).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the page with the outputs of a run. Blocks ```` ```yaml NAME ```` become files; the commands of ```` ```console ````
/// blocks run one after the other.
fn page(demo: &Demo, page: &str) -> String {
    let mut new = String::new();
    let mut lines = page.lines().peekable();
    let mut in_console = false;
    while let Some(line) = lines.next() {
        writeln!(new, "{line}").unwrap();
        if let Some(name) =
            line.strip_prefix("```").and_then(|fence| fence.split_once(' ')).map(|(_, name)| name)
        {
            let mut text = String::new();
            while let Some(line) = lines.next_if(|line| *line != "```") {
                writeln!(text, "{line}").unwrap();
            }
            new.push_str(&text);
            demo.write(name, &text);
        } else if line.starts_with("```") {
            in_console = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            let mut old = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
                old.push(line);
            }
            let shown = old.iter().position(|line| *line == ELLIPSIS);
            let output = output_of(demo, command);
            for line in output.lines().take(shown.unwrap_or(usize::MAX)) {
                writeln!(new, "{line}").unwrap();
            }
            if shown.is_some() {
                writeln!(new, "{ELLIPSIS}").unwrap();
            }
        }
    }
    new
}

/// `UPDATE_CLI=1` writes the page.
#[test]
fn documented_output_is_that_of_a_run() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    let old = std::fs::read_to_string(&file).unwrap();
    let new = page(&Demo::start(), &old);
    if std::env::var_os("UPDATE_CLI").is_some() {
        std::fs::write(file, new).unwrap();
        return;
    }
    for (old, new) in old.lines().zip(new.lines()) {
        assert_eq!(
            old, new,
            "docs/cli.md is out of date: UPDATE_CLI=1 cargo test -p configcat-management-cli documented"
        );
    }
    assert_eq!(old.len(), new.len());
}
