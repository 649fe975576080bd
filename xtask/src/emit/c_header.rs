//! Writes the C headers, by cbindgen from the sources of the bindings: comments of Rust are comments of C.

use super::{File, NOTICE};
use anyhow::{Context as _, Result, bail};
use cbindgen::{Builder, Config, DocumentationStyle, EnumConfig, ExportConfig, Language, SortKey, Style};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What the headers begin with, in this order; the typed functions follow.
const PARTS: [&str; 23] = [
    "version",
    "status",
    "error",
    "value",
    "document",
    "builder",
    "options",
    "observer",
    "client",
    "params",
    "response",
    "completion",
    "pending",
    "call",
    "queue",
    "pages",
    "patch",
    "webhook",
    "describe",
    "log",
    "allocator",
    "runtime",
    "text",
];

const ABOUT: &str = "\
Client for the ConfigCat Public Management API.

Rules that hold everywhere:
- Texts are UTF-8. A text that goes in ends with a NUL; a document (JSON, PEM, the body of a webhook) is a pointer and a
  length, and the length CCM_NUL says that it ends with a NUL too. What goes in is copied.
- A function that can fail returns a ccm_status and takes a ccm_error ** as its last argument, which may be NULL. Results
  are written only on success; on failure they are NULL.
- What a function hands out by a pointer to a pointer belongs to the caller, who frees it with the function of its type;
  those take NULL. What a function returns as a const pointer belongs to the object that it was asked for, and lives as
  long.
- Clients, queues, responses, documents, errors and values may be used by several threads at once; options, params,
  builders and pages by one at a time.
- Nothing throws, aborts or jumps across this border. A handle that is NULL, of another kind, or (mostly) freed already
  gives CCM_MISUSE.";

/// The header of the client.
pub fn client(root: &Path, resources: &[String]) -> Result<File> {
    let source = root.join("bindings/ffi/src");
    let mut files: Vec<PathBuf> = PARTS.iter().map(|part| source.join(format!("c/{part}.rs"))).collect();
    files.push(source.join("generated/params.rs"));
    files.extend(resources.iter().map(|name| source.join(format!("generated/{name}.rs"))));
    let version = env!("CARGO_PKG_VERSION");
    let own = format!(
        "/** Version of this header, as a text; CCM_VERSION_NUMBER is the same as a number. */\n#define CCM_VERSION \"{version}\"\n\n/** As a length: the document ends with a NUL. */\n#define CCM_NUL ((size_t)-1)"
    );
    header(
        "CONFIGCAT_MANAGEMENT_GENERATED_C_H",
        ABOUT,
        &own,
        &files,
        "include/configcat_management/generated/c.h",
    )
}

/// The header of the simulator.
pub fn simulator(root: &Path) -> Result<File> {
    let about = "The simulator of the ConfigCat Public Management API, for tests: a library of its own, so that programs that\nship do not carry it.";
    let files = [root.join("bindings/ffi/simulator/src/lib.rs")];
    header(
        "CONFIGCAT_MANAGEMENT_GENERATED_SIMULATOR_H",
        about,
        "",
        &files,
        "include/configcat_management/generated/simulator.h",
    )
}

fn header(guard: &str, about: &str, own: &str, files: &[PathBuf], path: &str) -> Result<File> {
    let config = Config {
        language: Language::C,
        header: Some(format!("/* @generated {NOTICE} */\n\n{}", comment(about))),
        include_guard: Some(guard.to_owned()),
        after_includes: (!own.is_empty()).then(|| format!("\n{own}")),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).to_vec(),
        cpp_compat: true,
        style: Style::Type,
        usize_is_size_t: true,
        line_length: 120,
        documentation_style: DocumentationStyle::Doxy,
        sort_by: SortKey::None,
        // Functions take them as numbers: whatever C passes is a number first.
        export: ExportConfig {
            include: ["ccm_rate_limit_policy", "ccm_log_level"].map(str::to_owned).to_vec(),
            ..ExportConfig::default()
        },
        enumeration: EnumConfig { prefix_with_name: false, ..EnumConfig::default() },
        ..Config::default()
    };
    let mut builder = Builder::new().with_config(config);
    for file in files {
        builder = builder.with_src(file);
    }
    let mut bytes = Vec::new();
    builder.generate().context("cbindgen")?.write(&mut bytes);
    let mut text = String::from_utf8(bytes)?;
    for file in files {
        section(&mut text, file)?;
    }
    Ok(File { path: path.to_owned(), text })
}

fn comment(text: &str) -> String {
    let lines = text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, " *{}{line}", if line.is_empty() { "" } else { " " });
        out
    });
    format!("/**\n{lines} */")
}

/// Puts the title of a file, its first line, over the first of its functions.
fn section(text: &mut String, file: &Path) -> Result<()> {
    let source = std::fs::read_to_string(file)?;
    let first = source.lines().find_map(|line| line.split_once("extern \"C\" fn ")?.1.split('(').next());
    let Some(first) = first else { return Ok(()) };
    let title = source.lines().find_map(|line| line.strip_prefix("//! ")).unwrap_or_default();
    let name = format!("{first}(");
    let declared = text.match_indices(&name).map(|(at, _)| at).find(|at| !in_comment(text, *at));
    let Some(declared) = declared else { bail!("{first} is not in the header") };
    // Its own comment stands right before it.
    let at = text.get(..declared).and_then(|before| before.rfind("/**")).unwrap_or(declared);
    text.insert_str(at, &format!("/* ---- {} ---- */\n\n", title.trim_end_matches('.')));
    Ok(())
}

/// Whether the line that something stands in belongs to a comment.
fn in_comment(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with('*') || line.starts_with("/*")
}
