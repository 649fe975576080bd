//! The items of a source file with their lines, and which of them refuse requests.

use anyhow::Result;
use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Meta};

/// Constructors that need no annotation. A 404 for whatever does not exist or is not visible is one rule, which is stated
/// once.
const ONE_RULE: &[&str] = &["not_found"];

/// A function, or another item with a name.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceItem {
    pub name: String,
    /// First line with its comments and attributes, from 1.
    pub first: usize,
    pub last: usize,
    /// Line of its name.
    pub line: usize,
    /// Whether it builds an error response.
    pub refuses: bool,
}

impl SourceItem {
    pub fn contains(&self, line: usize) -> bool {
        (self.first..=self.last).contains(&line)
    }
}

/// Returns the functions of a file, without tests.
pub fn functions(text: &str) -> Result<Vec<SourceItem>> {
    Ok(read(text)?.functions)
}

/// Returns the functions, constants and types of a file, without imports and tests.
pub fn items(text: &str) -> Result<Vec<SourceItem>> {
    Ok(read(text)?.items)
}

fn read(text: &str) -> Result<Found<'_>> {
    let mut found = Found { lines: text.lines().collect(), functions: Vec::new(), items: Vec::new() };
    found.visit_file(&syn::parse_file(text)?);
    Ok(found)
}

struct Found<'a> {
    lines: Vec<&'a str>,
    functions: Vec<SourceItem>,
    items: Vec<SourceItem>,
}

impl Found<'_> {
    fn item(&self, name: &syn::Ident, span: proc_macro2::Span, refuses: bool) -> SourceItem {
        let start = span.start().line;
        // Plain comments above the item belong to it, too.
        let above = self.lines.iter().take(start.saturating_sub(1)).rev();
        let comments = above.take_while(|line| {
            let line = line.trim_start();
            line.starts_with("//") && !line.starts_with("//!")
        });
        SourceItem {
            name: name.to_string(),
            first: start - comments.count(),
            last: span.end().line,
            line: name.span().start().line,
            refuses,
        }
    }

    fn function(&mut self, signature: &syn::Signature, span: proc_macro2::Span, block: &syn::Block) {
        let mut refusals = Refusals(false);
        refusals.visit_block(block);
        let item = self.item(&signature.ident, span, refusals.0);
        self.functions.push(item);
    }
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = match item {
            Item::Const(item) => (Some(&item.ident), &item.attrs),
            Item::Enum(item) => (Some(&item.ident), &item.attrs),
            Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
            Item::Mod(item) => (None, &item.attrs),
            Item::Static(item) => (Some(&item.ident), &item.attrs),
            Item::Struct(item) => (Some(&item.ident), &item.attrs),
            Item::Trait(item) => (Some(&item.ident), &item.attrs),
            Item::Type(item) => (Some(&item.ident), &item.attrs),
            _ => return visit::visit_item(self, item),
        };
        if is_test(attributes) {
            return;
        }
        if let Some(name) = name {
            let found = self.item(name, item.span(), false);
            self.items.push(found);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, function.span(), &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, function.span(), &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.sig, function.span(), block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        Meta::Path(path) => path.is_ident("test"),
        Meta::NameValue(_) => false,
    })
}

/// Whether a block builds an error response.
struct Refusals(bool);

impl<'ast> Visit<'ast> for Refusals {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.0 |= names.windows(2).any(|pair| is_refusal(&pair[0], &pair[1]));
        visit::visit_expr_path(self, path);
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        self.0 |= literal.path.segments.last().is_some_and(|segment| segment.ident == "Problem");
        visit::visit_expr_struct(self, literal);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.0 |= refuses(called.tokens.clone());
    }
}

/// Whether the arguments of a macro build an error response.
fn refuses(tokens: TokenStream) -> bool {
    let mut names: Vec<String> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Group(group) => {
                let braced = group.delimiter() == proc_macro2::Delimiter::Brace;
                if braced && names.last().is_some_and(|name| name == "Problem") || refuses(group.stream()) {
                    return true;
                }
                names.clear();
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => {}
            TokenTree::Punct(_) | TokenTree::Literal(_) => names.clear(),
        }
        if names.windows(2).any(|pair| is_refusal(&pair[0], &pair[1])) {
            return true;
        }
    }
    false
}

fn is_refusal(ty: &str, constructor: &str) -> bool {
    ty == "Problem" && !ONE_RULE.contains(&constructor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusing(text: &str) -> Vec<String> {
        functions(text).unwrap().into_iter().filter(|f| f.refuses).map(|f| f.name).collect()
    }

    #[test]
    fn functions_that_build_a_problem_refuse() {
        for body in [
            "Err(Problem::field(\"a\", \"b\"))",
            "x.ok_or_else(|| Problem::forbidden(\"b\"))",
            "crate::problem::Problem::text(429, \"b\").into()",
            "Err(Problem { status: 409, ..problem })",
            "ensure!(x, Problem::field(\"a\", \"b\"))",
            "ensure!(x, vec![Problem { status: 409 }])",
            "x.map_err(Problem::unreadable)",
        ] {
            assert_eq!(refusing(&format!("impl State {{ fn f() {{ {body} }} }}")), ["f"], "{body}");
        }
        for body in [
            "x.ok_or_else(Problem::not_found)",
            "let p: Problem = x; p.below(a)",
            "MyProblem::field()",
            "y!(Problem)",
        ] {
            assert_eq!(refusing(&format!("fn f() -> Problem {{ {body} }}")), [""; 0], "{body}");
        }
    }

    #[test]
    fn items_begin_with_their_comments() {
        let text = "//! Module.\nuse a::B;\n\n// Plain.\n/// Doc.\n#[must_use]\npub fn f() {\n}\n\nmod plan {\n    /// Doc.\n    \
            pub const A: u8 = 1;\n}\n\n#[cfg(test)]\nmod tests { fn g() {} }\n";
        let found: Vec<_> =
            items(text).unwrap().into_iter().map(|i| (i.name, i.first, i.line, i.last)).collect();
        assert_eq!(found, [("f".to_owned(), 4, 7, 8), ("A".to_owned(), 11, 12, 12)]);
        assert_eq!(functions(text).unwrap().len(), 1);
    }
}
