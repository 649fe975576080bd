//! `cargo xtask codegen`: writes the generated files, or lists the stale ones.

use crate::emit::{self, Context, File};
use crate::fidelity;
use crate::model::{Api, build, positions};
use crate::pages;
use crate::parity;
use crate::support::files::files_below;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Directories with generated files only. A file in them that no emitter wrote is a leftover.
const GENERATED: &[&str] = &[
    "core/src/generated",
    "tests/rust/generated",
    "simulator/src/generated",
    "bindings/ffi/src/generated",
    "bindings/python/src/generated",
    "bindings/python/python/configcat_management/_generated",
    "include/configcat_management/generated",
    "tests/c/generated",
    "tests/contract/generated",
    "tests/cpp/generated",
];

/// The previously generated document, which the order of fields is compared with.
const PREVIOUS: &str = "simulator/src/generated/openapi.json";

pub fn run(check: bool, move_fields: bool) -> Result<ExitCode> {
    if !move_fields {
        fields_are_only_appended(&root())?;
    }
    let good = written_or_fresh(check)?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether every generated file is up to date; prints the stale ones.
pub fn is_fresh() -> Result<bool> {
    written_or_fresh(true)
}

/// Writes the files, or with `check` compares them. Returns whether all are up to date.
fn written_or_fresh(check: bool) -> Result<bool> {
    let root = root();
    let (api, mut files) = generate(&root)?;
    if !check {
        // Written first because the C headers are generated from these sources.
        write(&root, files.iter())?;
    }
    files.push(emit::c_header::client(&root, &api)?);
    files.push(emit::c_header::simulator(&root)?);
    report(&root, &files, check)
}

fn fields_are_only_appended(root: &Path) -> Result<()> {
    // Without a previous document there is no order to preserve.
    let Ok(previous) = std::fs::read_to_string(root.join(PREVIOUS)) else { return Ok(()) };
    let spec = std::fs::read_to_string(root.join("api/openapi.yaml"))?;
    positions::check(&serde_json::from_str(&previous).context(PREVIOUS)?, &build::parse(&spec)?)
}

fn report(root: &Path, files: &[File], check: bool) -> Result<bool> {
    let stale: Vec<&File> = files
        .iter()
        .filter(|f| std::fs::read_to_string(root.join(&f.path)).ok().as_ref() != Some(&f.text))
        .collect();
    let left_over = left_over(root, files)?;
    if check {
        for file in &stale {
            println!("stale: {}", file.path);
        }
        for path in &left_over {
            println!("left over: {}", path.display());
        }
        println!("{} generated files, {} stale, {} left over", files.len(), stale.len(), left_over.len());
        return Ok(stale.is_empty() && left_over.is_empty());
    }
    write(root, stale.iter().copied())?;
    for path in &left_over {
        std::fs::remove_file(root.join(path))?;
    }
    println!("{} generated files, {} left over removed", files.len(), left_over.len());
    Ok(true)
}

/// Writes files that are missing or differ.
fn write<'a>(root: &Path, files: impl Iterator<Item = &'a File>) -> Result<()> {
    for file in files {
        let path = root.join(&file.path);
        if std::fs::read_to_string(&path).ok().as_ref() != Some(&file.text) {
            std::fs::create_dir_all(path.parent().unwrap_or(root))?;
            std::fs::write(&path, &file.text).with_context(|| file.path.clone())?;
        }
    }
    Ok(())
}

/// Generates and formats all files except the C headers.
fn generate(root: &Path) -> Result<(Api, Vec<File>)> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).with_context(|| path.to_owned());
    let (document, api) = build::read(&read("api/openapi.yaml")?, "api/openapi.yaml")?;
    let tricky = read("tests/contract/tricky.json")?;
    let cx = Context { api: &api, document: &document, tricky_vectors: &tricky };
    let mut files = Vec::new();
    for emitter in emit::ALL {
        files.extend(emitter(&cx)?);
    }
    files.push(File { path: parity::PAGE.into(), text: parity::page(root)? });
    files.push(File { path: fidelity::PAGE.into(), text: fidelity::page(root, &api)? });
    files.extend(pages::all(root)?);
    let mut paths = BTreeSet::new();
    for file in &mut files {
        ensure!(paths.insert(file.path.clone()), "two emitters write {}", file.path);
        if file.path.ends_with(".rs") {
            file.text = rustfmt(root, &file.text).with_context(|| file.path.clone())?;
        }
    }
    Ok((api, files))
}

fn rustfmt(root: &Path, text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt is missing: `rustup component add rustfmt`")?;
    child.stdin.take().context("no standard input")?.write_all(text.as_bytes())?;
    let out = child.wait_with_output()?;
    if !out.status.success() {
        let at = std::env::temp_dir().join("unformatted.rs");
        std::fs::write(&at, text)?;
        anyhow::bail!("rustfmt refused it, see {}", at.display());
    }
    Ok(String::from_utf8(out.stdout)?)
}

fn left_over(root: &Path, files: &[File]) -> Result<Vec<PathBuf>> {
    let known: BTreeSet<PathBuf> = files.iter().map(|f| PathBuf::from(&f.path)).collect();
    let mut found = Vec::new();
    for dir in GENERATED {
        files_below(&root.join(dir), &mut found)?;
    }
    Ok(found
        .into_iter()
        .filter_map(|p| p.strip_prefix(root).ok().map(Path::to_path_buf))
        .filter(|p| !known.contains(p) && !p.components().any(|c| c.as_os_str() == "__pycache__"))
        .collect())
}
