//! The tests in C and C++: compiled against the headers and libraries as a user would, run as they are, under valgrind and
//! with sanitizers.

use super::c_library::Library;
use super::process::{available, root, run, step, succeeds};
use super::python_env::Profile;
use super::servers::TestServers;
use anyhow::Result;
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

/// How long the fuzzer runs among the tests, in seconds: the rest is for `cargo xtask fuzz`.
const SHORT_FUZZ: u32 = 20;

/// A program of the tests.
struct Program {
    name: &'static str,
    sources: &'static [&'static str],
    /// Whether it also runs under valgrind and with sanitizers; the vectors and processes are too slow for that.
    checked: bool,
}

const PROGRAMS: [Program; 9] = [
    Program { name: "values", sources: &["tests/c/test_values.c", "tests/c/testing.c"], checked: true },
    Program { name: "client", sources: &["tests/c/test_client.c", "tests/c/testing.c"], checked: true },
    Program { name: "async", sources: &["tests/c/test_async.c", "tests/c/testing.c"], checked: true },
    Program { name: "stress", sources: &["tests/c/test_stress.c", "tests/c/testing.c"], checked: true },
    Program { name: "process", sources: &["tests/c/test_process.c", "tests/c/testing.c"], checked: false },
    Program { name: "faults", sources: &["tests/c/test_faults.c", "tests/c/testing.c"], checked: false },
    Program {
        name: "allocator",
        sources: &["tests/c/test_allocator.c", "tests/c/testing.c"],
        checked: false,
    },
    Program {
        name: "contract",
        sources: &["tests/c/test_contract.c", "tests/c/testing.c", "tests/c/generated/operations.c"],
        checked: false,
    },
    Program { name: "cpp_client", sources: &["tests/cpp/test_client.cpp"], checked: true },
];

const CPP_CONTRACT: Program = Program {
    name: "cpp_contract",
    sources: &["tests/cpp/test_contract.cpp", "tests/cpp/generated/operations.cpp"],
    checked: false,
};

/// How the programs are compiled.
#[derive(Clone, Copy, PartialEq)]
enum Build {
    Plain,
    /// AddressSanitizer and UndefinedBehaviorSanitizer on the side of C.
    Address,
    /// ThreadSanitizer on the side of C.
    Thread,
}

impl Build {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Address => "address",
            Self::Thread => "thread",
        }
    }

    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["-g"],
            Self::Address => &["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
            Self::Thread => &["-g", "-O1", "-fsanitize=thread"],
        }
    }
}

/// The compiler of a language.
pub fn compiler(cpp: bool) -> String {
    let (variable, usual) = if cpp { ("CXX", "c++") } else { ("CC", "cc") };
    std::env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

/// Whether a compiler can make programs with these flags: sanitizers come in packages of their own.
fn compiles(compiler: &str, flags: &[&str], folder: &Path) -> bool {
    let source = folder.join("probe.c");
    let written = std::fs::write(&source, "int main(void) { return 0; }\n").is_ok();
    written && succeeds(Command::new(compiler).args(flags).arg(&source).arg("-o").arg(folder.join("probe")))
}

fn compile(library: &Library, program: &Program, build: Build) -> Result<PathBuf> {
    let folder = root().join("target/c").join(build.name());
    std::fs::create_dir_all(&folder)?;
    let out = folder.join(program.name);
    let cpp = program.sources.iter().any(|source| source.ends_with(".cpp"));
    let mut command = Command::new(compiler(cpp));
    command.current_dir(root()).arg(if cpp { "-std=c++17" } else { "-std=c11" }).arg("-D_GNU_SOURCE");
    if cpp {
        command.args(CPP_WARNINGS).arg("-Itests/cpp");
    } else {
        command.args(C_WARNINGS).arg("-Itests/c");
    }
    command.args(build.flags()).arg("-Iinclude").args(program.sources).arg("-o").arg(&out);
    command.arg(format!("-L{}", library.folder().display()));
    command.args(["-lconfigcat_management", "-lconfigcat_management_simulator", "-lpthread", "-ldl", "-lm"]);
    run(&mut command)?;
    Ok(out)
}

pub fn test() -> Result<()> {
    if !available(&compiler(false), "nothing in C was tested") {
        return Ok(());
    }
    let library = Library::build(Profile::Dev)?;
    library.check_symbols()?;
    let servers = TestServers::start()?;
    let cpp = available(&compiler(true), "nothing in C++ was tested");
    let chosen = |program: &&Program| cpp || !program.name.starts_with("cpp");
    for program in PROGRAMS.iter().chain([&CPP_CONTRACT]).filter(chosen) {
        step(&format!("c: {}", program.name));
        let path = compile(&library, program, Build::Plain)?;
        let mut command = library.command(&path);
        servers.announce(&mut command).env("CONTRACT_VECTORS", root().join("tests/contract"));
        command.env("PATH_OF_COPY", library.copy()?).env("CLIENT_CYCLES", "500");
        run(&mut command)?;
    }
    drop(servers);
    let checked: Vec<&Program> = PROGRAMS.iter().filter(chosen).filter(|p| p.checked).collect();
    valgrind(&library, &checked)?;
    sanitizers(&library, &checked)?;
    super::c_fuzz::attack(&library, SHORT_FUZZ)?;
    super::c_library::check_abi()
}

fn valgrind(library: &Library, programs: &[&Program]) -> Result<()> {
    if !available("valgrind", "nothing ran under it") {
        return Ok(());
    }
    for program in programs {
        step(&format!("c: {} under valgrind", program.name));
        let mut command = library.command(Path::new("valgrind"));
        command.args(["--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect"]);
        command.args(["--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9", "--fair-sched=yes"]);
        command.arg(root().join("target/c/plain").join(program.name)).env("STRESS_PERCENT", "2");
        run(&mut command)?;
    }
    Ok(())
}

fn sanitizers(library: &Library, programs: &[&Program]) -> Result<()> {
    for build in [Build::Address, Build::Thread] {
        let folder = root().join("target/c");
        if !compiles(&compiler(false), build.flags(), &folder) {
            println!("SKIPPED: {} has no sanitizer for {}", compiler(false), build.name());
            continue;
        }
        for program in programs {
            step(&format!("c: {} with sanitizers: {}", program.name, build.name()));
            let path = compile(library, program, build)?;
            let mut command = library.command(&path);
            command.env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0").env("STRESS_PERCENT", "20");
            let suppressions = root().join("tests/c/thread-sanitizer.supp");
            command.env("TSAN_OPTIONS", format!("suppressions={}", suppressions.display()));
            run(&mut command)?;
        }
    }
    Ok(())
}
