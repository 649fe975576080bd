//! Which file imports which, and the cycles among them.

use super::modules::{Id, Mention, Modules};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::BTreeMap;
use std::path::Path;

/// Re-exports that lead on and on are given up after this many.
const DEEPEST: usize = 16;

/// One import: between two modules of different files.
pub struct Import {
    pub from: Id,
    pub to: Id,
    /// The import as `file:line: path`.
    pub place: String,
}

/// Every import of a target, once for each pair of modules.
pub fn of(modules: &Modules) -> Imports<'_> {
    let mut found: BTreeMap<(Id, Id), String> = BTreeMap::new();
    for (from, module) in modules.all.iter().enumerate() {
        let mentions = module.uses.iter().map(|used| &used.mention).chain(&module.mentions);
        for mention in mentions {
            let Some(to) = Resolver { modules }.first(from, mention) else { continue };
            if modules.all.get(to).is_some_and(|target| target.file != module.file) {
                let place =
                    format!("{}:{}: {}", shown(&module.file), mention.line, mention.segments.join("::"));
                found.entry((from, to)).or_insert(place);
            }
        }
    }
    let all = found.into_iter().map(|((from, to), place)| Import { from, to, place }).collect();
    Imports { modules, all }
}

/// The imports of a target.
pub struct Imports<'a> {
    modules: &'a Modules,
    pub all: Vec<Import>,
}

impl Imports<'_> {
    fn file(&self, id: Id) -> &Path {
        self.modules.all.get(id).map_or(Path::new(""), |module| &module.file)
    }
}

/// Every set of files that import each other, with an import for each arrow.
pub fn cycles(imports: &Imports<'_>) -> Vec<String> {
    let mut graph: DiGraphMap<&Path, &str> = DiGraphMap::new();
    for import in &imports.all {
        graph.add_edge(imports.file(import.from), imports.file(import.to), import.place.as_str());
    }
    let cycles = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    cycles
        .map(|files| {
            let mut arrows: Vec<String> = graph
                .all_edges()
                .filter(|(from, to, _)| files.contains(from) && files.contains(to))
                .map(|(_, to, place)| format!("  {place}  ->  {}", shown(to)))
                .collect();
            arrows.sort();
            format!("import cycle of {} files:\n{}", files.len(), arrows.join("\n"))
        })
        .collect()
}

/// A path from the root of the project.
pub fn shown(path: &Path) -> String {
    let root = crate::support::workspace::root();
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Finds the module that defines what a path names.
struct Resolver<'a> {
    modules: &'a Modules,
}

impl Resolver<'_> {
    fn first(&self, from: Id, mention: &Mention) -> Option<Id> {
        self.start(from, &mention.segments, 0)
    }

    /// Resolves the beginning of a path, as seen in a module.
    fn start(&self, from: Id, segments: &[String], depth: usize) -> Option<Id> {
        let (first, rest) = segments.split_first()?;
        let module = self.modules.all.get(from)?;
        match first.as_str() {
            "crate" => self.walk(0, rest, depth),
            "self" => self.walk(from, rest, depth),
            "super" => {
                let mut parent = module.parent?;
                let mut rest = rest;
                while let Some((next, after)) = rest.split_first()
                    && next == "super"
                {
                    parent = self.modules.all.get(parent)?.parent?;
                    rest = after;
                }
                self.walk(parent, rest, depth)
            }
            name if module.children.contains_key(name) => self.walk(from, segments, depth),
            name => self.through_use(from, name, rest, depth)?,
        }
    }

    /// Goes down from a module; stops at the module that defines the next name.
    fn walk(&self, at: Id, segments: &[String], depth: usize) -> Option<Id> {
        let Some((name, rest)) = segments.split_first() else { return Some(at) };
        let module = self.modules.all.get(at)?;
        if let Some(child) = module.children.get(name) {
            return self.walk(*child, rest, depth);
        }
        if module.items.contains(name) {
            return Some(at);
        }
        if let Some(found) = self.through_use(at, name, rest, depth) {
            return found;
        }
        Some(self.through_glob(at, name, depth).unwrap_or(at))
    }

    /// Follows the `use` declaration that brings in a name; the inner value is none where it leads out of the target.
    fn through_use(&self, at: Id, name: &str, rest: &[String], depth: usize) -> Option<Option<Id>> {
        let used = self.modules.all.get(at)?.uses.iter().find(|used| used.name.as_deref() == Some(name))?;
        let itself = used.mention.segments.len() == 1 && used.mention.segments.first()? == name;
        if itself || depth >= DEEPEST {
            return Some(Some(at));
        }
        let segments = [used.mention.segments.as_slice(), rest].concat();
        Some(self.start(at, &segments, depth + 1))
    }

    /// The module that a glob import brings a name from.
    fn through_glob(&self, at: Id, name: &str, depth: usize) -> Option<Id> {
        if depth >= DEEPEST {
            return None;
        }
        let globs = self.modules.all.get(at)?.uses.iter().filter(|used| used.name.is_none());
        globs.filter_map(|used| self.start(at, &used.mention.segments, depth + 1)).find(|source| {
            let source = self.modules.all.get(*source);
            source.is_some_and(|source| source.items.contains(name) || source.children.contains_key(name))
        })
    }
}
