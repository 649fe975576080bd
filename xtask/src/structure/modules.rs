//! The modules of one target: their files, what they define, and the paths they mention.

use anyhow::{Context as _, Result};
use proc_macro2::{Span, TokenTree};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

/// Position in [`Modules::all`].
pub type Id = usize;

/// Modules of a target, without test modules. The first one is the root.
pub struct Modules {
    pub all: Vec<Module>,
}

/// One module.
pub struct Module {
    /// Names from the root, such as `["transport", "http"]`.
    pub path: Vec<String>,
    pub file: PathBuf,
    pub parent: Option<Id>,
    pub children: BTreeMap<String, Id>,
    /// Names of the items defined here, and all names that are passed to macros, because macros may define items with them.
    pub items: HashSet<String>,
    pub uses: Vec<Use>,
    /// Paths in expressions, types and macro names.
    pub mentions: Vec<Mention>,
}

/// One name that a `use` declaration brings into a module.
pub struct Use {
    /// Name in the module; `None` for a glob.
    pub name: Option<String>,
    pub mention: Mention,
}

/// Path as written in the source.
#[derive(Clone)]
pub struct Mention {
    pub segments: Vec<String>,
    pub line: usize,
}

impl Modules {
    /// Parses a target: its root file and every module that it declares.
    pub fn read(root: &Path) -> Result<Self> {
        let mut modules = Self { all: Vec::new() };
        let directory = root.parent().unwrap_or(root).to_path_buf();
        modules.file(root.to_path_buf(), directory, Vec::new(), None)?;
        Ok(modules)
    }

    fn file(
        &mut self,
        file: PathBuf,
        directory: PathBuf,
        path: Vec<String>,
        parent: Option<Id>,
    ) -> Result<Id> {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let items = syn::parse_file(&text).with_context(|| file.display().to_string())?.items;
        self.module(&items, file, directory, path, parent)
    }

    /// Adds a module. `directory` contains the files of its children.
    fn module(
        &mut self,
        items: &[Item],
        file: PathBuf,
        directory: PathBuf,
        path: Vec<String>,
        parent: Option<Id>,
    ) -> Result<Id> {
        let mut found = Found::default();
        items.iter().for_each(|item| found.visit_item(item));
        let id = self.all.len();
        self.all.push(Module {
            path: path.clone(),
            file: file.clone(),
            parent,
            children: BTreeMap::new(),
            items: found.items,
            uses: found.uses,
            mentions: found.mentions,
        });
        for child in found.modules {
            let name = child.ident.to_string();
            let path = [path.clone(), vec![name.clone()]].concat();
            let below = directory.join(&name);
            let added = match &child.content {
                Some((_, items)) => self.module(items, file.clone(), below, path, Some(id))?,
                None => {
                    let source = source_of(&child, &file, &directory)?;
                    // The children of a file named by a `path` attribute are in the directory of that file.
                    let own = source.file_name().is_some_and(|name| name == "mod.rs");
                    let below = if own { source.parent().unwrap_or(&below).to_path_buf() } else { below };
                    self.file(source, below, path, Some(id))?
                }
            };
            if let Some(module) = self.all.get_mut(id) {
                module.children.insert(name, added);
            }
        }
        Ok(id)
    }
}

/// Returns the file of a module that is declared without a body.
fn source_of(module: &ItemMod, file: &Path, directory: &Path) -> Result<PathBuf> {
    let named = module.attrs.iter().find(|attribute| attribute.path().is_ident("path"));
    if let Some(named) = named
        && let syn::Meta::NameValue(pair) = &named.meta
        && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &pair.value
    {
        return Ok(file.parent().unwrap_or(file).join(path.value()));
    }
    let name = module.ident.to_string();
    let candidates = [directory.join(format!("{name}.rs")), directory.join(&name).join("mod.rs")];
    candidates
        .into_iter()
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("{}: no file for `mod {name}`", file.display()))
}

/// Whether these attributes restrict an item to test builds.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            list.tokens.clone().into_iter().any(|token| contains_test(&token))
        }
        _ => false,
    })
}

fn contains_test(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(name) => name == "test",
        TokenTree::Group(group) => group.stream().into_iter().any(|token| contains_test(&token)),
        _ => false,
    }
}

/// Collects every identifier in the arguments of a macro.
fn names(tokens: proc_macro2::TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                found.insert(name.to_string());
            }
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Names and paths that the items of one module define and mention.
#[derive(Default)]
struct Found {
    items: HashSet<String>,
    uses: Vec<Use>,
    mentions: Vec<Mention>,
    modules: Vec<ItemMod>,
}

impl Found {
    fn used(&mut self, tree: &UseTree, before: &[String]) {
        let mut add = |name: Option<String>, last: Option<&syn::Ident>, span: Span| {
            let mut segments = before.to_vec();
            // `use path::{self}` names the path itself.
            segments.extend(last.map(ToString::to_string).filter(|last| last != "self" || before.is_empty()));
            self.uses.push(Use { name, mention: Mention { segments, line: span.start().line } });
        };
        match tree {
            UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                self.used(&path.tree, &before);
            }
            UseTree::Name(name) => {
                let own = name.ident.to_string();
                let binding = if own == "self" { before.last().cloned() } else { Some(own) };
                add(binding, Some(&name.ident), name.ident.span());
            }
            UseTree::Rename(rename) => {
                add(Some(rename.rename.to_string()), Some(&rename.ident), rename.ident.span());
            }
            UseTree::Glob(glob) => add(None, None, glob.star_token.spans[0]),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.used(tree, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = match item {
            Item::Const(item) => (Some(&item.ident), &item.attrs),
            Item::Enum(item) => (Some(&item.ident), &item.attrs),
            Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
            Item::Impl(item) => (None, &item.attrs),
            Item::Static(item) => (Some(&item.ident), &item.attrs),
            Item::Struct(item) => (Some(&item.ident), &item.attrs),
            Item::Trait(item) => (Some(&item.ident), &item.attrs),
            Item::Type(item) => (Some(&item.ident), &item.attrs),
            Item::Mod(item) => (None, &item.attrs),
            Item::Use(item) => (None, &item.attrs),
            Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
            _ => return visit::visit_item(self, item),
        };
        if for_tests(attributes) {
            return;
        }
        self.items.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.modules.push(module.clone());
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.used(&item.tree, &[]);
    }

    /// `pub(in path)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.ident.is_none() {
            names(item.mac.tokens.clone(), &mut self.items);
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none()
            && segments.len() > 1
            && let Some(first) = path.segments.first()
        {
            self.mentions.push(Mention { segments, line: first.ident.span().start().line });
        }
        visit::visit_path(self, path);
    }
}
