//! The imports between files, and the cycles among them.

use super::modules::{Id, Mention, Modules, Use};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::BTreeMap;
use std::path::Path;

/// Maximum depth of re-exports that are followed.
const DEEPEST: usize = 16;

/// Import between two modules of different files.
pub struct Import {
    pub from: Id,
    pub to: Id,
    /// The import as `file:line: path`.
    pub place: String,
}

/// Returns every import of a target, once for each pair of modules.
pub fn of(modules: &Modules) -> Imports<'_> {
    let mut found: BTreeMap<(Id, Id), String> = BTreeMap::new();
    for (from, module) in modules.all.iter().enumerate() {
        let mentions = module.uses.iter().map(|used| &used.mention).chain(&module.mentions);
        for mention in mentions {
            let Some(to) = Resolver { modules }.first(from, mention) else { continue };
            let target = modules.all.get(to).map_or(Path::new(""), |target| &target.file);
            if target != module.file && !is_same_table(target, &module.file) {
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

/// Returns every set of files that import each other, with the imports that form the cycle.
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

/// Whether both files belong to the same generated table. Such tables are split into files by resource, and their schemas may
/// refer to each other in cycles, as those of the API do.
fn is_same_table(a: &Path, b: &Path) -> bool {
    a.parent() == b.parent() && a.iter().any(|part| part == "generated")
}

/// Returns a path relative to the root of the project.
pub fn shown(path: &Path) -> String {
    let root = crate::support::workspace::root();
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Finds the module that defines the item that a path names.
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
            name => self.lookup(from, name, rest, depth)?,
        }
    }

    /// Descends from a module, and stops at the module that defines the next name.
    fn walk(&self, at: Id, segments: &[String], depth: usize) -> Option<Id> {
        let Some((name, rest)) = segments.split_first() else { return Some(at) };
        self.lookup(at, name, rest, depth).unwrap_or(Some(at))
    }

    /// Returns the module that a name refers to. The outer option is `None` if the module has no such name, the inner one if the
    /// name refers to something outside the target.
    fn lookup(&self, at: Id, name: &str, rest: &[String], depth: usize) -> Option<Option<Id>> {
        let module = self.modules.all.get(at)?;
        if let Some(child) = module.children.get(name) {
            return Some(self.walk(*child, rest, depth));
        }
        let used = module.uses.iter().find(|used| used.name.as_deref() == Some(name));
        if let Some(Use { mention, .. }) = used
            && depth < DEEPEST
            && mention.segments != [name]
        {
            let segments = [mention.segments.as_slice(), rest].concat();
            return Some(self.start(at, &segments, depth + 1));
        }
        if module.items.contains(name) {
            return Some(Some(at));
        }
        let mut globs = module.uses.iter().filter(|used| used.name.is_none() && depth < DEEPEST);
        globs.find_map(|used| {
            let source = self.start(at, &used.mention.segments, depth + 1)?;
            self.lookup(source, name, rest, depth + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the cycles of a target with these files.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let directory =
            std::env::temp_dir().join(format!("structure-{}-{}", std::process::id(), files.len()));
        for (name, text) in files {
            let path = directory.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let modules = Modules::read(&directory.join("lib.rs")).unwrap();
        let found = cycles(&of(&modules));
        std::fs::remove_dir_all(&directory).unwrap();
        found
    }

    #[test]
    fn cycle_through_a_re_export_is_found() {
        let cycles = found(&[
            ("lib.rs", "mod a;\nmod b;\npub use a::A;"),
            ("a.rs", "pub struct A;\nfn f() { crate::b::g() }"),
            ("b.rs", "use crate::A;\npub fn g() {}"),
        ]);
        assert_eq!(cycles.len(), 1, "{cycles:?}");
        assert!(cycles[0].contains("crate::b::g") && cycles[0].contains("crate::A"), "{cycles:?}");
    }

    #[test]
    fn re_exports_tests_and_visibilities_form_no_cycle() {
        let cycles = found(&[
            ("lib.rs", "mod a;\nmod b;\nmod m;\npub use a::A;"),
            ("a.rs", "pub struct A;\n#[cfg(test)]\nmod tests { use crate::b; }"),
            ("b.rs", "use crate::m::*;\npub(in crate::m) struct B;\nfn f(_: crate::A, _: Made) {}"),
            ("m/mod.rs", "mod made;\npub use made::*;"),
            ("m/made.rs", "make!(Made);\nuse crate::A;"),
        ]);
        assert_eq!(cycles, [""; 0]);
    }
}
