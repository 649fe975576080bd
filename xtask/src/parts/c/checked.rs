//! Runs the test programs in C and C++ under valgrind and with sanitizers.

use super::library::Library;
use super::programs::{Build, Program, compile, compiler, compiles, of_this_machine};
use crate::support::process::{Job, run_jobs, step};
use crate::support::python::Profile;
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::root;
use anyhow::Result;
use std::path::Path;

/// Returns the programs that are fast enough to run several times slower.
fn checked() -> Option<Vec<&'static Program>> {
    Some(of_this_machine()?.into_iter().filter(|program| program.checked).collect())
}

pub fn valgrind() -> Result<()> {
    let Some(programs) = checked() else { return Ok(()) };
    if !available("valgrind", "no program ran under it") {
        return Ok(());
    }
    let library = Library::build(Profile::Dev)?;
    let compiled = compile(&library, &programs, Build::Plain)?;
    step("running the test programs under valgrind");
    let suppressions = format!("--suppressions={}", root().join("tests/c/valgrind.supp").display());
    let jobs = programs.iter().zip(compiled).map(|(program, path)| {
        let mut command = library.command(Path::new("valgrind"));
        // Long enough stacks for the suppressions, which name the function that begins the allocation.
        command.args(["--quiet", "--leak-check=full", "--num-callers=40", "--fair-sched=yes"]);
        command.args(["--show-leak-kinds=all", "--errors-for-leak-kinds=all", "--error-exitcode=9"]);
        command.arg(&suppressions).arg(path).env("STRESS_PERCENT", "2").env("WAIT_FOR_THREADS", "1");
        Job { name: format!("{} under valgrind", program.name), command }
    });
    run_jobs(jobs.collect())
}

pub fn sanitizers() -> Result<()> {
    let Some(programs) = checked() else { return Ok(()) };
    let library = Library::build(Profile::Dev)?;
    for build in [Build::Address, Build::Thread] {
        if !compiles(&compiler(false), build.flags())? {
            let name = build.name();
            report::skip(&format!("{} has no sanitizer for {name}: no program ran with it", compiler(false)));
            continue;
        }
        let compiled = compile(&library, &programs, build)?;
        step(&format!("running the test programs with sanitizers ({})", build.name()));
        let suppressions = root().join("tests/c/thread-sanitizer.supp");
        let jobs = programs.iter().zip(compiled).map(|(program, path)| {
            let mut command = library.command(&path);
            command.env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0").env("STRESS_PERCENT", "20");
            // Quoted because the path may contain spaces.
            command.env("TSAN_OPTIONS", format!("suppressions=\"{}\"", suppressions.display()));
            Job { name: format!("{} ({})", program.name, build.name()), command }
        });
        run_jobs(jobs.collect())?;
    }
    Ok(())
}
