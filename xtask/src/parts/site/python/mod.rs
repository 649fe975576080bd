//! The reference of the Python package: a page per resource with its methods and models, from the generated sources. MkDocs fills
//! the other pages from the docstrings.

mod render;
mod source;

use super::page::Page;
use crate::support::workspace::root;
use anyhow::{Context as _, Result};
use render::{Links, Model};
use source::{Class, classes};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const GENERATED: &str = "bindings/python/python/configcat_management/_generated";
/// Directory of the pages in the site.
const PAGES: &str = "python/reference/resources";

/// Returns the pages of the resources and the index of models.
pub fn pages() -> Result<Vec<Page>> {
    let models = models()?;
    let enums = read("enums.py")?.into_iter().map(|class| class.name).collect();
    let resources = resources()?;
    let homes = homes(&resources, &models);
    let links = Links { homes: &homes, enums: &enums };
    let mut pages = Vec::new();
    for (resource, class) in &resources {
        let own: Vec<&Model> =
            models.iter().filter(|model| homes.get(&model.name) == Some(resource)).collect();
        pages.push(Page {
            path: format!("{PAGES}/{resource}.md"),
            text: render::resource(resource, class, &own, &links),
        });
    }
    pages.push(Page { path: "python/reference/models-list.md".into(), text: render::index(&models, &homes) });
    Ok(pages)
}

/// Returns the names of the resources.
pub fn names() -> Result<Vec<String>> {
    Ok(resources()?.into_iter().map(|(name, _)| name).collect())
}

fn read(file: &str) -> Result<Vec<Class>> {
    let path = root().join(GENERATED).join(file);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    classes(&text).with_context(|| file.to_owned())
}

/// Returns the resources by name.
fn resources() -> Result<Vec<(String, Class)>> {
    let folder = root().join(GENERATED).join("resources");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut resources = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("__") {
            continue;
        }
        let class = read(&format!("resources/{name}.py"))?.into_iter().next();
        resources.push((name.clone(), class.with_context(|| format!("{name}.py has no class"))?));
    }
    Ok(resources)
}

/// Returns the models of responses and of nested input.
fn models() -> Result<Vec<Model>> {
    let read_ones = read("models.pyi")?.into_iter().map(Model::of_response);
    let input = read("inputs.py")?.into_iter().map(Model::of_input);
    Ok(read_ones.chain(input).collect())
}

/// Returns the resource on whose page each model is: the first one that uses it, directly or inside another model.
fn homes(resources: &[(String, Class)], models: &[Model]) -> BTreeMap<String, String> {
    let by_name: BTreeMap<&str, &Model> = models.iter().map(|model| (model.name.as_str(), model)).collect();
    let mut homes = BTreeMap::new();
    for (resource, class) in resources {
        let types = class.methods.iter().flat_map(|m| m.parameters.iter().map(|p| &p.ty).chain([&m.result]));
        let mut waiting: Vec<&str> = types.flat_map(|ty| render::names(ty)).collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            // A parameter accepts what is like the model.
            let Some(model) = by_name.get(name).or_else(|| by_name.get(name.trim_end_matches("Like"))) else {
                continue;
            };
            if seen.insert(model.name.as_str()) {
                homes.entry(model.name.clone()).or_insert_with(|| resource.clone());
                waiting.extend(model.attributes.iter().flat_map(|attribute| render::names(&attribute.ty)));
            }
        }
    }
    // What no operation names is used by edits.
    for model in models {
        homes.entry(model.name.clone()).or_insert_with(|| "flag_values".into());
    }
    homes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_and_model_has_one_place() {
        let pages = pages().unwrap();
        assert_eq!(pages.len(), names().unwrap().len() + 1);
        let text: String = pages.iter().map(|page| page.text.as_str()).collect();
        for model in models().unwrap() {
            let heading = format!("{{ #models.{} }}", model.name);
            assert_eq!(text.matches(&heading).count(), 1, "{heading}");
        }
    }

    #[test]
    fn current_operations_come_before_legacy_ones() {
        let pages = pages().unwrap();
        let page = pages.iter().find(|page| page.path.ends_with("/audit_logs.md")).unwrap();
        let place = |method: &str| page.text.find(&format!("{{ #audit_logs.{method} }}")).unwrap();
        assert!(place("list_for_organization") < place("list_v1"));
    }
}
