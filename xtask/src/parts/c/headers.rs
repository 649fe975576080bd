//! Compiles the headers in other ways than the test programs: each on its own, with every standard, without exceptions, and with all
//! warnings of clang.

use super::programs::{available_compiler, compiler};
use crate::support::process::{Job, compile_jobs, step};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// Headers that programs include.
const PUBLIC: [&str; 4] = [
    "configcat_management.h",
    "configcat_management_simulator.h",
    "configcat_management.hpp",
    "configcat_management_simulator.hpp",
];

/// Programs that use the headers as applications do.
const PROGRAMS: [&str; 4] = [
    "examples/cpp/quickstart.cpp",
    "examples/cpp/rollout.cpp",
    "tests/cpp/test_requests.cpp",
    "tests/cpp/test_types.cpp",
];

/// Warnings of `-Weverything` that the headers have, each with its reason. `docs/cpp.md` has the same list.
const ACCEPTED: [(&str, &str); 5] = [
    ("c++98-compat", "the headers need C++17"),
    ("c++98-compat-pedantic", "the headers need C++17"),
    ("exit-time-destructors", "the log handler is removed at the end of the process"),
    ("padded", "structs have their members in the order of the documentation"),
    ("weak-vtables", "the classes of exceptions are in headers only"),
];

const PAGE: &str = "docs/cpp.md";

pub fn check() -> Result<()> {
    check_page()?;
    if !available_compiler(true, "the headers were not compiled on their own") {
        return Ok(());
    }
    let folder = target("c/headers")?;
    std::fs::create_dir_all(&folder)?;
    step("compiling each header on its own");
    let mut jobs = Vec::new();
    for header in PUBLIC {
        let is_cpp = header.ends_with(".hpp");
        let standards: &[&str] = if is_cpp { &["c++17", "c++20", "c++23"] } else { &["c11", "c17"] };
        for standard in standards {
            jobs.push(job(&compiler(is_cpp), header, standard, &["-Wall", "-Wextra", "-Wpedantic"])?);
        }
        if is_cpp {
            jobs.push(job(&compiler(true), header, "c++17", &["-fno-exceptions", "-fno-rtti"])?);
        }
    }
    let compiled = jobs.len() as u64;
    compile_jobs(jobs)?;
    report::passed(compiled);
    everything()
}

/// Compiles with all warnings of clang.
fn everything() -> Result<()> {
    if !available("clang", "the headers were not compiled with -Weverything") {
        return Ok(());
    }
    step("compiling with all warnings of clang");
    let mut flags = vec!["-Weverything".to_owned()];
    flags.extend(ACCEPTED.iter().map(|(warning, _)| format!("-Wno-{warning}")));
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let mut jobs = Vec::new();
    for header in PUBLIC {
        let (program, standard) =
            if header.ends_with(".hpp") { ("clang++", "c++17") } else { ("clang", "c11") };
        jobs.push(job(program, header, standard, &flags)?);
    }
    for program in PROGRAMS {
        let mut command = syntax("clang++", "c++17", &flags);
        command.arg("-Itests/cpp").arg(program);
        jobs.push(Job { name: format!("clang++ {program}"), command });
    }
    let compiled = jobs.len() as u64;
    compile_jobs(jobs)?;
    report::passed(compiled);
    Ok(())
}

/// Compiles a file that includes only one header, twice.
fn job(compiler: &str, header: &str, standard: &str, flags: &[&str]) -> Result<Job> {
    let extension = if header.ends_with(".hpp") { "cpp" } else { "c" };
    let source: PathBuf = target("c/headers")?.join(format!("{}.{extension}", header.replace('.', "_")));
    std::fs::write(&source, format!("#include <{header}>\n#include <{header}>\n"))
        .with_context(|| source.display().to_string())?;
    let mut command = syntax(compiler, standard, flags);
    command.arg(&source);
    Ok(Job { name: format!("{compiler} -std={standard} {} {header}", flags.first().unwrap_or(&"")), command })
}

fn syntax(compiler: &str, standard: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(compiler);
    command.current_dir(root()).arg(format!("-std={standard}")).args(flags);
    command.args(["-Werror", "-fsyntax-only", "-Iinclude"]);
    command
}

/// Checks that the page names the accepted warnings.
fn check_page() -> Result<()> {
    let page = std::fs::read_to_string(root().join(PAGE))?;
    for (warning, reason) in ACCEPTED {
        let line = format!("| `-W{warning}` | {reason} |");
        ensure!(page.contains(&line), "{PAGE} does not have the line {line}");
    }
    let listed = page.lines().filter(|line| line.starts_with("| `-W")).count();
    ensure!(listed == ACCEPTED.len(), "{PAGE} lists {listed} warnings instead of {}", ACCEPTED.len());
    report::passed(1);
    Ok(())
}
