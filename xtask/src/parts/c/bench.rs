//! `cargo xtask bench c`: compares the C library with libcurl and a JSON library, which a user would otherwise use.

use super::library::Library;
use super::programs::compiler;
use crate::parts::bench::recorded;
use crate::support::process::{output, run};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use std::process::Command;

/// PyPI package whose source distribution contains the sources of yyjson; Debian has no package.
const YYJSON: &str = "yyjson==4.0.6";

pub fn bench() -> Result<()> {
    let library = Library::build(Profile::Release)?;
    let (player, measures, small, large) = recorded()?;
    first_call(&library, &player.url)?;
    let Ok(flags) = output(Command::new("pkg-config").args(["--cflags", "--libs", "libcurl", "libcjson"]))
    else {
        report::skip("libcurl or cJSON is not installed (libcurl4-openssl-dev, libcjson-dev)");
        return Ok(());
    };
    let program = target("c/bench")?;
    let mut command = Command::new(compiler(false));
    command.current_dir(root()).args(["-std=c11", "-O2", "-D_GNU_SOURCE", "-Iinclude", "-o"]).arg(&program);
    for name in ["main", "common", "ours", "curl", "curl_cjson"] {
        command.arg(format!("bench/c/{name}.c"));
    }
    let mut names = vec!["ours", "libcurl + cJSON"];
    match yyjson() {
        Ok(folder) => {
            names.push("libcurl + yyjson");
            command.arg("-DWITH_YYJSON").arg("bench/c/curl_yyjson.c").arg(folder.join("yyjson.c"));
            command.arg(format!("-I{}", folder.display()));
        }
        Err(error) => report::skip(&format!("yyjson: {error:#}")),
    }
    command.arg(format!("-L{}", library.folder().display())).arg("-lconfigcat_management");
    run(command.args(flags.split_whitespace()))?;
    let arguments = [&player.url, &small, &large];
    run(library.command(&program).args(arguments))?;
    run(Command::new(measures).args(["--url", &player.url, "floor", &small, &large]))?;
    // Each in a separate process, because the memory of a process includes everything that ran in it before.
    names.iter().try_for_each(|name| run(library.command(&program).args(arguments).arg(name)))
}

fn first_call(library: &Library, url: &str) -> Result<()> {
    let program = target("c/first_call")?;
    let mut command = Command::new(compiler(false));
    command.current_dir(root()).args(["-std=c11", "-O2", "-D_GNU_SOURCE", "-Iinclude", "-o"]).arg(&program);
    command
        .args(["bench/c/first_call.c", "bench/c/common.c"])
        .arg(format!("-L{}", library.folder().display()));
    run(command.arg("-lconfigcat_management"))?;
    (0..3).try_for_each(|_| run(library.command(&program).arg(url)))
}

/// Downloads the sources of yyjson and returns their directory.
fn yyjson() -> Result<PathBuf> {
    let environment = Environment::prepare(Profile::Dev)?;
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
