//! Compiles the test programs in C and C++. Programs that are up to date are not recompiled.

use super::library::Library;
use crate::support::files::fingerprint;
use crate::support::process::{Job, compile_jobs, step, succeeds};
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::Result;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const C_WARNINGS: [&str; 9] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wshadow",
    "-Wconversion",
    "-Wstrict-prototypes",
    "-Wmissing-prototypes",
    "-Wwrite-strings",
    "-Werror",
];
const CPP_WARNINGS: [&str; 8] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wshadow",
    "-Wconversion",
    "-Wold-style-cast",
    "-Wnon-virtual-dtor",
    "-Werror",
];

/// Test program.
pub struct Program {
    pub name: &'static str,
    pub sources: &'static [&'static str],
    /// Flags of the compiler besides the usual ones.
    pub flags: &'static [&'static str],
    /// Whether it also runs under valgrind and with sanitizers; the vectors and processes are too slow for that.
    pub checked: bool,
    /// Slow tests that run concurrently, each in a separate process. If empty, all tests run in one process.
    pub halves: &'static [&'static str],
}

impl Program {
    fn cpp(&self) -> bool {
        self.sources.iter().any(|source| source.ends_with(".cpp"))
    }
}

/// Program with the usual values.
const USUAL: Program = Program { name: "", sources: &[], flags: &[], checked: true, halves: &[] };

const PROGRAMS: [Program; 26] = [
    Program { name: "values", sources: &["tests/c/test_values.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "client", sources: &["tests/c/test_client.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "hatches", sources: &["tests/c/test_hatches.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "observer", sources: &["tests/c/test_observer.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "edit", sources: &["tests/c/test_edit.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "async", sources: &["tests/c/test_async.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "bulk", sources: &["tests/c/test_bulk.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "changes", sources: &["tests/c/test_changes.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "stress", sources: &["tests/c/test_stress.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "handles", sources: &["tests/c/test_handles.c", "tests/c/testing.c"], ..USUAL },
    Program { name: "callbacks", sources: &["tests/c/test_callbacks.c", "tests/c/testing.c"], ..USUAL },
    Program {
        name: "process",
        sources: &["tests/c/test_process.c", "tests/c/testing.c"],
        checked: false,
        ..USUAL
    },
    Program {
        name: "faults",
        sources: &["tests/c/test_faults.c", "tests/c/testing.c"],
        checked: false,
        halves: &[
            "faults_are_seen_as_in_rust",
            "faults_are_told_to_callbacks_as_in_rust",
            "client_certificate_is_sent_to_a_server_that_requires_one",
        ],
        ..USUAL
    },
    Program {
        name: "allocator",
        sources: &["tests/c/test_allocator.c", "tests/c/testing.c"],
        checked: false,
        ..USUAL
    },
    Program {
        name: "contract",
        sources: &["tests/c/test_contract.c", "tests/c/testing.c", "tests/c/generated/operations.c"],
        checked: false,
        ..USUAL
    },
    Program { name: "cpp_client", sources: &["tests/cpp/test_client.cpp"], ..USUAL },
    Program { name: "cpp_requests", sources: &["tests/cpp/test_requests.cpp"], ..USUAL },
    Program { name: "cpp_types", sources: &["tests/cpp/test_types.cpp"], ..USUAL },
    Program { name: "cpp_ranges", sources: &["tests/cpp/test_ranges.cpp"], flags: &["-std=c++20"], ..USUAL },
    Program {
        name: "cpp_no_exceptions",
        sources: &["tests/cpp/test_no_exceptions.cpp"],
        flags: &["-fno-exceptions", "-fno-rtti"],
        // A child process aborts on purpose.
        checked: false,
        ..USUAL
    },
    Program { name: "cpp_hatches", sources: &["tests/cpp/test_hatches.cpp"], ..USUAL },
    Program { name: "cpp_observer", sources: &["tests/cpp/test_observer.cpp"], ..USUAL },
    Program { name: "cpp_simulator", sources: &["tests/cpp/test_simulator.cpp"], ..USUAL },
    Program { name: "cpp_edit", sources: &["tests/cpp/test_edit.cpp"], ..USUAL },
    Program { name: "cpp_changes", sources: &["tests/cpp/test_changes.cpp"], ..USUAL },
    Program {
        name: "cpp_contract",
        sources: &["tests/cpp/test_contract.cpp", "tests/cpp/generated/operations.cpp"],
        checked: false,
        ..USUAL
    },
];

/// Build variant of the programs.
#[derive(Clone, Copy, PartialEq)]
pub enum Build {
    Plain,
    /// AddressSanitizer and UndefinedBehaviorSanitizer in the C code.
    Address,
    /// ThreadSanitizer in the C code.
    Thread,
}

impl Build {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Address => "address",
            Self::Thread => "thread",
        }
    }

    pub const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["-g"],
            Self::Address => &["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
            Self::Thread => &["-g", "-O1", "-fsanitize=thread"],
        }
    }
}

/// Returns the compiler for C or C++: the value of `CC` or `CXX`, or the system's default.
pub fn compiler(cpp: bool) -> String {
    let (variable, usual) = if cpp { ("CXX", "c++") } else { ("CC", "cc") };
    std::env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

/// Whether a compiler supports these flags. Sanitizers may be in separate packages.
pub fn compiles(compiler: &str, flags: &[&str]) -> Result<bool> {
    let folder = target("c")?;
    std::fs::create_dir_all(&folder)?;
    let source = folder.join("probe.c");
    std::fs::write(&source, "int main(void) { return 0; }\n")?;
    Ok(succeeds(Command::new(compiler).args(flags).arg(&source).arg("-o").arg(folder.join("probe"))))
}

/// Returns the programs that can be compiled on this machine; `None` without a C compiler.
pub fn of_this_machine() -> Option<Vec<&'static Program>> {
    if !available_compiler(false, "nothing in C was tested") {
        return None;
    }
    let cpp = available_compiler(true, "nothing in C++ was tested");
    let programs = PROGRAMS.iter().filter(|program| cpp || !program.cpp());
    Some(programs.collect())
}

/// Whether a compiler is installed; reports a skip if not.
pub fn available_compiler(cpp: bool, consequence: &str) -> bool {
    let compiler = compiler(cpp);
    if succeeds(Command::new(&compiler).arg("--version")) {
        return true;
    }
    available(if cpp { "c++" } else { "cc" }, consequence)
}

/// Compiles programs concurrently and returns their paths.
pub fn compile(library: &Library, programs: &[&Program], build: Build) -> Result<Vec<PathBuf>> {
    step(&format!("compiling the test programs ({})", build.name()));
    let folder = target("c")?.join(build.name());
    std::fs::create_dir_all(&folder)?;
    let sources = ["include", "tests/c", "tests/cpp"].map(|directory| root().join(directory));
    let inputs = fingerprint(&sources, &[])?;
    let mut jobs = Vec::new();
    let mut stamps = Vec::new();
    for program in programs {
        let out = folder.join(program.name);
        let command = command(library, program, build, &out);
        let mut hasher = DefaultHasher::new();
        (inputs, format!("{command:?}")).hash(&mut hasher);
        let fingerprint = hasher.finish().to_string();
        let stamp = folder.join(format!("{}.inputs", program.name));
        let fresh = std::fs::read_to_string(&stamp).is_ok_and(|compiled| compiled == fingerprint);
        if !(fresh && out.exists()) {
            jobs.push(Job { name: program.name.to_owned(), command });
            stamps.push((stamp, fingerprint));
        }
    }
    compile_jobs(jobs)?;
    for (stamp, fingerprint) in stamps {
        std::fs::write(stamp, fingerprint)?;
    }
    Ok(programs.iter().map(|program| folder.join(program.name)).collect())
}

fn command(library: &Library, program: &Program, build: Build, out: &Path) -> Command {
    let mut command = Command::new(compiler(program.cpp()));
    command
        .current_dir(root())
        .arg(if program.cpp() { "-std=c++17" } else { "-std=c11" })
        .arg("-D_GNU_SOURCE");
    if program.cpp() {
        command.args(CPP_WARNINGS).arg("-Itests/cpp");
    } else {
        command.args(C_WARNINGS).arg("-Itests/c");
    }
    command.args(program.flags).args(build.flags()).arg("-Iinclude").args(program.sources).arg("-o").arg(out);
    command.arg(format!("-L{}", library.folder().display()));
    command.args(["-lconfigcat_management", "-lconfigcat_management_simulator", "-lpthread", "-ldl", "-lm"]);
    command
}
