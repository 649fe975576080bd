//! The C libraries as the tests link them, and what is checked of them as a whole: symbols and ABI.

use super::bench::output;
use super::process::{available, cargo, root, run, step};
use super::python_env::Profile;
use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: [&str; 2] = ["configcat_management", "configcat_management_simulator"];
/// Version of the ABI, as in `bindings/ffi/build.rs`.
pub const ABI: &str = "0";
/// What the header promised when the ABI was last looked at.
const SNAPSHOT: &str = "tests/c/abi/configcat_management.abi";

/// A folder with the shared libraries under the names by which they are found.
pub struct Library {
    folder: PathBuf,
}

impl Library {
    /// Builds the libraries.
    pub fn build(profile: Profile) -> Result<Self> {
        let mut command = cargo();
        command.args(["build", "--quiet", "--profile", profile.name()]);
        run(command.args(["--package", "configcat-management-ffi", "--package", "configcat-simulator-ffi"]))?;
        let built = root().join("target").join(if profile == Profile::Dev { "debug" } else { "release" });
        let folder = root().join("target/c/lib");
        std::fs::create_dir_all(&folder)?;
        for name in NAMES {
            for link in [format!("lib{name}.so"), format!("lib{name}.so.{ABI}")] {
                let link = folder.join(link);
                let _ = std::fs::remove_file(&link);
                std::fs::hard_link(built.join(format!("lib{name}.so")), &link)
                    .with_context(|| link.display().to_string())?;
            }
        }
        Ok(Self { folder })
    }

    /// Libraries that are in a folder already.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Another copy of the client's library.
    pub fn copy(&self) -> Result<PathBuf> {
        let copy = root().join("target/c/copy-of-configcat_management.so");
        std::fs::copy(self.folder.join("libconfigcat_management.so"), &copy)?;
        Ok(copy)
    }

    /// A program that finds the libraries.
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

    /// The library has what the header has, and shows nothing else.
    pub fn check_symbols(&self) -> Result<()> {
        if !available("nm", "the symbols of the library were not looked at") {
            return Ok(());
        }
        for name in NAMES {
            let library = self.folder.join(format!("lib{name}.so"));
            let listed = output(Command::new("nm").args(["-D", "--defined-only", "-P"]).arg(library))?;
            let shown: BTreeSet<&str> = listed.lines().filter_map(|l| l.split_whitespace().next()).collect();
            let header = std::fs::read_to_string(root().join(format!("include/{name}.h")))?;
            let promised: BTreeSet<&str> = functions(&header).into_iter().map(|f| f.name).collect();
            ensure!(
                shown == promised,
                "{name}: symbols and header differ: {:?}",
                shown.symmetric_difference(&promised)
            );
            println!("{name}: {} functions, and no other symbol", shown.len());
        }
        Ok(())
    }
}

/// A function that a header declares.
struct Function<'a> {
    name: &'a str,
    declaration: &'a str,
}

/// The functions of a header: what begins in the first column, names a function and ends with a semicolon.
fn functions(header: &str) -> Vec<Function<'_>> {
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

/// Compares the ABI that the header promises with the one that was written down: a program that was linked before goes on
/// working, or the name of the library changes. `UPDATE_ABI=1` writes down what it is now.
pub fn check_abi() -> Result<()> {
    if !available("abidw", "the ABI was not compared") {
        return Ok(());
    }
    step("c: the ABI");
    let folder = root().join("target/c");
    // A library of the header's functions without anything in them: it has the types as C sees them.
    let header = std::fs::read_to_string(root().join("include/configcat_management.h"))?;
    let stubs: String =
        functions(&header).iter().map(|f| format!("{} {{ for (;;) {{}} }}\n", f.declaration)).collect();
    let source = folder.join("abi.c");
    std::fs::write(&source, format!("#include \"configcat_management.h\"\n{stubs}"))?;
    let library = folder.join("libabi.so");
    let mut command = Command::new(super::c::compiler(false));
    command.args(["-std=c11", "-g", "-w", "-shared", "-fPIC", "-Iinclude"]).current_dir(root());
    command.arg(format!("-Wl,-soname,libconfigcat_management.so.{ABI}"));
    // From the root, for the path is written down.
    run(command.arg(source.strip_prefix(root())?).arg("-o").arg(&library))?;
    let now = folder.join("now.abi");
    let mut abidw = Command::new("abidw");
    abidw.args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file"]).arg(&now);
    run(abidw.arg(&library))?;
    let snapshot = root().join(SNAPSHOT);
    if std::env::var_os("UPDATE_ABI").is_some() {
        std::fs::create_dir_all(snapshot.parent().unwrap_or(&folder))?;
        std::fs::copy(&now, &snapshot)?;
        println!("{SNAPSHOT} is written");
        return Ok(());
    }
    // Its exit status has a bit for changes, and another one for those that break programs.
    const INCOMPATIBLE: i32 = 8;
    const FAILED: i32 = 1 | 2;
    let status = Command::new("abidiff").arg(&snapshot).arg(&now).status()?;
    let code = status.code().unwrap_or(FAILED);
    ensure!(code & FAILED == 0, "abidiff failed");
    ensure!(
        code & INCOMPATIBLE == 0,
        "the ABI breaks programs that are linked already: raise ABI in bindings/ffi/build.rs, then UPDATE_ABI=1"
    );
    if code != 0 {
        println!("the ABI has grown: UPDATE_ABI=1 cargo xtask test c writes it down");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn functions_are_found_and_nothing_else() {
        let header = "/**\n * ccm_x(1);\n */\ntypedef void (*ccm_cb)(int);\nccm_status ccm_a(int x,\n                 int y);\nconst char *ccm_b(void);\n  bool c(void);\n";
        let found: Vec<(&str, &str)> = functions(header).iter().map(|f| (f.name, f.declaration)).collect();
        let expected = [
            ("ccm_a", "ccm_status ccm_a(int x,\n                 int y)"),
            ("ccm_b", "const char *ccm_b(void)"),
        ];
        assert_eq!(found, expected);
    }
}
