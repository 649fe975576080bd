//! Runs the tests of unsafe code in Miri, an interpreter that detects undefined behaviour: accesses out of bounds or after a
//! free, pointers that do not cover what they are used for, unaligned reads, data races, leaks.

use crate::support::process::{run_tests, step, succeeds};
use crate::support::report;
use crate::support::workspace::{root, target};
use anyhow::Result;
use std::process::Command;

/// Modules of the C library whose tests call nothing that Miri lacks, such as sockets.
const MODULES: [&str; 3] = ["tree::", "handle::", "allocator::"];

pub fn test() -> Result<()> {
    if !succeeds(miri().arg("--version")) {
        report::skip(
            "Miri is not installed (`rustup toolchain install nightly --component miri,rust-src`): no test ran in it",
        );
        return Ok(());
    }
    step("running the tests of trees, handles and the allocator in Miri");
    let mut tests = miri();
    tests.current_dir(root()).args([
        "test",
        "--quiet",
        "--package",
        "configcat-management-ffi",
        "--lib",
        "--",
    ]);
    tests.args(MODULES).env("MIRIFLAGS", "-Zmiri-strict-provenance");
    // A separate target directory, because the nightly compiler compiles every crate again.
    run_tests(tests.env("CARGO_TARGET_DIR", target("miri")?))
}

/// Returns a command of Miri's cargo, which only the nightly toolchain has.
fn miri() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "miri"]);
    // Set by the stable cargo that runs this program.
    command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command
}
