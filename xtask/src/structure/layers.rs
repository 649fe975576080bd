//! What each part of a target may not import.

use super::imports::Imports;
use super::modules::{Module, Modules};

/// A directory, and the parts of the same target that it must not import.
struct Layer {
    target: &'static str,
    part: &'static str,
    forbidden: &'static [&'static str],
}

const LAYERS: &[Layer] = &[];

/// Every import that a layer forbids.
pub fn violations(target: &str, modules: &Modules, imports: &Imports<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for layer in LAYERS.iter().filter(|layer| layer.target == target) {
        for import in &imports.all {
            let (Some(from), Some(to)) = (modules.all.get(import.from), modules.all.get(import.to)) else {
                continue;
            };
            let forbidden = layer.forbidden.iter().find(|part| is_in(to, part));
            if is_in(from, layer.part)
                && let Some(part) = forbidden
            {
                found.push(format!("{}: {} must not import {part}", import.place, layer.part));
            }
        }
    }
    found
}

/// Whether a module is a part or below it.
fn is_in(module: &Module, part: &str) -> bool {
    module.path.first().is_some_and(|first| first == part)
}
