//! `cargo xtask bench c`: compares the C library with libcurl and a JSON library, which a user would otherwise use.

use super::library::Library;
use super::programs::compiler;
use crate::parts::bench::{Artefact, FIRST_CALLS, Recorded, measured, run_program};
use crate::support::packages;
use crate::support::process::{output, run};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// PyPI package whose source distribution contains the sources of yyjson; Debian has no package.
const YYJSON: &str = "yyjson==4.0.6";

pub fn bench() -> Result<()> {
    if !packages::require(&["cc", "pkg-config"], "the C library was not measured") {
        return Ok(());
    }
    let library = Library::build(Profile::Release)?;
    let artefact = Artefact::new(library.built(), "release")?;
    let first_call = compile(&library, "first_call", &["first_call", "common"], |_| {})?;
    let program = comparison(&library)?;
    let recorded = Recorded::start()?;
    let run = |program: &Path, arguments: &[&str]| {
        run_program(library.command(program).arg(recorded.url()).args(arguments), &artefact)
    };
    measured(|| {
        if let Some((program, contenders)) = &program {
            let (small, large) = (recorded.small.as_str(), recorded.large.as_str());
            run(program, &[small, large])?;
            recorded.floor()?;
            // Each in a separate process, because the memory of a process includes everything that ran in it before.
            contenders.iter().try_for_each(|name| run(program, &[small, large, name]))?;
        }
        (0..FIRST_CALLS).try_for_each(|_| run(&first_call, &[]))
    })
}

/// Compiles the comparison and returns it with the names of its contenders; `None` without libcurl and cJSON.
fn comparison(library: &Library) -> Result<Option<(PathBuf, Vec<&'static str>)>> {
    if !packages::require(&["libcurl", "libcjson"], "the C library was not compared") {
        return Ok(None);
    }
    let flags = output(Command::new("pkg-config").args(["--cflags", "--libs", "libcurl", "libcjson"]))?;
    let mut contenders = vec!["this", "libcurl + cJSON"];
    let yyjson = yyjson().inspect_err(|error| report::skip(&format!("yyjson: {error:#}"))).ok();
    let program = compile(library, "bench", &["main", "common", "ours", "curl", "curl_cjson"], |command| {
        if let Some(folder) = &yyjson {
            contenders.push("libcurl + yyjson");
            command.arg("-DWITH_YYJSON").arg("bench/c/curl_yyjson.c").arg(folder.join("yyjson.c"));
            command.arg(format!("-I{}", folder.display()));
        }
        command.args(flags.split_whitespace());
    })?;
    Ok(Some((program, contenders)))
}

/// Compiles sources of `bench/c` into a program that is linked to the library.
pub fn compile(
    library: &Library,
    name: &str,
    sources: &[&str],
    more: impl FnOnce(&mut Command),
) -> Result<PathBuf> {
    let program = target("c")?.join(name);
    let mut command = Command::new(compiler(false));
    command.current_dir(root()).args(["-std=c11", "-O2", "-D_GNU_SOURCE", "-Iinclude", "-o"]).arg(&program);
    command.args(sources.iter().map(|source| format!("bench/c/{source}.c")));
    command.arg(format!("-L{}", library.folder().display())).arg("-lconfigcat_management");
    more(&mut command);
    run(&mut command)?;
    Ok(program)
}

/// Downloads the sources of yyjson and returns their directory.
fn yyjson() -> Result<PathBuf> {
    let environment = Environment::tools()?;
    let folder = target("yyjson")?;
    let found = || {
        let entries = std::fs::read_dir(&folder).ok()?;
        let unpacked = entries.filter_map(|e| Some(e.ok()?.path().join("yyjson")));
        unpacked.into_iter().find(|path| path.join("yyjson.c").exists())
    };
    if let Some(folder) = found() {
        return Ok(folder);
    }
    let mut pip = environment.python();
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest"]);
    run(pip.arg(&folder).arg(YYJSON))?;
    const UNPACK: &str = "import sys, glob, tarfile; tarfile.open(glob.glob(sys.argv[1] + '/*.tar.gz')[0]).extractall(sys.argv[1])";
    run(environment.python().args(["-c", UNPACK]).arg(&folder))?;
    found().context("the package has no sources of it")
}
