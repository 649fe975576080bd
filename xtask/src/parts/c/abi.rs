//! Compares the ABI that the header declares with the recorded one.

use super::library::{ABI, functions};
use super::programs::{available_compiler, compiler};
use crate::support::process::{run, step};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::{Result, ensure};
use std::process::Command;

/// The recorded ABI.
const SNAPSHOT: &str = "tests/c/abi/configcat_management.abi";

/// Fails if the ABI that the header declares is incompatible with the recorded one. Either existing binaries keep working, or the
/// soname of the library changes.
pub fn check() -> Result<()> {
    compare(false)
}

/// Records the current ABI.
pub fn update() -> Result<()> {
    compare(true)
}

fn compare(update: bool) -> Result<()> {
    let here = available_compiler(false, "the ABI was not compared");
    if !here || !available("abidw", "the ABI was not compared") {
        return Ok(());
    }
    step("comparing the ABI");
    let folder = target("c")?;
    std::fs::create_dir_all(&folder)?;
    // A library with empty definitions of the header's functions, which has the types as C sees them.
    let header = std::fs::read_to_string(root().join(super::library::header("configcat_management")))?;
    let stubs: String =
        functions(&header).iter().map(|f| format!("{} {{ for (;;) {{}} }}\n", f.declaration)).collect();
    let source = folder.join("abi.c");
    std::fs::write(&source, format!("#include \"configcat_management.h\"\n{stubs}"))?;
    let library = folder.join("libabi.so");
    let mut command = Command::new(compiler(false));
    command.args(["-std=c11", "-g", "-w", "-shared", "-fPIC", "-Iinclude"]).current_dir(root());
    command.arg(format!("-Wl,-soname,libconfigcat_management.so.{ABI}"));
    // Maps the source path, which is part of the snapshot, to a fixed path.
    command.arg(format!("-ffile-prefix-map={}=target/", target("")?.display()));
    run(command.arg(&source).arg("-o").arg(&library))?;
    let now = folder.join("now.abi");
    let mut abidw = Command::new("abidw");
    abidw.args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file"]).arg(&now);
    run(abidw.arg(&library))?;
    let snapshot = root().join(SNAPSHOT);
    if update {
        std::fs::create_dir_all(snapshot.parent().unwrap_or(&folder))?;
        std::fs::copy(&now, &snapshot)?;
        report::passed(1);
        report::note(&format!("{SNAPSHOT} is written"));
        return Ok(());
    }
    // The exit status has one bit for changes and another one for incompatible changes.
    const INCOMPATIBLE: i32 = 8;
    const FAILED: i32 = 1 | 2;
    let status = Command::new("abidiff").arg(&snapshot).arg(&now).status()?;
    let code = status.code().unwrap_or(FAILED);
    ensure!(code & FAILED == 0, "abidiff failed");
    ensure!(
        code & INCOMPATIBLE == 0,
        "the ABI breaks programs that are linked already: raise ABI in both build.rs, CMakeLists.txt and library.rs, then run `cargo xtask update abi`"
    );
    if code != 0 {
        report::note("the ABI has grown: `cargo xtask update abi` writes it down");
    }
    report::passed(1);
    Ok(())
}
