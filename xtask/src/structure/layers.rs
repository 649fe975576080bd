//! Checks that each part of a target imports only the layers that it may use.

use super::imports::Imports;
use super::modules::Modules;

/// Part of a target (a top-level module), and the parts that it may import.
struct Layer {
    target: &'static str,
    part: &'static str,
    /// Other parts of the same target that it may import.
    allowed: &'static [&'static str],
}

/// Layers of the core, from the lowest to the highest, of the simulator, of the command line and of xtask. A part that is not listed may import any
/// other part.
const LAYERS: &[Layer] = &[
    Layer { target: CORE, part: "timestamp", allowed: &[] },
    Layer { target: CORE, part: "spec", allowed: &["timestamp"] },
    Layer { target: CORE, part: "redaction", allowed: &[] },
    Layer { target: CORE, part: "error", allowed: &["redaction", "spec"] },
    Layer { target: CORE, part: "observer", allowed: &["error"] },
    Layer {
        target: CORE,
        part: "transport",
        allowed: &["error", "observer", "redaction", "spec", "timestamp"],
    },
    Layer { target: CORE, part: "call", allowed: &["error", "redaction", "spec", "transport"] },
    Layer {
        target: CORE,
        part: "client",
        allowed: &[
            "call",
            "error",
            "generated",
            "models",
            "observer",
            "patch",
            "redaction",
            "spec",
            "transport",
        ],
    },
    Layer {
        target: CORE,
        part: "changes",
        allowed: &["call", "client", "error", "generated", "models", "rules", "spec", "transport"],
    },
    Layer { target: CORE, part: "models", allowed: &["generated", "spec"] },
    Layer { target: CORE, part: "rules", allowed: &["generated", "models"] },
    Layer { target: SIMULATOR, part: "canonical", allowed: &[] },
    Layer { target: SIMULATOR, part: "state", allowed: &["assumed", "problem", "rate_limit", "rules"] },
    Layer {
        target: SIMULATOR,
        part: "rules",
        allowed: &["assumed", "call", "canonical", "generated", "problem", "state"],
    },
    Layer {
        target: SIMULATOR,
        part: "handlers",
        allowed: &["assumed", "call", "generated", "problem", "rules", "state"],
    },
    Layer {
        target: SIMULATOR,
        part: "backend",
        allowed: &["delivery", "problem", "rate_limit", "seed", "state", "store", "testing"],
    },
    Layer { target: CLI, part: "terminal", allowed: &["failure", "interrupt"] },
    Layer { target: CLI, part: "profile", allowed: &["failure"] },
    Layer { target: CLI, part: "session", allowed: &["failure", "profile", "terminal"] },
    Layer { target: CLI, part: "spec", allowed: &["failure", "files"] },
    Layer { target: CLI, part: "grid", allowed: &[] },
    Layer { target: CLI, part: "table", allowed: &["grid", "tree"] },
    Layer { target: XTASK, part: "support", allowed: &[] },
    Layer { target: XTASK, part: "model", allowed: &[] },
    Layer { target: XTASK, part: "emit", allowed: &["model"] },
    Layer { target: XTASK, part: "fidelity", allowed: &["model", "support"] },
    Layer { target: XTASK, part: "parity", allowed: &["prose", "support"] },
    Layer { target: XTASK, part: "structure", allowed: &["support"] },
    Layer { target: XTASK, part: "workflows", allowed: &["support"] },
    Layer { target: XTASK, part: "parts", allowed: &["emit", "model", "support"] },
];

const CORE: &str = "configcat_management";
const SIMULATOR: &str = "configcat_simulator";
const CLI: &str = "configcat_management_cli";
const XTASK: &str = "xtask";

/// Returns every import that the layers forbid.
pub fn violations(target: &str, modules: &Modules, imports: &Imports<'_>) -> Vec<String> {
    let part = |id: usize| modules.all.get(id).and_then(|module| module.path.first()).map(String::as_str);
    let mut found = Vec::new();
    for layer in LAYERS.iter().filter(|layer| layer.target == target) {
        for import in imports.all.iter().filter(|import| part(import.from) == Some(layer.part)) {
            // Re-exports of the root module are resolved: an import that ends there names an item defined in the root.
            let to = part(import.to).unwrap_or("the root");
            if to != layer.part && !layer.allowed.contains(&to) {
                found.push(format!("{}: {} must not import {to}", import.place, layer.part));
            }
        }
    }
    found
}
