//! `cargo xtask fuzz`: libFuzzer over the C entry points. What it finds stays in target/c/fuzz; inputs that reach something new
//! are kept there too, and a small part of them in tests/c/fuzz/corpus.

use super::c::available;
use super::c_library::Library;
use super::process::{root, run, step};
use super::python_env::Profile;
use anyhow::Result;
use std::process::{Command, ExitCode};

/// Runs for so many seconds.
pub fn fuzz(seconds: u32) -> Result<ExitCode> {
    if !available("clang", "nothing was fuzzed") {
        return Ok(ExitCode::SUCCESS);
    }
    let library = Library::build(Profile::Dev)?;
    let folder = root().join("target/c/fuzz");
    std::fs::create_dir_all(folder.join("corpus"))?;
    let program = folder.join("fuzz");
    let mut command = Command::new("clang");
    command.current_dir(root()).args(["-std=c11", "-g", "-O1", "-fsanitize=fuzzer,address,undefined"]);
    command.args(["-Wall", "-Wextra", "-Werror", "-Iinclude", "tests/c/fuzz/fuzz.c", "-o"]).arg(&program);
    command.arg(format!("-L{}", library.folder().display())).arg("-lconfigcat_management");
    if let Err(error) = run(&mut command) {
        println!("SKIPPED: clang has no libFuzzer here (libclang-rt-dev): {error:#}");
        return Ok(ExitCode::SUCCESS);
    }
    step(&format!("fuzzing for {seconds} s"));
    let mut command = library.command(&program);
    command.arg(format!("-max_total_time={seconds}")).args([
        "-max_len=4096",
        "-timeout=10",
        "-print_final_stats=1",
    ]);
    command.arg(format!("-artifact_prefix={}/", folder.display()));
    run(command.arg(folder.join("corpus")).arg(root().join("tests/c/fuzz/corpus")))?;
    Ok(ExitCode::SUCCESS)
}
