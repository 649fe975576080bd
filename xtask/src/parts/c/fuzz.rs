//! libFuzzer over the C entry points. What it finds stays in target/c/fuzz; inputs that reach something new
//! are kept there too, and a small part of them in tests/c/fuzz/corpus.

use super::library::{ABI, Library};
use crate::support::coverage::COUNTED;
use crate::support::process::{output, run, run_check, step};
use crate::support::python::Profile;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, root, target};
use anyhow::Result;
use std::process::Command;

/// Runs for so many seconds, guided by what inputs reach in the library.
pub fn fuzz(seconds: u32) -> Result<()> {
    let folder = target("c/fuzz/lib")?;
    std::fs::create_dir_all(&folder)?;
    let mut build = cargo()?;
    build.args(["build", "--quiet", "--package", "configcat-management-ffi", "--target-dir"]);
    build.arg(target("fuzz-c")?).env("RUSTFLAGS", COUNTED.join(" "));
    // Build scripts run here, and are not counted.
    let host = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    run(build.args(["--target", &host]))?;
    let built = target("fuzz-c")?.join(host).join("debug/libconfigcat_management.so");
    for name in ["libconfigcat_management.so".to_owned(), format!("libconfigcat_management.so.{ABI}")] {
        std::fs::copy(&built, folder.join(name))?;
    }
    attack(&Library::at(folder), seconds)
}

/// Runs for so many seconds over the library of the shared build.
pub fn short(seconds: u32) -> Result<()> {
    attack(&Library::build(Profile::Dev)?, seconds)
}

/// Runs for so many seconds over the library of the tests, beginning with the corpus of the tree.
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
    // What counts branches is in the program, and the library finds it there.
    command.arg("-Wl,--allow-shlib-undefined");
    run(&mut command)?;
    step(&format!("fuzzing for {seconds} s"));
    let mut command = library.command(&program);
    command.arg(format!("-max_total_time={seconds}")).args(["-max_len=4096", "-timeout=10"]);
    command.args(["-print_final_stats=1", "-verbosity=0"]);
    command.arg(format!("-artifact_prefix={}/", folder.display()));
    run_check(command.arg(folder.join("corpus")).arg(root().join("tests/c/fuzz/corpus")))
}
