//! Runs libFuzzer on the C entry points. Failing inputs and inputs that increase coverage are stored in target/c/fuzz; a small
//! part of the latter is in tests/c/fuzz/corpus.

use super::library::{ABI, Library};
use crate::support::coverage::COUNTED;
use crate::support::process::{output, run, run_check, step};
use crate::support::python::Profile;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, root, target};
use anyhow::Result;
use std::process::Command;

/// Fuzzes for `seconds`, with coverage instrumentation in the library.
pub fn fuzz(seconds: u32) -> Result<()> {
    let folder = target("c/fuzz/lib")?;
    std::fs::create_dir_all(&folder)?;
    let mut build = cargo()?;
    build.args(["build", "--quiet", "--package", "configcat-management-ffi", "--target-dir"]);
    build.arg(target("fuzz-c")?).env("RUSTFLAGS", COUNTED.join(" "));
    // With an explicit target, build scripts are compiled without the coverage flags.
    let host = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    run(build.args(["--target", &host]))?;
    let built = target("fuzz-c")?.join(host).join("debug/libconfigcat_management.so");
    for name in ["libconfigcat_management.so".to_owned(), format!("libconfigcat_management.so.{ABI}")] {
        std::fs::copy(&built, folder.join(name))?;
    }
    attack(&Library::at(folder), seconds)
}

/// Fuzzes the library of the shared build for `seconds`, without coverage instrumentation in the library.
pub fn short(seconds: u32) -> Result<()> {
    attack(&Library::build(Profile::Dev)?, seconds)
}

/// Fuzzes a library for `seconds`, starting with the corpus in the repository.
fn attack(library: &Library, seconds: u32) -> Result<()> {
    if !available("clang", "nothing was fuzzed") || !available("libFuzzer", "nothing was fuzzed") {
        return Ok(());
    }
    let folder = target("c/fuzz")?;
    std::fs::create_dir_all(folder.join("corpus"))?;
    let program = folder.join("fuzz");
    let mut command = Command::new("clang");
    command.current_dir(root()).args(["-std=c11", "-g", "-O1", "-fsanitize=fuzzer,address,undefined"]);
    command.args(["-Wall", "-Wextra", "-Werror", "-Iinclude", "tests/c/fuzz/fuzz.c", "-o"]).arg(&program);
    command.arg(format!("-L{}", library.folder().display())).args(["-lconfigcat_management", "-rdynamic"]);
    // The library refers to symbols of the coverage runtime, which only the program contains.
    command.arg("-Wl,--allow-shlib-undefined");
    run(&mut command)?;
    step(&format!("fuzzing for {seconds} s"));
    let mut command = library.command(&program);
    command.arg(format!("-max_total_time={seconds}")).args(["-max_len=4096", "-timeout=10"]);
    command.args(["-print_final_stats=1", "-verbosity=0"]);
    command.arg(format!("-artifact_prefix={}/", folder.display()));
    run_check(command.arg(folder.join("corpus")).arg(root().join("tests/c/fuzz/corpus")))
}
