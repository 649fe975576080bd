//! Writes the pages of resources.

use super::source::{Class, Method};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Parameters that every method has. The page of clients explains them.
const EVERYWHERE: [&str; 3] = ["timeout", "max_attempts", "headers"];
/// Methods that every model has. The page of models explains them.
const OF_MODELS: [&str; 5] = ["replace", "to_dict", "to_json", "from_dict", "from_json"];
/// Longest line of a signature.
const WIDTH: usize = 80;

/// Attribute of a model.
pub struct Attribute {
    pub name: String,
    pub ty: String,
    pub doc: String,
}

/// Model of a response or of nested input.
pub struct Model {
    pub name: String,
    pub doc: String,
    pub attributes: Vec<Attribute>,
}

impl Model {
    /// Reads a class of the stub, which has a property for each attribute.
    pub fn of_response(class: Class) -> Self {
        let properties =
            class.methods.into_iter().filter(|m| m.property && !OF_MODELS.contains(&m.name.as_str()));
        let attributes = properties.filter(|m| m.name != "extra").map(|m| Attribute {
            doc: m.doc.paragraphs.join(" "),
            name: m.name,
            ty: m.result,
        });
        Self { name: class.name, doc: class.doc.paragraphs.join(" "), attributes: attributes.collect() }
    }

    /// Reads a class whose docstring lists its attributes.
    pub fn of_input(class: Class) -> Self {
        let names: Vec<&str> = class.attributes.iter().map(|(name, _)| name.as_str()).collect();
        let docs: BTreeMap<String, String> = class.doc.entries("Attributes", &names).into_iter().collect();
        let attribute = |(name, ty): &(String, String)| Attribute {
            doc: docs.get(name).cloned().unwrap_or_default(),
            name: name.clone(),
            ty: ty.clone(),
        };
        let attributes =
            class.attributes.iter().filter(|(name, _)| !name.starts_with('_')).map(attribute).collect();
        Self { name: class.name, doc: class.doc.paragraphs.join(" "), attributes }
    }
}

/// Where types are explained.
pub struct Links<'a> {
    /// Models, each with the resource on whose page it is.
    pub homes: &'a BTreeMap<String, String>,
    pub enums: &'a BTreeSet<String>,
}

impl Links<'_> {
    /// Returns a type as Markdown, with links from its names to their explanations.
    fn ty(&self, page: &str, ty: &str) -> String {
        let ty =
            ["models.", "inputs.", "types."].iter().fold(ty.to_owned(), |ty, module| ty.replace(module, ""));
        let mut out = String::from("<code>");
        let mut rest = ty.as_str();
        while let Some(name) = names(rest).first().copied() {
            let at = rest.find(name).unwrap_or_default();
            let (before, after) = rest.split_at(at);
            out += &escaped(before);
            out += &self
                .link(page, name)
                .map_or_else(|| name.to_owned(), |to| format!("<a href=\"{to}\">{name}</a>"));
            rest = after.get(name.len()..).unwrap_or_default();
        }
        out + &escaped(rest) + "</code>"
    }

    /// Returns the URL of the explanation of a name, relative to the page of a resource.
    fn link(&self, page: &str, name: &str) -> Option<String> {
        let name = name.trim_end_matches("Like");
        if self.enums.contains(name) {
            return Some(format!("../../enums/#configcat_management.enums.{name}"));
        }
        let home = self.homes.get(name)?;
        let place = if home == page { String::new() } else { format!("../{home}/") };
        Some(format!("{place}#models.{name}"))
    }
}

/// Returns the names in a type.
pub fn names(ty: &str) -> Vec<&str> {
    ty.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// Returns the page of a resource.
pub fn resource(name: &str, class: &Class, models: &[&Model], links: &Links<'_>) -> String {
    let mut page = format!(
        "# {name}\n\n{}\n\n`client.{name}` has these methods. With `AsyncClient`, they are awaited, and iterations are used with \
         `async for`.\n\nEvery method also takes [`timeout`, `max_attempts` and `headers`](../clients.md). An argument whose \
         default is [`ABSENT`](../clients.md#absent) is not sent unless it is given.\n\n",
        class.doc.paragraphs.join(" ")
    );
    let (legacy, current): (Vec<_>, Vec<_>) =
        class.methods.iter().partition(|method| method.deprecated.is_some());
    page += "| method | what it does |\n|---|---|\n";
    for method in current.iter().chain(&legacy) {
        let about = cell(method.doc.paragraphs.first().map_or("", String::as_str));
        let _ = writeln!(page, "| [`{0}`](#{name}.{0}) | {about} |", method.name);
    }
    for method in current {
        page += &operation(name, method, links);
    }
    if !legacy.is_empty() {
        page += "\n## Legacy\n\nThe service keeps these for old clients.\n";
        for method in legacy {
            page += &operation(name, method, links);
        }
    }
    if !models.is_empty() {
        page += "\n## Models\n\nEvery model also has [these methods](../models.md).\n";
        for model in models {
            page += &of_model(name, model, links);
        }
    }
    page
}

fn operation(resource: &str, method: &Method, links: &Links<'_>) -> String {
    let mut out = format!("\n## {resource}.{0} {{ #{resource}.{0} }}\n\n", method.name);
    if let Some(text) = &method.deprecated {
        let _ = write!(out, "**Deprecated:** {text}.\n\n");
    }
    let _ = write!(out, "```python\n{}\n```\n\n", signature(resource, method));
    for paragraph in &method.doc.paragraphs {
        let _ = write!(out, "{}\n\n", text(paragraph));
    }
    let parameters: Vec<_> = method.parameters.iter().filter(|p| !is_general(&p.name)).collect();
    if !parameters.is_empty() {
        let names: Vec<&str> = method.parameters.iter().map(|p| p.name.as_str()).collect();
        let docs: BTreeMap<String, String> = method.doc.entries("Args", &names).into_iter().collect();
        out += "| parameter | type | |\n|---|---|---|\n";
        for parameter in parameters {
            let about = cell(docs.get(&parameter.name).map_or("", String::as_str));
            let _ = writeln!(
                out,
                "| `{}` | {} | {about} |",
                parameter.name,
                cell(&links.ty(resource, &parameter.ty))
            );
        }
        out.push('\n');
    }
    let returns = method.doc.text("Returns");
    let _ = write!(out, "**Returns** {} {}\n\n", links.ty(resource, &method.result), text(&returns));
    let raises = method.doc.entries("Raises", &[]);
    let raises: Vec<String> = raises
        .iter()
        .filter(|(error, _)| error != "ConfigCatError")
        .map(|(error, about)| format!("- [`{error}`](../errors.md): {}\n", text(about)))
        .collect();
    if !raises.is_empty() {
        let _ = write!(out, "**Raises**\n\n{}", raises.concat());
    }
    out
}

fn is_general(name: &str) -> bool {
    name == "*" || EVERYWHERE.contains(&name)
}

/// Returns a call with the names of the parameters and their defaults.
fn signature(resource: &str, method: &Method) -> String {
    let mut parameters = Vec::new();
    for parameter in method.parameters.iter().filter(|p| !EVERYWHERE.contains(&p.name.as_str())) {
        parameters.push(match &parameter.default {
            Some(default) => format!("{}={default}", parameter.name),
            None => parameter.name.clone(),
        });
    }
    // The marker alone would say that there are no keywords.
    if parameters.last().is_some_and(|last| last == "*") {
        parameters.pop();
    }
    let start = format!("client.{resource}.{}(", method.name);
    let line = format!("{start}{})", parameters.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    parameters.iter().fold(format!("{start}\n"), |out, parameter| format!("{out}    {parameter},\n")) + ")"
}

fn of_model(page: &str, model: &Model, links: &Links<'_>) -> String {
    let mut out = format!("\n### {0} {{ #models.{0} }}\n\n{1}\n\n", model.name, text(&model.doc));
    if !model.attributes.is_empty() {
        out += "| attribute | type | |\n|---|---|---|\n";
        for attribute in &model.attributes {
            let ty = cell(&links.ty(page, &attribute.ty));
            let _ = writeln!(out, "| `{}` | {ty} | {} |", attribute.name, cell(&attribute.doc));
        }
    }
    out
}

/// Returns the list of all models.
pub fn index(models: &[Model], homes: &BTreeMap<String, String>) -> String {
    let mut page =
        String::from("# List of models\n\nEach model is on the page of the resource that uses it first.\n\n");
    page += "| model | what it is |\n|---|---|\n";
    let mut models: Vec<&Model> = models.iter().collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    for Model { name, doc, .. } in models {
        let home = homes.get(name).map_or("", String::as_str);
        let _ = writeln!(page, "| [`{name}`](resources/{home}.md#models.{name}) | {} |", cell(doc));
    }
    page
}

/// Converts the markup of docstrings.
fn text(doc: &str) -> String {
    doc.replace("``", "`").replace(":meth:", "")
}

/// Returns text for a cell of a table.
fn cell(doc: &str) -> String {
    text(doc).replace('|', "\\|")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
