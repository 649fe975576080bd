//! Writes the C headers with cbindgen, from the sources of the bindings. Rust doc comments become C comments.

use super::c::objects;
use super::{File, NOTICE};
use crate::model::Api;
use anyhow::{Context as _, Result, bail};
use cbindgen::{Builder, Config, DocumentationStyle, EnumConfig, ExportConfig, Language, SortKey, Style};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Modules at the beginning of the header, in this order; the typed functions follow.
const PARTS: [&str; 37] = [
    "version",
    "status",
    "error",
    "value",
    "document",
    "builder",
    "options",
    "credentials",
    "observer",
    "attempt_headers",
    "cassette",
    "client",
    "watch",
    "params",
    "response",
    "completion",
    "pending",
    "call",
    "raw",
    "queue",
    "pages",
    "bulk",
    "edit",
    "edit_start",
    "patch",
    "changes/product_document",
    "changes/plan",
    "changes/step",
    "changes/planning",
    "changes/report",
    "changes/apply",
    "webhook",
    "describe",
    "log",
    "allocator",
    "runtime",
    "text",
];

const ABOUT: &str = "\
Client for the ConfigCat Public Management API.

Conventions:
- Strings are UTF-8. Input strings end with a NUL. Input documents (JSON, PEM, the body of a webhook) are a pointer and a
  length; the length CCM_NUL means that the document ends with a NUL too. Input is copied.
- A function that can fail returns a ccm_status and takes a ccm_error ** as its last argument, which may be NULL. Results
  are written only on success; on failure they are NULL.
- The caller owns objects that a function returns through a pointer to a pointer, and frees them with the function of
  their type, which accepts NULL. A const pointer that a function returns belongs to the object that it was obtained
  from, and is valid as long as that object.
- Objects of responses and those in request bodies are described at the end of this header, and so are the strings of long enums.
- Clients, queues, responses, documents, plans, reports, errors and values may be used by several threads concurrently; options, params,
  builders and pages by one thread at a time, bulks by one thread and ccm_bulk_cancel() by any.
- No function throws, aborts or jumps across the ABI boundary. A handle that is NULL, of another type, or (in most cases)
  already freed results in CCM_MISUSE.";

/// Writes the header of the client.
pub fn client(root: &Path, api: &Api) -> Result<File> {
    let source = root.join("bindings/ffi/src");
    let mut files: Vec<PathBuf> = PARTS.iter().map(|part| source.join(format!("c/{part}.rs"))).collect();
    files.push(source.join("generated/params.rs"));
    files.extend(api.resources.iter().map(|r| source.join(format!("generated/{}.rs", r.name.snake()))));
    let version = env!("CARGO_PKG_VERSION");
    let own = format!(
        "/** Version of this header as a string; CCM_VERSION_NUMBER is the same version as a number. */\n#define CCM_VERSION \"{version}\"\n\n/** Value for a length: the document ends with a NUL. */\n#define CCM_NUL SIZE_MAX"
    );
    header(
        "CONFIGCAT_MANAGEMENT_GENERATED_C_H",
        ABOUT,
        &own,
        &objects(api),
        &files,
        "include/configcat_management/generated/c.h",
    )
}

/// Writes the header of the simulator.
pub fn simulator(root: &Path) -> Result<File> {
    let about = "The simulator of the ConfigCat Public Management API, for tests. It is a separate library, so that released\nprograms do not contain it.";
    let files = [root.join("bindings/ffi/simulator/src/lib.rs")];
    header(
        "CONFIGCAT_MANAGEMENT_GENERATED_SIMULATOR_H",
        about,
        "",
        "",
        &files,
        "include/configcat_management/generated/simulator.h",
    )
}

fn header(guard: &str, about: &str, own: &str, last: &str, files: &[PathBuf], path: &str) -> Result<File> {
    let config = Config {
        language: Language::C,
        header: Some(format!("/* @generated {NOTICE} */\n\n{}", comment(about))),
        include_guard: Some(guard.to_owned()),
        after_includes: (!own.is_empty()).then(|| format!("\n{own}")),
        trailer: (!last.is_empty()).then(|| last.to_owned()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).to_vec(),
        cpp_compat: true,
        style: Style::Type,
        usize_is_size_t: true,
        line_length: 120,
        documentation_style: DocumentationStyle::Doxy,
        sort_by: SortKey::None,
        // Listed explicitly because functions take them as integers: C code may pass any integer.
        export: ExportConfig {
            include: ["ccm_rate_limit_policy", "ccm_cassette_mode", "ccm_log_level"]
                .map(str::to_owned)
                .to_vec(),
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

/// Inserts the title of a source file (the first line of its module docs) above its first function.
fn section(text: &mut String, file: &Path) -> Result<()> {
    let source = std::fs::read_to_string(file)?;
    let first = source.lines().find_map(|line| line.split_once("extern \"C\" fn ")?.1.split('(').next());
    let Some(first) = first else { return Ok(()) };
    let title = source.lines().find_map(|line| line.strip_prefix("//! ")).unwrap_or_default();
    let name = format!("{first}(");
    let declared = text.match_indices(&name).map(|(at, _)| at).find(|at| !in_comment(text, *at));
    let Some(declared) = declared else { bail!("{first} is not in the header") };
    // The title goes above the doc comment of the function.
    let at = text.get(..declared).and_then(|before| before.rfind("/**")).unwrap_or(declared);
    text.insert_str(at, &format!("/* ---- {} ---- */\n\n", title.trim_end_matches('.')));
    Ok(())
}

/// Whether a position is in a line of a comment.
fn in_comment(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with('*') || line.starts_with("/*")
}
