//! Generates the Kotlin and Swift bindings from the built library.
//!
//! ```text
//! configcat-management-bindgen kotlin|swift LIBRARY CONFIG OUT
//! ```
//!
//! A separate program, because uniffi's dependencies would make every other command of the workspace slow to build.

mod builders;
mod copies;
mod finish;
mod library;
mod swift;
mod text;
mod values;
mod visibility;

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use uniffi_bindgen::BindgenPaths;
use uniffi_bindgen::bindings::{
    GenerateOptions, SwiftBindingsOptions, TargetLanguage, generate_swift_bindings,
    generate_with_bindgen_paths,
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, library, config, out] = arguments.as_slice() else {
        bail!("usage: configcat-management-bindgen kotlin|swift LIBRARY CONFIG OUT");
    };
    if Path::new(out).exists() {
        std::fs::remove_dir_all(out).with_context(|| format!("cannot empty {out}"))?;
    }
    match language.as_str() {
        "kotlin" => kotlin(library, config, out),
        "swift" => swift(library, config, out),
        other => bail!("{other:?} is neither kotlin nor swift"),
    }
}

fn kotlin(library: &str, config: &str, out: &str) -> Result<()> {
    let options = GenerateOptions {
        languages: vec![TargetLanguage::Kotlin],
        source: library.into(),
        out_dir: out.into(),
        config_override: Some(config.into()),
        ..GenerateOptions::default()
    };
    generate_with_bindgen_paths(options, BindgenPaths::default())?;
    finish::files(Path::new(out), "kt", finish::kotlin)?;
    library::write_kotlin(Path::new(out), &library::build_id(Path::new(library))?)
}

fn swift(library: &str, config: &str, out: &str) -> Result<()> {
    let options = SwiftBindingsOptions {
        generate_swift_sources: true,
        generate_headers: true,
        source: library.into(),
        out_dir: out.into(),
        config: Some(config.into()),
        ..SwiftBindingsOptions::default()
    };
    generate_swift_bindings(options)?;
    finish::files(Path::new(out), "swift", finish::swift)
}
