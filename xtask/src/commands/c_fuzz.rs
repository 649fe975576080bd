//! libFuzzer over the C entry points. What it finds stays in target/c/fuzz; inputs that reach something new
//! are kept there too, and a small part of them in tests/c/fuzz/corpus.

use super::c_library::{ABI, Library};
use super::fuzz::COUNTED;
use super::process::{available, cargo, root, run, step};
use anyhow::Result;
use std::process::Command;

/// Runs for so many seconds, guided by what inputs reach in the library.
pub fn fuzz(seconds: u32) -> Result<()> {
    let folder = root().join("target/c/fuzz/lib");
    std::fs::create_dir_all(&folder)?;
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "configcat-management-ffi", "--target-dir"]);
    build.arg(root().join("target/fuzz-c")).env("RUSTFLAGS", COUNTED.join(" "));
    // Build scripts run here, and are not counted.
    let host = super::bench::output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    run(build.args(["--target", &host]))?;
    let built = root().join("target/fuzz-c").join(host).join("debug/libconfigcat_management.so");
    for name in ["libconfigcat_management.so".to_owned(), format!("libconfigcat_management.so.{ABI}")] {
        std::fs::copy(&built, folder.join(name))?;
    }
    attack(&Library::at(folder), seconds)
}

/// Runs for so many seconds over the library of the tests, beginning with the corpus of the tree.
pub fn attack(library: &Library, seconds: u32) -> Result<()> {
    if !available("clang", "nothing was fuzzed") {
        return Ok(());
    }
    let folder = root().join("target/c/fuzz");
    std::fs::create_dir_all(folder.join("corpus"))?;
    let program = folder.join("fuzz");
    let mut command = Command::new("clang");
    command.current_dir(root()).args(["-std=c11", "-g", "-O1", "-fsanitize=fuzzer,address,undefined"]);
    command.args(["-Wall", "-Wextra", "-Werror", "-Iinclude", "tests/c/fuzz/fuzz.c", "-o"]).arg(&program);
    command.arg(format!("-L{}", library.folder().display())).args(["-lconfigcat_management", "-rdynamic"]);
    // What counts branches is in the program, and the library finds it there.
    command.arg("-Wl,--allow-shlib-undefined");
    if let Err(error) = run(&mut command) {
        println!("SKIPPED: clang has no libFuzzer here (libclang-rt-dev): {error:#}");
        return Ok(());
    }
    step(&format!("fuzzing for {seconds} s"));
    let mut command = library.command(&program);
    command.arg(format!("-max_total_time={seconds}")).args(["-max_len=4096", "-timeout=10"]);
    command.args(["-print_final_stats=1", "-verbosity=0"]);
    command.arg(format!("-artifact_prefix={}/", folder.display()));
    run(command.arg(folder.join("corpus")).arg(root().join("tests/c/fuzz/corpus")))
}
