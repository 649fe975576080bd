//! Runs the examples in C, C++ and Go, compiled against the headers and libraries in the repository.

use super::library::Library;
use super::programs::{available_compiler, compiler};
use crate::support::process::{output, run, run_check, step};
use crate::support::python::Profile;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::{Result, ensure};
use std::path::PathBuf;
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

fn compile(library: &Library, source: &str, package: Option<&str>) -> Result<Option<PathBuf>> {
    let cpp = source.ends_with(".cpp");
    if !available_compiler(cpp, &format!("{source} was not run")) {
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
    let folder = target("c/examples")?;
    std::fs::create_dir_all(&folder)?;
    let name = source.rsplit('/').next().unwrap_or(source).replace('.', "_");
    let program = folder.join(name);
    let mut command = Command::new(compiler(cpp));
    command.current_dir(root()).arg(if cpp { "-std=c++17" } else { "-std=c11" });
    command.args(["-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-Iinclude", source, "-o"]).arg(&program);
    command.arg(format!("-L{}", library.folder().display())).arg("-lconfigcat_management");
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
