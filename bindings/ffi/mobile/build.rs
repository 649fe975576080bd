//! Computes the id of the build: a hash of the sources that determine how values are passed to Kotlin and Swift. The bindings
//! contain the id of the library that they were generated from, and refuse another one.

use std::io;
use std::path::{Path, PathBuf};

/// Files and directories, relative to this crate, that determine the interface.
const SOURCES: [&str; 9] = [
    "src",
    "../../../core/src/changes/apply/report.rs",
    "../../../core/src/changes/plan/options.rs",
    "../../../core/src/changes/plan/step.rs",
    "../../../core/src/changes/promote.rs",
    "../../../core/src/mobile",
    "../../../core/src/mobile.rs",
    "../../../core/src/generated/mobile.rs",
    "../../../core/src/generated/models",
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    let mut hash = Fnv::default();
    for file in files {
        hash.add(file.to_string_lossy().replace('\\', "/").as_bytes());
        // A checkout on Windows may have other line endings.
        hash.add(&std::fs::read(&file)?.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<u8>>());
    }
    println!("cargo::rustc-env=CONFIGCAT_MANAGEMENT_INTERFACE={:016x}", hash.0);
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

/// FNV-1a, 64 bits: the same on every machine and with every compiler.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
