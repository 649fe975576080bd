//! The C libraries as tests link them, and the functions that libraries export and headers declare.

use crate::support::build;
use crate::support::files::refresh;
use crate::support::process::output;
use crate::support::python::Profile;
use crate::support::workspace::{cargo, root, target};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

pub const NAMES: [&str; 2] = ["configcat_management", "configcat_management_simulator"];
/// Version of the ABI, as in `bindings/ffi/build.rs`.
pub const ABI: &str = "0";

/// Directory with the shared libraries, under the names by which the linker and the loader find them.
pub struct Library {
    folder: PathBuf,
    /// The client's library where it was built.
    built: PathBuf,
}

impl Library {
    /// Builds the libraries: as part of the shared build for tests. For benchmarks only the client's, for speed.
    pub fn build(profile: Profile) -> Result<Self> {
        // Each library is copied only once: a concurrent part may have loaded it.
        static LINKED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
        let (built, names) = match profile {
            Profile::Dev => (build::products()?, NAMES.as_slice()),
            Profile::Release => {
                let mut command = cargo()?;
                command.args(["build", "--release", "--package", "configcat-management-ffi"]);
                (build::run(&mut command)?, &NAMES[..1])
            }
        };
        let folder = target("c")?.join(format!("lib-{}", profile.name()));
        let mut linked = LINKED.lock().unwrap_or_else(PoisonError::into_inner);
        if !linked.contains(&folder) {
            for name in names {
                let library = built.library(name)?;
                refresh(library, &folder.join(format!("lib{name}.so")))?;
                refresh(library, &folder.join(format!("lib{name}.so.{ABI}")))?;
            }
            linked.push(folder.clone());
        }
        Ok(Self { folder, built: built.library(NAMES[0])?.to_path_buf() })
    }

    /// Uses the libraries in an existing directory.
    pub fn at(folder: PathBuf) -> Self {
        let built = folder.join("libconfigcat_management.so");
        Self { folder, built }
    }

    /// Returns the client's library where cargo built it.
    pub fn built(&self) -> &Path {
        &self.built
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies the client's library and returns the path of the copy.
    pub fn copy(&self) -> Result<PathBuf> {
        let copy = target("c/copy-of-configcat_management.so")?;
        std::fs::copy(self.folder.join("libconfigcat_management.so"), &copy)?;
        Ok(copy)
    }

    /// Returns a command that runs a program with these libraries.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(root()).env("LD_LIBRARY_PATH", &self.folder);
        for variable in
            ["CONFIGCAT_API_USER", "CONFIGCAT_API_PASS", "CONFIGCAT_BASE_URL", "CONFIGCAT_API_HOST"]
        {
            command.env_remove(variable);
        }
        command
    }

    /// Returns the symbols that a library exports.
    pub fn exported(&self, name: &str) -> Result<BTreeSet<String>> {
        let library = self.folder.join(format!("lib{name}.so"));
        let listed = output(Command::new("nm").args(["-D", "--defined-only", "-P"]).arg(library))?;
        Ok(listed.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
    }

    /// Returns the functions that the header of a library declares.
    pub fn declared(&self, name: &str) -> Result<BTreeSet<String>> {
        let header = std::fs::read_to_string(root().join(header(name)))?;
        Ok(functions(&header).into_iter().map(|function| function.name.to_owned()).collect())
    }
}

/// Returns the path of the generated header of a library.
pub fn header(name: &str) -> &'static str {
    if name.ends_with("simulator") {
        "include/configcat_management/generated/simulator.h"
    } else {
        "include/configcat_management/generated/c.h"
    }
}

/// Function that a header declares.
pub struct Function<'a> {
    pub name: &'a str,
    pub declaration: &'a str,
}

/// Parses the function declarations of a header: they begin in the first column and end with a semicolon.
pub fn functions(header: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = header.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.lines().next().unwrap_or_default();
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        let name = line.split('(').next().and_then(|before| before.rsplit([' ', '*']).next());
        if let Some(name) = name.filter(|n| begins && line.contains('(') && n.starts_with("ccm_")) {
            let end = rest.find(';').unwrap_or(rest.len());
            found.push(Function { name, declaration: rest.get(..end).unwrap_or_default() });
            at += end + 1;
        } else {
            at += line.len() + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn only_function_declarations_are_found() {
        let header = "/**\n * ccm_x(1);\n */\ntypedef void (*ccm_cb)(int);\nccm_status ccm_a(int x,\n                 int y);\nconst char *ccm_b(void);\n  bool c(void);\n";
        let found: Vec<(&str, &str)> = functions(header).iter().map(|f| (f.name, f.declaration)).collect();
        let expected = [
            ("ccm_a", "ccm_status ccm_a(int x,\n                 int y)"),
            ("ccm_b", "const char *ccm_b(void)"),
        ];
        assert_eq!(found, expected);
    }
}
