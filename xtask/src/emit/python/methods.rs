//! Components of a method: parameters, documentation, and the call that it makes.

use super::text::dictionary;
use super::{about, body_fields, ident, input_type, result_type};
use crate::emit::{Context, rust};
use crate::model::{Field, Operation, Resource, Type};
use anyhow::{Result, ensure};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Parameter with its name, type and default.
#[derive(Clone)]
pub struct Argument {
    pub name: String,
    pub ty: String,
    pub default: Option<&'static str>,
    pub doc: String,
}

impl Argument {
    pub fn new(name: &str, ty: impl Into<String>, default: Option<&'static str>, doc: &str) -> Self {
        Self { name: name.to_owned(), ty: ty.into(), default, doc: doc.to_owned() }
    }

    pub fn declared(&self) -> String {
        let default = self.default.map(|d| format!(" = {d}")).unwrap_or_default();
        format!("{}: {}{default}", self.name, self.ty)
    }
}

/// Method that calls an operation.
pub struct Method<'a> {
    pub op: &'a Operation,
    /// `resource.method`.
    pub id: String,
    pub positional: Vec<Argument>,
    pub keywords: Vec<Argument>,
    /// Entries of the dictionary of parameters.
    parameters: Vec<String>,
    /// Entries of the dictionary with the request body.
    entries: Vec<String>,
    pub result: String,
}

pub const TIMEOUT: &str = "Time limit of the whole call in seconds. Default: the client's.";
pub const MAX_ATTEMPTS: &str = "Maximum number of attempts. Default: the client's.";
pub const HEADERS: &str = "Extra headers, in the place of those of the client with the same names.";

impl<'a> Method<'a> {
    pub fn new(cx: &Context<'_>, resource: &Resource, op: &'a Operation) -> Result<Self> {
        let mut method = Self {
            op,
            id: format!("{}.{}", resource.name.snake(), op.name.snake()),
            positional: Vec::new(),
            keywords: Vec::new(),
            parameters: Vec::new(),
            entries: Vec::new(),
            result: result_type(cx, op),
        };
        for p in op.path_params() {
            let name = ident(&p.name);
            let doc = about(cx, rust::param_doc(p), &p.ty);
            method.positional.push(Argument::new(&name, input_type(cx, &p.ty), None, &doc));
            method.parameters.push(format!("\"{}\": {name}", p.name.snake()));
        }
        if method.is_patch() {
            let doc = "The changes, as JSON Patch operations.";
            method.positional.push(Argument::new("patch", input_type(cx, &Type::Patch), None, doc));
        }
        method.body(cx, body_fields(cx, op));
        for p in op.optional_params() {
            let name = ident(&p.name);
            let doc = about(cx, rust::param_doc(p), &p.ty);
            method.keywords.push(Argument::new(&name, input_type(cx, &p.ty), Some("ABSENT"), &doc));
            method.parameters.push(format!("\"{}\": {name}", p.name.snake()));
        }
        method.keywords.push(Argument::new("timeout", "float | None", Some("None"), TIMEOUT));
        method.keywords.push(Argument::new("max_attempts", "int | None", Some("None"), MAX_ATTEMPTS));
        method.keywords.push(Argument::new("headers", "Mapping[str, str] | None", Some("None"), HEADERS));
        let mut taken = BTreeSet::new();
        for argument in method.arguments() {
            ensure!(taken.insert(&argument.name), "{}: two arguments are named {}", method.id, argument.name);
        }
        Ok(method)
    }

    fn body(&mut self, cx: &Context<'_>, fields: &[Field]) {
        let required = self.op.body.as_ref().is_some_and(|b| b.required);
        let (first, rest): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| f.required && required);
        for f in first.into_iter().chain(rest) {
            let name = ident(&f.name);
            let null = if f.nullable { " | None" } else { "" };
            let default = if f.required && required { None } else { Some("ABSENT") };
            let doc = about(cx, rust::field_doc(f), &f.ty);
            let ty = format!("{}{null}", input_type(cx, &f.ty));
            self.entries.push(format!("\"{}\": {name}", f.name.snake()));
            self.keywords.push(Argument::new(&name, ty, default, &doc));
        }
    }

    pub fn is_patch(&self) -> bool {
        matches!(self.op.body.as_ref().map(|b| &b.ty), Some(Type::Patch))
    }

    pub fn arguments(&self) -> impl Iterator<Item = &Argument> {
        self.positional.iter().chain(&self.keywords)
    }

    pub fn signature(&self) -> Vec<String> {
        signature(&self.positional, &self.keywords)
    }

    /// Returns the arguments of `self._call`.
    pub fn call(&self) -> [String; 6] {
        let body = match () {
            () if self.is_patch() => "patch".to_owned(),
            () if self.entries.is_empty() => "None".to_owned(),
            () => dictionary(&self.entries, 12),
        };
        [
            format!("\"{}\"", self.id),
            dictionary(&self.parameters, 12),
            body,
            "timeout".into(),
            "max_attempts".into(),
            "headers".into(),
        ]
    }

    /// Returns the docstring: summary, route, arguments, return value and exceptions.
    pub fn doc(&self, cx: &Context<'_>) -> String {
        let mut doc = format!("{}\n\n``{} {}``\n", self.op.doc, self.op.http_method, self.op.path);
        doc.push_str(&args(self.arguments()));
        if let Some(returns) = self.returns(cx) {
            let _ = write!(doc, "\nReturns:\n    {returns}\n");
        }
        doc.push_str("\nRaises:\n");
        if self.arguments().count() > 3 {
            doc.push_str(
                "    BadRequestError: A value is invalid; with ``attempts == 0`` nothing was sent.\n",
            );
        }
        if !self.positional.is_empty() {
            doc.push_str("    NotFoundError: It does not exist, or is not visible to the credentials.\n");
        }
        if self.keywords.iter().any(|a| a.name == "latest_version_id") {
            doc.push_str("    ConflictError: The version is not the latest.\n");
        }
        doc.push_str("    ConfigCatError: The call failed for another reason.\n");
        if let Some(text) = self.deprecation() {
            let _ = write!(doc, "\nDeprecated: {text}.\n");
        }
        doc
    }

    /// Returns why not to use a deprecated operation, and what to use instead.
    pub fn deprecation(&self) -> Option<String> {
        let instead = self.id.trim_end_matches("_v1");
        self.op.deprecated.then(|| format!("the service keeps {} for old clients; use {instead}", self.id))
    }

    fn returns(&self, cx: &Context<'_>) -> Option<String> {
        let (ty, maybe) = self.op.result();
        let maybe = if maybe { " ``None`` when nothing changed." } else { "" };
        let about = |name: &str| cx.api.schema(name).map(|s| s.doc.clone()).unwrap_or_default();
        match ty? {
            Type::Model(name) => Some(format!("{}{maybe}", about(name))),
            Type::List(item) => match &**item {
                Type::Model(name) => {
                    Some(format!("A list that prints as a table. Each item: {}", about(name)))
                }
                _ => Some("A list.".into()),
            },
            _ => None,
        }
    }
}

/// Returns the signature: `self`, positional parameters, keyword-only parameters (required ones first).
pub fn signature(positional: &[Argument], keywords: &[Argument]) -> Vec<String> {
    let mut out = vec!["self".to_owned()];
    out.extend(positional.iter().map(Argument::declared));
    out.push("*".into());
    let (required, optional): (Vec<_>, Vec<_>) = keywords.iter().partition(|a| a.default.is_none());
    out.extend(required.into_iter().chain(optional).map(Argument::declared));
    out
}

/// Returns the `Args` section of a docstring.
pub fn args<'a>(arguments: impl Iterator<Item = &'a Argument>) -> String {
    arguments.fold("\nArgs:\n".to_owned(), |out, a| format!("{out}    {}: {}\n", a.name, a.doc))
}
