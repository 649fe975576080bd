//! The references that other tools than MkDocs build: rustdoc, Doxygen, Dokka and DocC. Each is built into `target/reference`.

use crate::parts::kotlin;
use crate::support::process::{run_check, step};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, root, target};
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Reference of a language.
pub struct Reference {
    /// Name of its directory in the site, and of the part of `cargo xtask docs` that builds it.
    pub name: &'static str,
    pub title: &'static str,
    /// Page to begin with.
    entry: &'static str,
    /// Its files, if it is built.
    pub folder: Option<PathBuf>,
}

/// Name, title, first page.
const ALL: [(&str, &str, &str); 5] = [
    ("rust", "Rust (rustdoc)", "configcat_management/index.html"),
    ("c", "C (Doxygen)", "index.html"),
    ("cpp", "C++ (Doxygen)", "index.html"),
    ("kotlin", "Kotlin and Java (Dokka)", "index.html"),
    ("swift", "Swift (DocC)", "documentation/configcatmanagement/index.html"),
];

impl Reference {
    /// Returns a link for a page, as HTML because MkDocs knows nothing of these files.
    pub fn link(&self, page: &str) -> String {
        // A page has a directory of its own, unless it is the index of one.
        let levels =
            page.trim_end_matches("index.md").matches('/').count() + usize::from(!page.ends_with("index.md"));
        let up = "../".repeat(levels);
        match self.folder {
            Some(_) => format!("<a href=\"{up}reference/{}/{}\">{}</a>", self.name, self.entry, self.title),
            None => format!("{}, not built for this copy of the site", self.title),
        }
    }

    /// Returns how to build it.
    pub fn advice(&self) -> String {
        let part = if self.name == "cpp" { "c" } else { self.name };
        format!("`cargo xtask docs {part} site` builds it where its tool is installed")
    }
}

/// Returns all references; those that are not built have no files.
pub fn built() -> Result<Vec<Reference>> {
    ALL.iter()
        .map(|&(name, title, entry)| {
            let folder = place(name)?;
            let folder = folder.join(entry).exists().then_some(folder);
            Ok(Reference { name, title, entry, folder })
        })
        .collect()
}

/// Returns the directory of a reference, which exists once it is built.
fn place(name: &str) -> Result<PathBuf> {
    target(PathBuf::from("reference").join(name))
}

/// Documents the crates that users depend on.
pub fn rust() -> Result<()> {
    step("cargo doc");
    let mut doc = cargo()?;
    doc.args([
        "doc",
        "--quiet",
        "--no-deps",
        "--package",
        "configcat-management",
        "--package",
        "configcat-simulator",
    ]);
    doc.args(["--features", "configcat-management/testing"]);
    run_check(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    let (from, to) = (target("doc")?, place("rust")?);
    let _ = std::fs::remove_dir_all(&to);
    std::fs::create_dir_all(&to)?;
    for name in [
        "configcat_management",
        "configcat_simulator",
        "static.files",
        "search.desc",
        "crates.js",
        "search-index.js",
        "search.index",
        "help.html",
        "settings.html",
        "src-files.js",
        "src",
        "trait.impl",
        "type.impl",
    ] {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            crate::support::files::mirror(&from, &to, |_| false)?;
        } else if from.exists() {
            std::fs::copy(&from, &to).with_context(|| name.to_owned())?;
        }
    }
    Ok(())
}

/// Settings of Doxygen that both languages share.
const DOXYGEN: &str = "\
ALWAYS_DETAILED_SEC = NO
DISABLE_INDEX = NO
EXTRACT_ALL = YES
GENERATE_HTML = YES
GENERATE_LATEX = NO
GENERATE_TREEVIEW = YES
HAVE_DOT = NO
HTML_COLORSTYLE_HUE = 213
HTML_OUTPUT = .
JAVADOC_AUTOBRIEF = YES
MACRO_EXPANSION = YES
QUIET = YES
RECURSIVE = YES
SHOW_INCLUDE_FILES = NO
SORT_MEMBER_DOCS = NO
SOURCE_BROWSER = NO
STRIP_FROM_INC_PATH = include
STRIP_FROM_PATH = include
VERBATIM_HEADERS = NO
WARN_IF_DOC_ERROR = NO
WARN_IF_UNDOCUMENTED = NO
WARNINGS = NO
";

/// Documents the headers.
pub fn c() -> Result<()> {
    if !available("doxygen", "the references of C and C++ were not built") {
        return Ok(());
    }
    let c = format!(
        "OPTIMIZE_OUTPUT_FOR_C = YES\nSHOW_FILES = NO\nINPUT = \"{}\"\n",
        grouped_headers()?.display()
    );
    let c = c.as_str();
    let cpp = "INPUT = include\nFILE_PATTERNS = *.hpp\nEXCLUDE_SYMBOLS = detail *::detail\n";
    for (name, title, settings) in [("c", "C", c), ("cpp", "C++", cpp)] {
        step(&format!("doxygen: {title}"));
        let folder = place(name)?;
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let mut configuration =
            format!("{DOXYGEN}{settings}PROJECT_NAME = \"configcat-management for {title}\"\n");
        let _ = writeln!(configuration, "PROJECT_NUMBER = {}", env!("CARGO_PKG_VERSION"));
        let _ = writeln!(configuration, "OUTPUT_DIRECTORY = \"{}\"", folder.display());
        let file = target("site")?.join(format!("{name}.doxyfile"));
        std::fs::create_dir_all(target("site")?)?;
        std::fs::write(&file, configuration)?;
        run_check(Command::new("doxygen").arg(&file).current_dir(root()))?;
    }
    Ok(())
}

/// Writes copies of the headers of C in which each section is a group, because Doxygen has a page for each group.
fn grouped_headers() -> Result<PathBuf> {
    let folder = target("site/headers")?;
    std::fs::create_dir_all(&folder)?;
    for name in ["c.h", "simulator.h"] {
        let header =
            std::fs::read_to_string(root().join("include/configcat_management/generated").join(name))?;
        std::fs::write(folder.join(name), grouped(&header))?;
    }
    Ok(folder)
}

/// Replaces the comments that begin the sections of a header by groups.
fn grouped(header: &str) -> String {
    let mut out = String::new();
    let mut open = false;
    for line in header.lines() {
        let title = line.strip_prefix("/* ---- ").and_then(|rest| rest.strip_suffix(" ---- */"));
        // The objects of responses are described after the last section, for all of them.
        let end = title.is_some() || line.starts_with("#ifdef __cplusplus") || line.starts_with("#endif");
        if open && end {
            out += "/** @} */\n";
            open = false;
        }
        match title {
            Some(title) => {
                let name: String =
                    title.chars().take_while(|c| *c != '.').filter(|c| c.is_alphanumeric()).collect();
                out += &format!("/** @defgroup {name} {title}\n * @{{ */\n");
                open = true;
            }
            None => out += &format!("{line}\n"),
        }
    }
    out
}

/// Documents the Kotlin client, from the sources that uniffi and the generator write.
pub fn kotlin() -> Result<()> {
    kotlin::reference::build(&place("kotlin")?)
}

/// Documents the Swift package, where its toolchain has DocC.
pub fn swift() -> Result<()> {
    report::skip("the reference of Swift was not built: this command does not run DocC yet");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn sections_of_a_header_become_groups() {
        let header =
            "/* ---- Operations: me. The user ---- */\nint a;\n/* ---- Tags ---- */\n#ifdef __cplusplus\n";
        let expected = "/** @defgroup Operationsme Operations: me. The user\n * @{ */\nint a;\n/** @} */\n\
                        /** @defgroup Tags Tags\n * @{ */\n/** @} */\n#ifdef __cplusplus\n";
        assert_eq!(grouped(header), expected);
    }
}
