//! The source files of the simulator with their annotations.

use super::annotations::{self, Annotation, Scan};
use super::items::{self, SourceItem};
use super::sections::{self, Section};
use crate::model::Api;
use crate::support::files::files_below;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// Directory of the files, from the root of the project.
pub const SOURCES: &str = "simulator/src";
/// File in which every item is a rule.
const RULES_ONLY: &str = "assumed.rs";

/// A hand-written file of the simulator.
pub struct SourceFile {
    /// Path in `simulator/src`, with slashes.
    pub name: String,
    text: String,
    pub section: Option<Section>,
    pub scan: Scan,
}

impl SourceFile {
    pub fn new(name: String, text: String, api: &Api) -> Result<Self> {
        let section = sections::of(&name, api)?;
        let mut scan = annotations::scan(&text);
        if section.is_none() {
            let misplaced = scan.annotations.drain(..).map(|Annotation { line, .. }| {
                let advice = "give the file a section in xtask/src/fidelity/sections.rs";
                (line, format!("annotations of this file are not shown: {advice}"))
            });
            scan.problems.extend(misplaced);
        }
        Ok(Self { name, text, section, scan })
    }

    pub fn problems(&self) -> impl Iterator<Item = String> {
        self.scan.problems.iter().map(|(line, text)| format!("{SOURCES}/{}:{line}: {text}", self.name))
    }

    /// Returns the functions that refuse requests, or the items of `assumed.rs`, that have no annotation.
    pub fn unannotated(&self) -> Result<Vec<String>> {
        let (items, what): (Vec<SourceItem>, _) = if self.name == RULES_ONLY {
            (items::items(&self.text)?, "is assumed")
        } else if self.name.starts_with("handlers/") || self.name.starts_with("rules/") {
            let functions = items::functions(&self.text)?;
            (functions.into_iter().filter(|function| function.refuses).collect(), "refuses requests")
        } else {
            return Ok(Vec::new());
        };
        let is_annotated =
            |item: &SourceItem| self.scan.annotations.iter().any(|found| item.contains(found.line));
        let missing = items.into_iter().filter(|item| !is_annotated(item));
        Ok(missing
            .map(|item| {
                let place = format!("{SOURCES}/{}:{}", self.name, item.line);
                format!("{place}: {} {what} without naming a source", item.name)
            })
            .collect())
    }
}

/// Reads the hand-written files of the simulator, sorted by name.
pub fn read(root: &Path, api: &Api) -> Result<Vec<SourceFile>> {
    let directory = root.join(SOURCES);
    let mut paths = Vec::new();
    files_below(&directory, &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        let relative = path.strip_prefix(&directory)?;
        let name: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let name = name.join("/");
        if name.ends_with(".rs") && !name.starts_with("generated/") {
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            files.push(SourceFile::new(name, text, api)?);
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let names: BTreeSet<String> = files.iter().map(|file| file.name.clone()).collect();
    sections::check_resources(api, &names)?;
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build;
    use crate::support::workspace::root;

    fn file(name: &str, text: &str) -> SourceFile {
        let spec = std::fs::read_to_string(root().join("api/openapi.yaml")).unwrap();
        let (_, api) = build::read(&spec, "api/openapi.yaml").unwrap();
        SourceFile::new(name.into(), text.into(), &api).unwrap()
    }

    fn missing(name: &str, text: &str) -> Vec<String> {
        let named = |problem: &String| problem.split(": ").nth(1).unwrap().to_owned();
        file(name, text).unannotated().unwrap().iter().map(named).collect()
    }

    #[test]
    fn refusals_without_annotation_are_found() {
        let text = "/// Assumed: a.\nfn documented() { Problem::text(400, a) }\n\
            fn inside() {\n    // Assumed: a.\n    Problem::text(400, a)\n}\n\
            /// Refuses.\nfn bare() { Problem::text(400, a) }\nfn harmless() {}\n";
        assert_eq!(missing("handlers/tags.rs", text), ["bare refuses requests without naming a source"]);
        assert_eq!(missing("rules/people.rs", text), ["bare refuses requests without naming a source"]);
        assert_eq!(missing("http/body.rs", text), [""; 0]);
    }

    #[test]
    fn every_item_of_assumed_needs_an_annotation() {
        let text = "/// Assumed: a.\nconst A: u8 = 1;\n/// B.\nconst B: u8 = 1;\n\
            mod plan {\n    /// C.\n    const C: u8 = 1;\n}\n/// Documented: d.\nfn d() {}\n";
        assert_eq!(
            missing("assumed.rs", text),
            ["B is assumed without naming a source", "C is assumed without naming a source"]
        );
    }

    #[test]
    fn annotations_in_files_without_a_section_are_refused() {
        let problems: Vec<String> = file("store/disk.rs", "// Assumed: a.\n").problems().collect();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(file("rate_limit.rs", "// Assumed: a.\n").problems().count(), 0);
    }
}
