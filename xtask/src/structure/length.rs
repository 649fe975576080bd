//! Checks the length of functions and files.

use super::imports::shown;
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Maximum length of a function, in lines from its signature to its closing brace.
const LONGEST_FUNCTION: usize = 60;
/// Maximum length of a file, in lines.
const LONGEST_FILE: usize = 450;

/// Adds a problem for each function and file that is too long. Returns a note with the longest function and file.
pub fn check(files: &[PathBuf], problems: &mut Vec<String>) -> Result<String> {
    let mut longest_function = (0, String::new());
    let mut longest_file = (0, String::new());
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            problems.push(format!("{}: {lines} lines; at most {LONGEST_FILE}", shown(file)));
        }
        longest_file = longest_file.max((lines, shown(file)));
        for function in functions(&text).with_context(|| file.display().to_string())? {
            let place = format!("{}:{}: {}", shown(file), function.line, function.name);
            if function.lines > LONGEST_FUNCTION {
                problems.push(format!("{place}: {} lines; at most {LONGEST_FUNCTION}", function.lines));
            }
            longest_function = longest_function.max((function.lines, place));
        }
    }
    let (function, file) = (longest_function, longest_file);
    Ok(format!(
        "longest function {} lines ({}), longest file {} lines ({})",
        function.0, function.1, file.0, file.1
    ))
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

fn functions(text: &str) -> Result<Vec<Function>> {
    let mut found = Functions(Vec::new());
    found.visit_file(&syn::parse_file(text)?);
    Ok(found.0)
}

struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.span().start().line;
        let last = block.brace_token.span.close().end().line;
        let name = signature.ident.to_string();
        self.0.push(Function { name, line: first, lines: last + 1 - first });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_signature_to_brace() {
        let text = "/// Doc.\nfn one() {}\n\nimpl X {\n    fn three(\n    ) {\n    }\n}\n";
        let found: Vec<_> = functions(text).unwrap().into_iter().map(|f| (f.name, f.line, f.lines)).collect();
        assert_eq!(found, [("one".to_owned(), 2, 1), ("three".to_owned(), 5, 3)]);
    }
}
