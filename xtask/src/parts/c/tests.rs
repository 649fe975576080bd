//! The tests in C and C++, compiled against the headers and libraries as a user would.

use super::library::Library;
use super::programs::{Build, Program, compile, of_this_machine};
use crate::support::process::{Job, run_jobs, step};
use crate::support::python::Profile;
use crate::support::servers::TestServers;
use crate::support::toolbox::available;
use crate::support::workspace::root;
use anyhow::{Result, ensure};

pub fn test() -> Result<()> {
    let Some(programs) = of_this_machine() else { return Ok(()) };
    let library = Library::build(Profile::Dev)?;
    check_symbols(&library)?;
    let compiled = compile(&library, &programs, Build::Plain)?;
    let servers = TestServers::start()?;
    step("running the test programs");
    let mut jobs = Vec::new();
    for (Program { name, halves, .. }, path) in programs.iter().zip(compiled) {
        for half in halves.iter().map(Some).chain(halves.is_empty().then_some(None)) {
            let mut command = library.command(&path);
            servers.announce(&mut command).env("CONTRACT_VECTORS", root().join("tests/contract"));
            command.env("PATH_OF_COPY", library.copy()?).env("CLIENT_CYCLES", "500").args(half);
            jobs.push(Job { name: (*name).to_owned(), command });
        }
    }
    // The longest one first: it waits for every fault-injecting server.
    jobs.sort_by_key(|job| job.name != "faults");
    run_jobs(jobs)
}

/// Checks that the library exports the functions that the header declares. In the shared build it also exports symbols for
/// uniffi; `verify dist-c` checks that the distributed library exports no other symbols.
fn check_symbols(library: &Library) -> Result<()> {
    if !available("nm", "the symbols of the library were not compared with the header") {
        return Ok(());
    }
    step("symbols and header");
    for name in super::library::NAMES {
        let missing: Vec<String> =
            library.declared(name)?.difference(&library.exported(name)?).cloned().collect();
        ensure!(missing.is_empty(), "{name} does not export {missing:?}, which its header declares");
    }
    crate::support::report::passed(super::library::NAMES.len() as u64);
    Ok(())
}
