//! `docs/cli.md` and the recipes: the outputs of their commands are those of a run, and the jobs of their workflows succeed.

use crate::support::{Demo, PROGRAM};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Stands for the rest of an output.
const ELLIPSIS: &str = "…";

/// Returns a shell that finds the program.
fn shell(demo: &Demo, arguments: &[&str]) -> Command {
    let environment = demo.program(&[]);
    let mut shell = Command::new("sh");
    shell.args(arguments).current_dir(demo.folder.path()).env_clear().stdin(Stdio::null());
    for (name, value) in environment.get_envs() {
        shell.env(name, value.unwrap());
    }
    let path = std::env::var("PATH").unwrap();
    let folder = Path::new(PROGRAM).parent().unwrap().display();
    shell.env("PATH", format!("{folder}:{path}"));
    shell
}

/// Runs a command line in a shell.
fn output_of(demo: &Demo, line: &str) -> String {
    let output = shell(demo, &["-c", &format!("{{ {line}\n}} 2>&1")]).output().unwrap();
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

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

/// The pages of the recipes.
fn recipes() -> Vec<PathBuf> {
    let mut pages: Vec<_> =
        std::fs::read_dir(docs("recipes")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

/// Checks a page. `UPDATE_CLI=1` writes it.
fn check(file: &Path) {
    let old = std::fs::read_to_string(file).unwrap();
    let new = page(&Demo::start(), &old);
    if std::env::var_os("UPDATE_CLI").is_some() {
        std::fs::write(file, new).unwrap();
        return;
    }
    for (old, new) in old.lines().zip(new.lines()) {
        assert_eq!(
            old,
            new,
            "{} is out of date: UPDATE_CLI=1 cargo test -p configcat-management-cli documented",
            file.display()
        );
    }
    assert_eq!(old.len(), new.len(), "{}", file.display());
}

#[test]
fn documented_output_is_that_of_a_run() {
    check(&docs("cli.md"));
}

#[test]
fn outputs_of_recipes_are_those_of_a_run() {
    std::thread::scope(|scope| {
        for file in recipes() {
            scope.spawn(move || check(&file));
        }
    });
}

/// Returns the commands of a workflow of GitHub or GitLab, in order.
fn commands(workflow: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let Some(jobs) = workflow.get("jobs") else {
        let jobs = workflow.as_object().unwrap().values();
        return jobs
            .map(|job| job["script"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join("\n"))
            .collect();
    };
    let steps = jobs.as_object().unwrap().values().flat_map(|job| job["steps"].as_array().unwrap());
    steps.filter_map(|step| step.get("run")).map(text).collect()
}

#[test]
fn workflows_of_recipes_succeed() {
    let mut run = 0;
    for file in recipes() {
        let text = std::fs::read_to_string(&file).unwrap();
        let named = text.lines().filter_map(|line| line.strip_prefix("```yaml ."));
        for workflow in named {
            // The files are as at the end of the page.
            let demo = Demo::start();
            page(&demo, &text);
            let workflow = demo.read(&format!(".{workflow}"));
            for command in commands(&serde_saphyr::from_str(&workflow).unwrap()) {
                let output = shell(&demo, &["-ec", &command])
                    .env("GITHUB_STEP_SUMMARY", demo.file("summary.md"))
                    .env("GITHUB_SHA", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
                    .env("CI_COMMIT_SHA", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
                    .output()
                    .unwrap();
                assert!(output.status.success(), "{}: {command}\n{output:?}", file.display());
                run += 1;
            }
        }
    }
    assert_eq!(run, 6);
}
