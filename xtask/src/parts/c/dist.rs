//! Installs the C libraries and the command line into a prefix, checks them, uses them from projects with several build tools, and
//! packs them into an archive.

use super::library::{Library, NAMES};
use crate::support::process::{output, run, run_check, step};
use crate::support::python::Profile;
use crate::support::servers::Running;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use crate::support::{remap_paths, report};
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Maximum size of the shared library, in bytes.
const LARGEST: u64 = 10_400_000;
const CONSUMERS: [&str; 3] = ["cmake", "make", "meson"];

pub fn check() -> Result<()> {
    if !available("cmake", "the C libraries were not packaged") {
        return Ok(());
    }
    let folder = target("dist-c")?;
    let _ = std::fs::remove_dir_all(&folder);
    let (build, name) = (folder.join("build"), format!("configcat-management-{}", env!("CARGO_PKG_VERSION")));
    let prefix = folder.join(&name);
    step("building and installing the C libraries");
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(root().join("bindings/ffi/c")).arg("-B").arg(&build);
    // cargo's build directory is outside the directory that is removed, so that builds are incremental.
    configure.arg(format!("-DCONFIGCAT_MANAGEMENT_TARGET_DIR={}", target("")?.display()));
    run(configure.args(["-DCONFIGCAT_MANAGEMENT_SIMULATOR=ON", "-DCONFIGCAT_MANAGEMENT_CLI=ON"]))?;
    let mut make = Command::new("cmake");
    // A user's CARGO_TARGET_DIR and CARGO_BUILD_TARGET have no effect; these values would make cargo fail.
    make.env("CARGO_TARGET_DIR", "/dev/null/unused").env("CARGO_BUILD_TARGET", "unused");
    run(remap_paths::build(make.arg("--build").arg(&build))?)?;
    run(Command::new("cmake").arg("--install").arg(&build).arg("--prefix").arg(&prefix))?;
    look_at(&prefix)?;
    command_line(&prefix)?;
    // Outside the repository, like a user's project.
    let elsewhere = std::env::temp_dir().join(format!("configcat-consumers-{}", std::process::id()));
    let used = CONSUMERS.iter().try_for_each(|consumer| consume(consumer, &prefix, &elsewhere));
    let _ = std::fs::remove_dir_all(&elsewhere);
    used?;
    build_tool(&prefix, &folder)?;
    let archive = folder.join(format!("{name}-{}-{}.tar.gz", std::env::consts::OS, std::env::consts::ARCH));
    run(Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&folder).arg(&name))?;
    report::note(&format!("{}: {:.2} MB", archive.display(), megabytes(&archive)?));
    Ok(())
}

fn megabytes(path: &Path) -> Result<f64> {
    Ok(std::fs::metadata(path)?.len() as f64 / 1e6)
}

fn look_at(prefix: &Path) -> Result<()> {
    let library = prefix.join(format!("lib/libconfigcat_management.so.{}", env!("CARGO_PKG_VERSION")));
    let size = std::fs::metadata(&library)?.len();
    ensure!(size <= LARGEST, "the shared library is {size} bytes, more than {LARGEST}");
    for name in ["libconfigcat_management", "libconfigcat_management_simulator"] {
        let shared = prefix.join(format!("lib/{name}.so.{}", env!("CARGO_PKG_VERSION")));
        remap_paths::check(&[&shared, &prefix.join(format!("lib/{name}.a"))])?;
        let static_size = megabytes(&prefix.join(format!("lib/{name}.a")))?;
        report::note(&format!("{name}: shared {:.2} MB, static {static_size:.2} MB", megabytes(&shared)?));
    }
    check_symbols(prefix)?;
    if available("readelf", "soname and needed libraries were not looked at") {
        let dynamic = output(Command::new("readelf").arg("-d").arg(&library))?;
        let soname = format!("libconfigcat_management.so.{}", super::library::ABI);
        ensure!(dynamic.contains(&soname), "the library has not the name {soname}: {dynamic}");
        let needed: Vec<&str> = dynamic
            .lines()
            .filter(|line| line.contains("(NEEDED)"))
            .filter_map(|line| line.split(['[', ']']).nth(1))
            .collect();
        report::note(&format!("linked with {}", needed.join(", ")));
    }
    Ok(())
}

/// Checks that the libraries export exactly the functions that their headers declare.
fn check_symbols(prefix: &Path) -> Result<()> {
    if !available("nm", "the symbols of the libraries were not compared with their headers") {
        return Ok(());
    }
    let library = Library::at(prefix.join("lib"));
    for name in NAMES {
        let (exported, declared) = (library.exported(name)?, library.declared(name)?);
        let differ: Vec<&String> = exported.symmetric_difference(&declared).collect();
        ensure!(differ.is_empty(), "{name}: symbols and header differ: {differ:?}");
        report::note(&format!("{name}: {} functions, and no other symbol", exported.len()));
        report::passed(1);
    }
    Ok(())
}

/// Runs the installed program against a simulator, and loads its completion.
fn command_line(prefix: &Path) -> Result<()> {
    step("the command line");
    let program = prefix.join("bin/configcat-management");
    remap_paths::check(&[&program])?;
    report::note(&format!("configcat-management: {:.2} MB", megabytes(&program)?));
    let simulator = Running::start(Profile::Dev, &["--seed", "demo"])?;
    let mut export = Command::new(&program);
    let exported = output(credentials(export.args(["export", "Web Shop"]), &simulator))?;
    ensure!(exported.contains("Storefront"), "the program exports {exported:?}");
    let page = std::fs::read_to_string(prefix.join("share/man/man1/configcat-management-promote.1"))?;
    ensure!(page.contains("Staging Production"), "the man page of promote has no example");
    if available("bash", "the completion was not loaded") {
        const LIST: &str = ". \"$0\" && complete -p configcat-management";
        let script = prefix.join("share/bash-completion/completions/configcat-management");
        output(Command::new("bash").args(["-c", LIST]).arg(script))?;
    }
    report::passed(1);
    Ok(())
}

/// Runs the example in which a build reads a flag, against a simulator.
fn build_tool(prefix: &Path, folder: &Path) -> Result<()> {
    step("examples/c/build-tool");
    let simulator = Running::start(Profile::Dev, &["--seed", "demo"])?;
    super::recipe::examples(prefix, folder, &|command| {
        credentials(command, &simulator);
    })?;
    let build = folder.join("build-tool");
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(root().join("examples/c/build-tool")).arg("-B").arg(&build);
    run(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    let mut make = Command::new("cmake");
    run(credentials(make.arg("--build").arg(&build), &simulator))?;
    let said = output(&mut Command::new(build.join("program")))?;
    ensure!(said == "built without telemetry", "the program says {said:?}, but there is no such flag");
    report::passed(1);
    Ok(())
}

/// Lets a program call a simulator.
fn credentials<'a>(command: &'a mut Command, simulator: &Running) -> &'a mut Command {
    command.env("CONFIGCAT_API_USER", "simulator").env("CONFIGCAT_API_PASS", "simulator");
    command.env("CONFIGCAT_BASE_URL", &simulator.url)
}

/// Builds and runs a project that uses the prefix.
fn consume(consumer: &str, prefix: &Path, elsewhere: &Path) -> Result<()> {
    let needs: &[&str] = match consumer {
        "cmake" => &["cmake"],
        "make" => &["make", "pkg-config"],
        _ => &["meson", "ninja", "pkg-config"],
    };
    if !needs.iter().all(|tool| available(tool, &format!("no project with {consumer} was built"))) {
        return Ok(());
    }
    step(&format!("a project with {consumer}"));
    let folder = elsewhere.join(consumer);
    std::fs::create_dir_all(&folder)?;
    let sources = root().join("tests/c/consumers");
    for entry in std::fs::read_dir(sources.join(consumer))? {
        let path = entry?.path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap_or_default()))?;
    }
    for source in ["consumer.c", "consumer.cpp"] {
        std::fs::copy(sources.join(source), folder.join(source))?;
    }
    let tool = |program: &str, arguments: &[&str]| -> Result<()> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&folder);
        run(command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")))
    };
    let programs: &[&str] = match consumer {
        "cmake" => {
            tool("cmake", &["-B", "build", &format!("-DCMAKE_PREFIX_PATH={}", prefix.display())])?;
            tool("cmake", &["--build", "build"])?;
            &["build/shared", "build/static", "build/cpp"]
        }
        "make" => {
            tool("make", &[])?;
            &["consumer", "simulated"]
        }
        _ => {
            tool("meson", &["setup", "build"])?;
            tool("meson", &["compile", "-C", "build"])?;
            &["build/consumer"]
        }
    };
    for program in programs {
        let path: PathBuf = folder.join(program);
        report::note(&format!("{program}: {:.2} MB", megabytes(&path)?));
        run_check(Command::new(&path).env("LD_LIBRARY_PATH", prefix.join("lib")))?;
    }
    Ok(())
}
