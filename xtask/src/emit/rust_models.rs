//! Writes the Rust models: `core/src/generated/models/`, one file per resource.

use super::rust::{self, doc, ident};
use super::{Context, File};
use crate::model::names::Name;
use crate::model::{Api, Direction, Field, Schema, SchemaKind, Type};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const DIR: &str = "core/src/generated/models";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut homes: BTreeMap<&str, Vec<&Schema>> = BTreeMap::new();
    for schema in &cx.api.schemas {
        if !matches!(schema.kind, SchemaKind::Value { .. }) {
            homes.entry(&schema.home).or_default().push(schema);
        }
    }
    let mut files: Vec<File> = homes.iter().map(|(home, schemas)| file(home, schemas)).collect();
    files.push(ids(cx));
    files.push(index(homes.keys().copied()));
    files.push(python(cx));
    files.push(mobile(cx));
    files.push(root());
    Ok(files)
}

fn root() -> File {
    let mut text = rust::header();
    text.push_str("//! Code generated from the spec.\n\n#[cfg(feature = \"construct\")]\npub mod construct;\nmod conversions;\npub(crate) mod edits;\n#[cfg(feature = \"uniffi\")]\nmod mobile;\npub mod models;\npub mod operations;\n#[cfg(feature = \"python\")]\npub mod python;\npub mod resources;\nmod rules;\npub mod schema;\n#[cfg(feature = \"testing\")]\nmod testing;\n");
    File { path: "core/src/generated/mod.rs".into(), text }
}

fn index<'a>(homes: impl Iterator<Item = &'a str> + Clone) -> File {
    let mut text = rust::header();
    text.push_str("//! Models of requests and responses.\n\nmod ids;\n");
    for home in homes.clone() {
        let _ = writeln!(text, "mod {home};");
    }
    text.push_str("\npub use ids::*;\n");
    for home in homes {
        let _ = writeln!(text, "pub use {home}::*;");
    }
    text.push_str("\npub use crate::patch::JsonPatch;\npub use crate::timestamp::Timestamp;\npub use crate::models::value::{FlagValue, SettingValue, UpdateFlagValue};\n");
    File { path: format!("{DIR}/mod.rs"), text }
}

fn ids(cx: &Context<'_>) -> File {
    let mut text = rust::header();
    text.push_str("//! Identifiers. Each has its own type, so that they cannot be confused.\n\nuse crate::models::id::{integer_id, text_id};\n\n");
    for id in &cx.api.ids {
        let repr = rust::id_repr(id.kind);
        let macro_name = if repr == "String" { "text_id".to_owned() } else { "integer_id".to_owned() };
        let body = if repr == "String" { id.name.clone() } else { format!("{}({repr})", id.name) };
        let _ =
            writeln!(text, "{macro_name}! {{\n{}}}\n", rust::indented(&format!("{}{body}", doc(&id.doc))));
    }
    File { path: format!("{DIR}/ids.rs"), text }
}

fn file(home: &str, schemas: &[&Schema]) -> File {
    let mut used = BTreeSet::new();
    let mut objects = false;
    let mut structs = false;
    let mut one_of = false;
    let mut field_type = false;
    let mut wire_enum = false;
    for schema in schemas {
        match &schema.kind {
            SchemaKind::Object(fields) => {
                objects = true;
                one_of |= schema.one_of;
                structs |= !schema.one_of;
                for field in fields {
                    rust::imports(&field.ty, &mut used);
                    field_type |= tri_state(schema, field);
                }
            }
            _ => wire_enum = true,
        }
    }
    for schema in schemas {
        used.remove(&schema.name);
    }
    let map = used.remove("BTreeMap");
    let mut text = rust::header();
    let _ = writeln!(text, "//! Models of `{home}`.\n");
    if field_type {
        text.push_str("use crate::models::field::Field;\n");
    }
    if wire_enum {
        text.push_str("use crate::models::wire_enum::wire_enum;\n");
    }
    if !used.is_empty() {
        let names: Vec<_> = used.into_iter().collect();
        let _ = writeln!(text, "use super::{{{}}};", names.join(", "));
    }
    if objects {
        text.push_str("use crate::models::Extra;\n");
    }
    if structs {
        text.push_str("use crate::models::object::object;\n");
    }
    if one_of {
        text.push_str("use crate::models::one_of::one_of;\n");
    }
    if map {
        text.push_str("use std::collections::BTreeMap;\n");
    }
    text.push('\n');
    for schema in schemas {
        match &schema.kind {
            SchemaKind::Enum(values) => enumeration(&mut text, schema, values),
            SchemaKind::Object(fields) if schema.one_of => alternatives(&mut text, schema, fields),
            SchemaKind::Object(fields) => structure(&mut text, schema, fields),
            SchemaKind::Value { .. } => {}
        }
    }
    File { path: format!("{DIR}/{home}.rs"), text }
}

fn enumeration(text: &mut String, schema: &Schema, values: &[Name]) {
    let mut body = format!("{}pub enum {} {{\n", doc(&schema.doc), schema.name);
    for value in values {
        let _ = writeln!(body, "    {} = \"{}\",", value.variant(), value.wire());
    }
    body.push('}');
    let _ = writeln!(text, "wire_enum! {{\n{}}}\n", rust::indented(&body));
}

/// Whether a field of a request distinguishes absent, null and a value, because the service does.
pub fn tri_state(schema: &Schema, field: &Field) -> bool {
    schema.direction == Direction::Request && !schema.one_of && !field.required && field.nullable
}

fn structure(text: &mut String, schema: &Schema, fields: &[Field]) {
    let request = schema.direction == Direction::Request;
    let blank = request && fields.iter().all(|f| !f.required);
    let default = if blank { "Default, " } else { "" };
    text.push_str(&doc(&schema.doc));
    let _ = writeln!(text, "#[derive({default}Debug, Clone, PartialEq)]");
    if !request {
        text.push_str("#[cfg_attr(feature = \"python\", pyo3::pyclass(frozen, get_all, eq, module = \"configcat_management.models\"))]\n");
    }
    text.push_str("#[cfg_attr(feature = \"uniffi\", derive(uniffi::Record))]\n");
    text.push_str("#[non_exhaustive]\n");
    let _ = writeln!(text, "pub struct {} {{", schema.name);
    for field in fields {
        declaration(text, schema, field, request);
    }
    text.push_str(EXTRA);
    text.push_str("}\n\n");
    conversion(text, schema, fields, request);
    if request {
        builder(text, schema, fields, blank);
    }
}

/// Writes an object of which exactly one field is set as an enum.
fn alternatives(text: &mut String, schema: &Schema, fields: &[Field]) {
    let name = &schema.name;
    let direction = if schema.direction == Direction::Request { "request" } else { "response" };
    text.push_str(&doc(&schema.doc));
    text.push_str("#[derive(Debug, Clone, PartialEq)]\n#[cfg_attr(feature = \"uniffi\", derive(uniffi::Enum))]\n#[non_exhaustive]\n");
    let _ = writeln!(text, "pub enum {name} {{");
    for field in fields {
        let _ = writeln!(
            text,
            "{}{}({}),",
            doc(&rust::field_doc(field)),
            schema.variant(field),
            rust::ty(&field.ty)
        );
    }
    text.push_str(if direction == "request" { SENT } else { RECEIVED });
    let _ = writeln!(text, "Unknown(Extra),\n}}\n\none_of! {{ {name} {direction} {{");
    for (index, field) in fields.iter().enumerate() {
        let (variant, ty) = (schema.variant(field), rust::ty(&field.ty));
        let _ =
            writeln!(text, "    {index} \"{}\" {} {variant}({ty}),", field.name.wire(), ident(&field.name));
    }
    text.push_str("} }\n\n");
    for field in fields {
        let (variant, ty) = (schema.variant(field), rust::ty(&field.ty));
        let _ = writeln!(
            text,
            "impl From<{ty}> for {name} {{\nfn from(value: {ty}) -> Self {{ Self::{variant}(value) }}\n}}\n"
        );
        if ty == "String" {
            let _ = writeln!(
                text,
                "impl From<&str> for {name} {{\nfn from(value: &str) -> Self {{ Self::{variant}(value.to_owned()) }}\n}}\n"
            );
        }
    }
}

/// Documentation of the variant for objects of which this version does not know exactly one member.
const RECEIVED: &str = "/// Any other object, such as one of a type that is newer than this version: its members that are not null, by their names in\n/// JSON. It is written again as it came.\n";
const SENT: &str = "/// Any other object: its members, by their names in JSON. It is sent without a check.\n";

/// The field with the members that the spec does not have.
const EXTRA: &str = "/// Members that the spec does not have.\n#[cfg_attr(feature = \"uniffi\", uniffi(default))]\npub extra: Extra,\n";

/// Writes how a struct is read from and written to JSON.
fn conversion(text: &mut String, schema: &Schema, fields: &[Field], request: bool) {
    let _ = writeln!(text, "object! {{ {} {{", schema.name);
    for (index, field) in fields.iter().enumerate() {
        let kind = match &field.ty {
            Type::TaggedValue(_) if request => "tagged_input",
            Type::TaggedValue(_) => "tagged",
            _ if field.required => "required",
            _ => "optional",
        };
        let _ = writeln!(text, "    {index} \"{}\" {} {kind},", field.name.wire(), ident(&field.name));
    }
    text.push_str("} }\n\n");
}

/// Returns the type of a field.
pub fn field_type(schema: &Schema, field: &Field) -> String {
    let ty = rust::ty(&field.ty);
    if tri_state(schema, field) {
        format!("Field<{ty}>")
    } else if !field.required || field.nullable {
        format!("Option<{ty}>")
    } else {
        ty
    }
}

fn declaration(text: &mut String, schema: &Schema, field: &Field, request: bool) {
    let name = ident(&field.name);
    text.push_str(&doc(&rust::field_doc(field)));
    let ty = field_type(schema, field);
    // Fields that may be missing from a response are also optional for tests that construct one.
    if !field.required || (!request && field.nullable) {
        text.push_str("#[cfg_attr(feature = \"uniffi\", uniffi(default))]\n");
    }
    let _ = writeln!(text, "pub {name}: {ty},");
}

fn builder(text: &mut String, schema: &Schema, fields: &[Field], blank: bool) {
    let _ = writeln!(text, "impl {} {{", schema.name);
    let required: Vec<&Field> = fields.iter().filter(|f| f.required).collect();
    let arguments: Vec<String> = required
        .iter()
        .map(|f| {
            let (ty, _) = setter(schema, f);
            format!("{}: {ty}", ident(&f.name))
        })
        .collect();
    let about = if blank {
        "Creates a value with no fields set.".to_owned()
    } else {
        "Creates a value from its required fields.".to_owned()
    };
    text.push_str(&doc(&about));
    if blank {
        text.push_str("#[must_use]\npub fn new() -> Self { Self::default() }\n");
    } else {
        let _ = writeln!(text, "pub fn new({}) -> Self {{ Self {{", arguments.join(", "));
        for field in fields {
            let name = ident(&field.name);
            let value = if field.required {
                setter(schema, field).1
            } else if tri_state(schema, field) {
                "Field::Absent".into()
            } else {
                "None".into()
            };
            if value == name {
                let _ = writeln!(text, "{name},");
            } else {
                let _ = writeln!(text, "{name}: {value},");
            }
        }
        text.push_str("extra: Extra::default() } }\n");
    }
    for field in fields.iter().filter(|f| !f.required) {
        let name = ident(&field.name);
        let (ty, value) = setter(schema, field);
        let value = if tri_state(schema, field) { value } else { format!("Some({value})") };
        let null = if tri_state(schema, field) { " [`Field::Null`] sends null." } else { "" };
        let _ = writeln!(
            text,
            "\n{}#[must_use]\npub fn {name}(mut self, {name}: {ty}) -> Self {{ self.{name} = {value}; self }}",
            doc(&format!("Sets `{name}`: {}{null}", rust::field_doc(field)))
        );
    }
    text.push_str("\n/// Adds a member that the spec does not have, by its name in JSON; it is sent without a check.\n#[must_use]\npub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self { self.extra.insert(name, value); self }\n");
    text.push_str("}\n\n");
}

/// Returns the argument type of a setter and the expression that it stores.
fn setter(schema: &Schema, field: &Field) -> (String, String) {
    let name = ident(&field.name);
    let ty = rust::ty(&field.ty);
    if tri_state(schema, field) {
        return (format!("impl Into<Field<{ty}>>"), format!("{name}.into()"));
    }
    if field.required && field.nullable {
        return (format!("impl Into<Option<{ty}>>"), format!("{name}.into()"));
    }
    match &field.ty {
        Type::Map(inner) => (
            format!("impl IntoIterator<Item = (impl Into<String>, impl Into<{}>)>", rust::ty(inner)),
            format!("{name}.into_iter().map(|(k, v)| (k.into(), v.into())).collect()"),
        ),
        _ => rust::argument(&name, &field.ty),
    }
}

/// Writes the fields of each model for Python's `repr` and `to_dict`.
fn python(cx: &Context<'_>) -> File {
    let mut text = rust::header();
    text.push_str("//! The models as Python classes.\n\nuse super::models::*;\nuse crate::python::model;\nuse pyo3::prelude::*;\n\n");
    let responses: Vec<(&Schema, &Vec<Field>)> = cx
        .api
        .schemas
        .iter()
        .filter_map(|s| match &s.kind {
            SchemaKind::Object(fields) if s.direction == Direction::Response => Some((s, fields)),
            _ => None,
        })
        .collect();
    for (schema, fields) in responses.iter().filter(|(schema, _)| !schema.one_of) {
        let names: Vec<String> = fields.iter().map(|f| ident(&f.name)).collect();
        let _ = writeln!(
            text,
            "model!({}, crate::schema::{}::{} {{ {} }} extra);",
            schema.name,
            schema.home,
            Name::new(&schema.name).screaming(),
            names.join(", ")
        );
    }
    text.push_str("\n/// Adds every model to a Python module.\n///\n/// # Errors\n/// If Python cannot add a class.\npub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {\n");
    for (schema, _) in &responses {
        let module = if schema.one_of { "one_of::" } else { "" };
        let _ = writeln!(text, "module.add_class::<{module}{}>()?;", schema.name);
    }
    text.push_str("Ok(())\n}\n\n");
    for schema in &cx.api.schemas {
        if matches!(schema.kind, SchemaKind::Enum(_)) {
            let _ = writeln!(text, "crate::python::enumeration!({});", schema.name);
        }
    }
    text.push('\n');
    for id in &cx.api.ids {
        let _ = writeln!(text, "crate::python::id!({}, {});", id.name, rust::id_repr(id.kind));
    }
    python_one_of(&mut text, &responses);
    File { path: "core/src/generated/python.rs".into(), text }
}

/// Writes the classes of the enums: Python has no enums with values, and reads their variants as attributes.
fn python_one_of(text: &mut String, responses: &[(&Schema, &Vec<Field>)]) {
    let classes: Vec<_> = responses.iter().filter(|(schema, _)| schema.one_of).collect();
    let mut used = BTreeSet::new();
    for field in classes.iter().flat_map(|(_, fields)| fields.iter()) {
        rust::imports(&field.ty, &mut used);
    }
    let used: Vec<_> = used.into_iter().collect();
    let _ = writeln!(
        text,
        "\n/// The classes of enums whose variants are attributes in Python.\nmod one_of {{\nuse crate::models::{{{}}};\nuse crate::python::one_of_class;",
        used.join(", ")
    );
    for (schema, fields) in classes {
        let constant = Name::new(&schema.name).screaming();
        let _ = writeln!(
            text,
            "\none_of_class! {{\n{}{} crate::schema::{}::{constant} {{",
            doc(&schema.doc),
            schema.name,
            schema.home
        );
        for (index, field) in fields.iter().enumerate() {
            let _ = writeln!(
                text,
                "{}    {index} \"{}\" {} {}({}),",
                doc(&rust::field_doc(field)),
                field.name.wire(),
                ident(&field.name),
                schema.variant(field),
                rust::ty(&field.ty)
            );
        }
        text.push_str("} }\n");
    }
    text.push_str("}\n");
}

/// Writes a named type for each identifier and each field with three states, for Kotlin and Swift: their bindings do not support
/// generic types.
fn mobile(cx: &Context<'_>) -> File {
    let mut text = rust::header();
    text.push_str("//! Identifiers and fields with three states, for Kotlin and Swift.\n\nuse super::models::*;\nuse crate::mobile::{field, id};\n\n");
    for id in &cx.api.ids {
        let _ = writeln!(text, "id!({}, {});", id.name, rust::id_repr(id.kind));
    }
    text.push('\n');
    for (alias, ty) in three_state_types(cx.api) {
        let _ = writeln!(text, "field!({alias}, {});", rust::ty(&ty));
    }
    File { path: "core/src/generated/mobile.rs".into(), text }
}

/// Returns the types of fields with three states, by the name of the field's type in Kotlin and Swift.
pub fn three_state_types(api: &Api) -> BTreeMap<String, Type> {
    let fields = api.schemas.iter().filter_map(|schema| match &schema.kind {
        SchemaKind::Object(fields) => Some((schema, fields)),
        _ => None,
    });
    fields
        .flat_map(|(schema, fields)| fields.iter().filter(move |field| tri_state(schema, field)))
        .map(|field| (format!("Field{}", plain_name(&field.ty)), field.ty.clone()))
        .collect()
}

/// Formats a type as part of a name.
fn plain_name(ty: &Type) -> String {
    match ty {
        Type::List(inner) => format!("{}List", plain_name(inner)),
        Type::Any => "Json".into(),
        Type::Int32 { .. } => "Int32".into(),
        Type::Double => "Double".into(),
        Type::Boolean => "Boolean".into(),
        other => rust::ty(other),
    }
}
