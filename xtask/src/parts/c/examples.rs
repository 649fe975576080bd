//! Runs the examples in C, C++ and Go, compiled against the headers and libraries in the repository.

use super::library::Library;
use super::programs::{available_compiler, compiler};
use crate::support::process::{Job, compile_jobs, output, run, run_check, step};
use crate::support::python::Profile;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Examples: source, pkg-config package that it needs in addition to ours, and arguments.
const EXAMPLES: [(&str, Option<&str>, &[&str]); 5] = [
    ("examples/c/quickstart.c", None, &[]),
    ("examples/c/event_loop.c", None, &[]),
    ("examples/c/event_loop_uv.c", Some("libuv"), &[]),
    ("examples/cpp/quickstart.cpp", None, &[]),
    ("examples/cpp/rollout.cpp", None, &["newCheckout", "5", "50", "100"]),
];

/// Runs all examples. `prepare` sets the URL and the credentials of a simulator.
pub fn run_all(prepare: &dyn Fn(&mut Command)) -> Result<()> {
    if !available_compiler(false, "no example in C ran") {
        return Ok(());
    }
    let library = Library::build(Profile::Dev)?;
    for (source, package, arguments) in EXAMPLES {
        let Some(program) = compile(&library, source, package)? else { continue };
        step(source);
        let mut command = library.command(&program);
        prepare(command.args(arguments));
        run_check(&mut command)?;
    }
    go(&library, prepare)
}

/// Compiled code of the guides.
pub struct Guides {
    /// `None` without a C compiler.
    library: Option<Library>,
    /// Guide, language and program.
    programs: Vec<(String, &'static str, PathBuf)>,
}

impl Guides {
    /// Returns commands that run a guide, each with the name of its language.
    pub fn commands(&self, guide: &str) -> Vec<(&'static str, Command)> {
        let programs = self.programs.iter().filter(|(of, _, _)| of == guide);
        let command = |(_, language, program): &(String, &'static str, PathBuf)| {
            Some((*language, self.library.as_ref()?.command(program)))
        };
        programs.filter_map(command).collect()
    }
}

/// Compiles the code of the guides in C and C++.
pub fn compile_guides(guides: &[&str]) -> Result<Guides> {
    let mut compiled = Guides { library: None, programs: Vec::new() };
    if !available_compiler(false, "no guide in C ran") {
        return Ok(compiled);
    }
    let library = Library::build(Profile::Dev)?;
    let with_cpp = available_compiler(true, "no guide in C++ ran");
    let mut jobs = Vec::new();
    for guide in guides {
        for (language, ending) in [("C", "c"), ("C++", "cpp")] {
            if ending == "c" || with_cpp {
                let source = format!("examples/guides/{guide}/guide.{ending}");
                let program = program(&format!("{guide}_{ending}"))?;
                let mut command = command(&library, &source, &program);
                command.args(["-lconfigcat_management_simulator", "-lpthread"]);
                jobs.push(Job { name: source, command });
                compiled.programs.push(((*guide).to_owned(), language, program));
            }
        }
    }
    compile_jobs(jobs)?;
    compiled.library = Some(library);
    Ok(compiled)
}

/// Returns the path of an example's program.
fn program(name: &str) -> Result<PathBuf> {
    let folder = target("c/examples")?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(name))
}

/// Returns the command that compiles an example.
fn command(library: &Library, source: &str, program: &Path) -> Command {
    let cpp = source.ends_with(".cpp");
    let mut command = Command::new(compiler(cpp));
    command.current_dir(root()).arg(if cpp { "-std=c++17" } else { "-std=c11" });
    command.args(["-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-Iinclude", source, "-o"]).arg(program);
    command.arg(format!("-L{}", library.folder().display())).arg("-lconfigcat_management");
    command
}

fn compile(library: &Library, source: &str, package: Option<&str>) -> Result<Option<PathBuf>> {
    if !available_compiler(source.ends_with(".cpp"), &format!("{source} was not run")) {
        return Ok(None);
    }
    let mut more = String::new();
    if let Some(package) = package {
        match output(Command::new("pkg-config").args(["--cflags", "--libs", package])) {
            Ok(flags) => more = flags,
            Err(_) => {
                let found = available(package, &format!("{source} was not run"));
                ensure!(!found, "pkg-config has no flags for {package}");
                return Ok(None);
            }
        }
    }
    let program = program(&source.rsplit('/').next().unwrap_or(source).replace('.', "_"))?;
    let mut command = command(library, source, &program);
    run(command.args(more.split_whitespace()).arg("-lpthread"))?;
    Ok(Some(program))
}

fn go(library: &Library, prepare: &dyn Fn(&mut Command)) -> Result<()> {
    if !available("go", "examples/go was not run") {
        return Ok(());
    }
    step("examples/go");
    let program = target("c/examples/go")?;
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(root().join("examples/go"));
    build.env("CGO_CFLAGS", format!("'-I{}'", root().join("include").display()));
    run(build.env("CGO_LDFLAGS", format!("'-L{}'", library.folder().display())))?;
    let mut command = library.command(&program);
    prepare(&mut command);
    run_check(&mut command)
}
