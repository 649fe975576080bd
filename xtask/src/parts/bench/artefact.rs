//! The programs and libraries of ours that are measured. A process may load another library than the one that was built for
//! it: the search path that cargo sets for `cargo xtask` contains the debug builds. Therefore the machine code in the memory of
//! the process is compared with the file.

use super::record::Record;
use crate::support::report;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result, bail, ensure};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Bytes of a page, the unit of mappings.
const PAGE: u64 = 4096;
/// Directory and profile of unoptimized builds.
const DEBUG: &str = "debug";

/// Program or library that cargo built with an optimizing profile.
#[derive(Debug)]
pub struct Artefact {
    file: PathBuf,
    profile: &'static str,
    /// The file as it is shipped, which may have no symbols.
    shipped: PathBuf,
}

impl Artefact {
    /// The file is one that cargo reported for a build with this profile. Refused if it is not in the directory of the profile.
    pub fn new(file: &Path, profile: &'static str) -> Result<Self> {
        ensure!(
            profile_of(file, &target("")?) == Some(profile) && profile != DEBUG,
            "{} is not in the directory of profile {profile}: a debug build is not measured",
            file.display()
        );
        Ok(Self { file: file.to_path_buf(), profile, shipped: file.to_path_buf() })
    }

    /// Names the copy that is shipped, for its size.
    pub fn shipped_as(self, shipped: PathBuf) -> Self {
        Self { shipped, ..self }
    }

    /// Returns the module that cargo built for the Python wheel.
    pub fn wheel_module() -> Result<Self> {
        Self::new(&target("wheel")?.join(format!("{DLL_PREFIX}_native{DLL_SUFFIX}")), "wheel")
    }

    /// Fails unless a process has loaded this file, and no other build of it. Prints path, profile and size.
    pub fn verify(&self, process: u32) -> Result<()> {
        let folder = PathBuf::from(format!("/proc/{process}"));
        let Ok(maps) = std::fs::read_to_string(folder.join("maps")) else {
            report::skip("this system does not tell which libraries a process has loaded: not verified");
            return Ok(());
        };
        let expected = std::fs::read(&self.file).with_context(|| self.file.display().to_string())?;
        let text = text(&expected).with_context(|| format!("{} has no code", self.file.display()))?;
        let mut memory = File::open(folder.join("mem")).context("reading the memory of a process")?;
        let mut loaded = None;
        for mapping in mappings(&maps) {
            if mapping.has(&expected, &text, &mut memory)? {
                loaded = Some(mapping);
            } else if mapping.is_ours() {
                bail!(
                    "{}, built as {}, is not measured: {}",
                    mapping.path,
                    self.file.display(),
                    mapping.flaw()
                );
            }
        }
        let loaded = loaded.with_context(|| {
            format!("process {process} has not loaded {} (profile {})", self.file.display(), self.profile)
        })?;
        let bytes = self.shipped.metadata()?.len();
        println!("loaded: {}, profile {}, {:.2} MB", loaded.path, self.profile, bytes as f64 / 1e6);
        let path = self.file.strip_prefix(root()).unwrap_or(&self.file).display().to_string();
        Record::Artefact { path, profile: self.profile.to_owned(), bytes }.emit();
        Ok(())
    }
}

/// Returns the profile in whose directory a file is: directly in the target directory, or below the name of a platform.
fn profile_of<'a>(file: &'a Path, target: &Path) -> Option<&'a str> {
    let mut folders = file.strip_prefix(target).ok()?.parent()?.iter().filter_map(|part| part.to_str());
    let first = folders.next()?;
    // Names of platforms have at least two hyphens.
    if first.matches('-').count() >= 2 { folders.next() } else { Some(first) }
}

/// Part of a file that a process has mapped as machine code.
#[derive(Debug, PartialEq, Eq)]
struct Mapping<'a> {
    addresses: Range<u64>,
    /// Offset in the file.
    offset: u64,
    /// Ends in ` (deleted)` if the file was deleted, as JNA does with libraries from a JAR.
    path: &'a str,
}

/// Returns the mappings of `/proc/PID/maps` that are executable and come from a file.
fn mappings(maps: &str) -> impl Iterator<Item = Mapping<'_>> {
    maps.lines().filter_map(|line| {
        // The path may contain spaces: addresses, permissions, offset, device and inode precede it.
        let mut fields = line.splitn(6, ' ');
        let (start, end) = fields.next()?.split_once('-')?;
        let hexadecimal = |text: &str| u64::from_str_radix(text, 16).ok();
        let executable = fields.next()?.contains('x');
        let offset = hexadecimal(fields.next()?)?;
        let path = fields.nth(2)?.trim_start();
        let addresses = hexadecimal(start)?..hexadecimal(end)?;
        (executable && path.starts_with('/')).then_some(Mapping { addresses, offset, path })
    })
}

impl Mapping<'_> {
    /// Whether the process has the machine code of this file here.
    fn has(&self, file: &[u8], text: &Range<u64>, memory: &mut File) -> Result<bool> {
        let mapped = self.offset..self.offset + (self.addresses.end - self.addresses.start);
        if mapped != (text.start / PAGE * PAGE..text.end.next_multiple_of(PAGE)) {
            return Ok(false);
        }
        memory.seek(SeekFrom::Start(self.addresses.start + (text.start - self.offset)))?;
        let bounds = usize::try_from(text.start)?..usize::try_from(text.end)?;
        let mut loaded = vec![0; bounds.len()];
        memory.read_exact(&mut loaded).context("reading the memory of a process")?;
        Ok(file.get(bounds) == Some(loaded.as_slice()))
    }

    /// Whether the name of the file is that of our library for clients.
    fn is_ours(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let native = name.starts_with("_native") && self.path.contains("configcat_management");
        native || (name.contains("configcat_management") && !name.contains("simulator"))
    }

    fn flaw(&self) -> &'static str {
        if self.path.split('/').any(|part| part == DEBUG) {
            "it is a debug build"
        } else {
            "it is another build"
        }
    }
}

/// Returns the offsets of the machine code in an ELF file of 64 bits.
fn text(file: &[u8]) -> Option<Range<u64>> {
    /// Loaded part of a file, and the flag of those that are executable.
    const LOAD: u64 = 1;
    const EXECUTABLE: u64 = 1;
    let number = |at: u64, length: usize| {
        let at = usize::try_from(at).ok()?;
        let bytes = file.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    };
    if !file.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (headers, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    (0..count).map(|index| headers + index * size).find_map(|at| {
        let wanted = number(at, 4)? == LOAD && number(at + 4, 4)? & EXECUTABLE != 0;
        let (offset, length) = (number(at + 8, 8)?, number(at + 32, 8)?);
        wanted.then_some(offset..offset + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
55d0c7a00000-55d0c7a21000 r--p 00000000 08:01 42                         /usr/bin/java
7f11a2400000-7f11a2430000 r-xp 00023000 08:01 4711                       /home/a b/jna12.tmp (deleted)
7f11a2500000-7f11a2501000 r-xp 00000000 00:00 0                          [vdso]
7f11a2600000-7f11a2601000 rwxp 00000000 00:00 0
7f11a2700000-7f11a2800000 r-xp 00001000 08:01 43 /work/target/debug/deps/libconfigcat_management.so
";

    #[test]
    fn executable_mappings_of_files_are_read() {
        let found: Vec<Mapping> = mappings(MAPS).collect();
        let deleted = Mapping {
            addresses: 0x7f11_a240_0000..0x7f11_a243_0000,
            offset: 0x23000,
            path: "/home/a b/jna12.tmp (deleted)",
        };
        assert_eq!(found[0], deleted);
        assert_eq!(found.len(), 2);
        assert!(!found[0].is_ours() && found[1].is_ours());
        assert_eq!(found[1].flaw(), "it is a debug build");
    }

    #[test]
    fn libraries_of_clients_are_told_from_others() {
        let ours = |path| Mapping { addresses: 0..1, offset: 0, path }.is_ours();
        assert!(ours("/venv/site-packages/configcat_management/_native.abi3.so"));
        assert!(ours("/lib/libconfigcat_management.so.0"));
        assert!(!ours("/venv/site-packages/pydantic/_native.so"));
        assert!(!ours("/lib/libconfigcat_management_simulator.so"));
    }

    #[test]
    fn profile_is_the_directory_in_target() {
        let target = Path::new("/p/target");
        for (file, profile) in [
            ("/p/target/release/libx.so", Some("release")),
            ("/p/target/debug/deps/libx.so", Some("debug")),
            ("/p/target/x86_64-unknown-linux-gnu/wheel/libx.so", Some("wheel")),
            ("/elsewhere/release/libx.so", None),
            ("/p/target/libx.so", None),
        ] {
            assert_eq!(profile_of(Path::new(file), target), profile, "{file}");
        }
    }

    #[test]
    fn debug_builds_are_refused() {
        let debug = target("debug/libx.so").unwrap();
        for profile in ["debug", "release"] {
            let message = Artefact::new(&debug, profile).unwrap_err().to_string();
            assert!(message.contains("a debug build is not measured"), "{message}");
        }
        assert!(Artefact::new(&target("release/libx.so").unwrap(), "release").is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn loaded_code_is_compared_with_the_file() {
        let this = std::env::current_exe().unwrap();
        let built = |file: &Path| Artefact {
            file: file.to_path_buf(),
            profile: "release",
            shipped: file.to_path_buf(),
        };
        built(&this).verify(std::process::id()).unwrap();
        // The same file with one other byte in the middle of its machine code.
        let mut bytes = std::fs::read(&this).unwrap();
        let text = text(&bytes).unwrap();
        bytes[usize::try_from(text.start + (text.end - text.start) / 2).unwrap()] ^= 1;
        let other = std::env::temp_dir().join(format!("other-build-{}", std::process::id()));
        std::fs::write(&other, bytes).unwrap();
        let refused = built(&other).verify(std::process::id());
        std::fs::remove_file(&other).unwrap();
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("has not loaded"), "{message}");
    }

    #[test]
    fn files_of_other_formats_have_no_text() {
        assert_eq!(text(b"MZ"), None);
        assert_eq!(text(b"\x7fELF\x02\x01"), None);
    }
}
