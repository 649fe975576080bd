//! Checks what the CMake project installs on each platform, with empty files in the place of the libraries.

use crate::support::files::files_below;
use crate::support::process::{output, run, step};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A platform: what cargo builds there, and what is installed.
struct Platform {
    system: &'static str,
    built: [&'static str; 3],
    installed: &'static [&'static str],
}

const PLATFORMS: [Platform; 3] = [
    Platform {
        system: "Linux",
        built: ["libconfigcat_management.so", "libconfigcat_management.a", ""],
        installed: &[
            "lib/libconfigcat_management.so",
            "lib/libconfigcat_management.so.0",
            "lib/libconfigcat_management.so.0.1.0",
            "lib/libconfigcat_management.a",
        ],
    },
    Platform {
        system: "Darwin",
        built: ["libconfigcat_management.dylib", "libconfigcat_management.a", ""],
        installed: &[
            "lib/libconfigcat_management.dylib",
            "lib/libconfigcat_management.0.dylib",
            "lib/libconfigcat_management.0.1.0.dylib",
            "lib/libconfigcat_management.a",
        ],
    },
    Platform {
        system: "Windows",
        built: ["configcat_management.dll", "configcat_management.dll.lib", "configcat_management.lib"],
        installed: &[
            "bin/configcat_management.dll",
            "lib/configcat_management.dll.lib",
            "lib/configcat_management.lib",
        ],
    },
];

/// What is installed on every platform, with the library.
const ALWAYS: [&str; 8] = [
    "include/configcat_management.h",
    "include/configcat_management.hpp",
    "lib/pkgconfig/configcat-management.pc",
    "lib/cmake/ConfigCatManagement/ConfigCatManagementConfig.cmake",
    "share/man/man3/configcat_management.3",
    "share/doc/configcat-management/docs/c.md",
    "share/doc/configcat-management/examples/c/quickstart.c",
    "share/doc/configcat-management/LICENSE-MIT",
];

/// What is installed with the command line, besides the program.
const COMMAND_LINE: [&str; 4] = [
    "share/man/man1/configcat-management.1",
    "share/bash-completion/completions/configcat-management",
    "share/zsh/site-functions/_configcat-management",
    "share/fish/vendor_completions.d/configcat-management.fish",
];

const IN_REPOSITORY: &str = "simulator-fidelity.md";

/// Checks the names on each platform, what is left out without the simulator, and directories with other depths.
pub fn check() -> Result<()> {
    if !available("cmake", "what the CMake project installs was not checked") {
        return Ok(());
    }
    let folder = target("c/recipe")?;
    let _ = std::fs::remove_dir_all(&folder);
    step("what the CMake project installs");
    for platform in &PLATFORMS {
        let prefix = install(&folder, platform, platform.system, &[])?;
        for name in platform.installed.iter().chain(&ALWAYS) {
            ensure!(prefix.join(name).exists(), "{}: {name} is not installed", platform.system);
        }
        let mut files = Vec::new();
        files_below(&prefix, &mut files)?;
        let simulator = files.iter().find(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.contains("simulator") && !name.ends_with(".md")
        });
        ensure!(simulator.is_none(), "installed without CONFIGCAT_MANAGEMENT_SIMULATOR: {simulator:?}");
        report::passed(1);
    }
    links(&folder.join("Linux/prefix"))?;
    command_line(&folder)?;
    directories(&folder)
}

/// Configures and installs without building.
fn install(folder: &Path, platform: &Platform, name: &str, options: &[&str]) -> Result<PathBuf> {
    let folder = folder.join(name);
    let (cargo, build, prefix) = (folder.join("cargo"), folder.join("build"), folder.join("prefix"));
    std::fs::create_dir_all(cargo.join("library"))?;
    for file in platform.built.iter().filter(|file| !file.is_empty()) {
        std::fs::write(cargo.join("library").join(file), "")?;
    }
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(root().join("bindings/ffi/c")).arg("-B").arg(&build);
    configure.arg(format!("-DCMAKE_SYSTEM_NAME={}", platform.system));
    configure.arg(format!("-DCONFIGCAT_MANAGEMENT_TARGET_DIR={}", cargo.display())).args(options);
    output(configure.env_remove("CARGO_BUILD_TARGET"))?;
    output(Command::new("cmake").arg("--install").arg(&build).arg("--prefix").arg(&prefix))?;
    Ok(prefix)
}

/// Checks where the command line is installed, and that it is not without its option.
fn command_line(folder: &Path) -> Result<()> {
    for platform in &PLATFORMS {
        let program =
            if platform.system == "Windows" { "configcat-management.exe" } else { "configcat-management" };
        let name = format!("{}-cli", platform.system);
        let built = folder.join(&name).join("build/cli");
        std::fs::create_dir_all(built.join("man1"))?;
        std::fs::create_dir_all(folder.join(&name).join("cargo/library"))?;
        std::fs::write(folder.join(&name).join("cargo/library").join(program), "")?;
        for file in ["man1/configcat-management.1", "bash", "zsh", "fish"] {
            std::fs::write(built.join(file), "")?;
        }
        let prefix = install(folder, platform, &name, &["-DCONFIGCAT_MANAGEMENT_CLI=ON"])?;
        for file in COMMAND_LINE.iter().chain([&&*format!("bin/{program}")]) {
            ensure!(prefix.join(file).exists(), "{name}: {file} is not installed");
            let without = folder.join(platform.system).join("prefix").join(file);
            ensure!(!without.exists(), "{file} is installed without CONFIGCAT_MANAGEMENT_CLI");
        }
        report::passed(1);
    }
    Ok(())
}

/// Checks that installed pages refer only to files that are installed too. Headers are in another directory, and the page
/// with the sources of the rules refers to files of the repository.
fn links(prefix: &Path) -> Result<()> {
    let docs = prefix.join("share/doc/configcat-management/docs");
    let mut pages = Vec::new();
    files_below(&docs, &mut pages)?;
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    for page in &pages {
        let text = std::fs::read_to_string(page)?;
        let folder = page.parent().context("a page is in no directory")?;
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        // What follows "](" in C++ is a lambda, whose parameters have spaces.
        let is_link =
            |target: &&str| !target.is_empty() && !target.contains([' ', ':']) && *target != IN_REPOSITORY;
        for target in targets.filter(is_link) {
            let target = target
                .strip_prefix("../include/")
                .map_or_else(|| folder.join(target), |header| prefix.join("include").join(header));
            ensure!(target.exists(), "{} refers to {}", page.display(), target.display());
        }
    }
    report::passed(1);
    Ok(())
}

/// Checks that pkg-config finds the headers if the libraries are deeper than usual, and in an absolute directory.
fn directories(folder: &Path) -> Result<()> {
    if !available("pkg-config", "directories of other depths were not checked") {
        return Ok(());
    }
    let linux = PLATFORMS.first().context("no platform")?;
    let elsewhere = folder.join("elsewhere");
    let elsewhere = elsewhere.to_str().context("the path is not UTF-8")?;
    for (name, lib) in [("deep", "lib/x86_64-linux-gnu"), ("absolute", elsewhere)] {
        let prefix = install(
            folder,
            linux,
            name,
            &[&format!("-DCMAKE_INSTALL_LIBDIR={lib}"), &prefix_of(folder, name)],
        )?;
        for (variable, expected) in [("includedir", prefix.join("include")), ("libdir", prefix.join(lib))] {
            let mut ask = Command::new("pkg-config");
            ask.env("PKG_CONFIG_PATH", prefix.join(lib).join("pkgconfig"));
            ask.arg(format!("--variable={variable}")).arg("configcat-management");
            let found = output(&mut ask)?.replace("\\ ", " ");
            ensure!(
                std::fs::canonicalize(&found)? == std::fs::canonicalize(&expected)?,
                "{name}: {variable} is {found}, not {}",
                expected.display()
            );
        }
        report::passed(1);
    }
    Ok(())
}

/// Returns the words of what pkg-config prints, which escapes the spaces in paths.
fn words(text: &str) -> Vec<String> {
    let text = text.replace("\\ ", "\0");
    text.split_whitespace().map(|word| word.replace('\0', " ")).collect()
}

fn prefix_of(folder: &Path, name: &str) -> String {
    format!("-DCMAKE_INSTALL_PREFIX={}", folder.join(name).join("prefix").display())
}

/// Compiles the quickstart and the program of the manual page with the installed files only, and runs the latter. `test examples`
/// runs the quickstart, which needs a seed of its own.
pub fn examples(prefix: &Path, folder: &Path, prepare: &dyn Fn(&mut Command)) -> Result<()> {
    if !available("pkg-config", "the installed examples were not compiled") {
        return Ok(());
    }
    let manual = std::fs::read_to_string(prefix.join("share/man/man3/configcat_management.3"))?;
    let program = manual.split_once(".EX\n").and_then(|(_, rest)| rest.split_once("\n.EE"));
    let (program, _) = program.context("the manual page has no example")?;
    let source = folder.join("manual.c");
    // \e is a backslash in a manual page.
    std::fs::write(&source, format!("{}\n", program.replace("\\e", "\\")))?;
    let installed = prefix.join("share/doc/configcat-management/examples/c/quickstart.c");
    for (name, source) in [("manual", source), ("quickstart", installed)] {
        step(&format!("the installed example: {name}"));
        let mut ask = Command::new("pkg-config");
        ask.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")).args([
            "--cflags",
            "--libs",
            "configcat-management",
        ]);
        let flags = output(&mut ask)?;
        let program = folder.join(format!("installed-{name}"));
        let mut compile = Command::new(super::programs::compiler(false));
        compile.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program).arg(source);
        run(compile.args(words(&flags)))?;
        if name == "manual" {
            let mut command = Command::new(&program);
            prepare(command.env("LD_LIBRARY_PATH", prefix.join("lib")));
            ensure!(!output(&mut command)?.is_empty(), "the example of the manual page prints nothing");
        }
        report::passed(1);
    }
    Ok(())
}
