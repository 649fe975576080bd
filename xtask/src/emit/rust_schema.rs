//! Writes the spec as Rust constants: operations in `core/src/generated/operations/`, the schemas that they refer to in
//! `core/src/generated/schema/`; one file per resource.
//!
//! They are used where operations and schemas are looked up by name: request validation, dynamic calls, Python, the simulator.

use super::rust;
use super::{Context, File};
use crate::model::names::Name;
use crate::model::{Api, Direction, Field, IdKind, Location, Operation, Resource, Schema, SchemaKind, Type};
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;

const OPERATIONS: &str = "core/src/generated/operations";
const SCHEMAS: &str = "core/src/generated/schema";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files: Vec<File> = cx.api.resources.iter().map(|r| operations(cx.api, r)).collect();
    files.push(operation_index(cx.api));
    let mut homes: BTreeMap<&str, Vec<&Schema>> = BTreeMap::new();
    for schema in &cx.api.schemas {
        if !matches!(schema.kind, SchemaKind::Value { bare: true, .. }) {
            homes.entry(&schema.home).or_default().push(schema);
        }
    }
    files.push(schema_index(cx.api, homes.keys().copied()));
    files.extend(homes.iter().map(|(home, schemas)| schemas_of(cx.api, home, schemas)));
    Ok(files)
}

fn operation_index(api: &Api) -> File {
    let mut text = rust::header();
    text.push_str(
        "//! Every operation as a constant, one module per resource.\n\nuse crate::spec::Operation;\n\n",
    );
    for resource in &api.resources {
        let _ = writeln!(text, "pub mod {};", resource.name.snake());
    }
    let _ = writeln!(
        text,
        "\n/// Every operation, in the order of the spec.\npub static ALL: [&Operation; {}] = [",
        api.operations().count()
    );
    for (resource, op) in api.operations() {
        let _ = writeln!(text, "&{}::{},", resource.name.snake(), op.name.screaming());
    }
    text.push_str("];\n\n");
    text.push_str(
        "/// Finds an operation by its `resource.method` id or the service's own operation id.\n#[must_use]\npub fn find(name: &str) -> Option<&'static Operation> {\nALL.into_iter().find(|operation| operation.id == name || operation.operation_id == name)\n}\n\n/// Returns the list in which a call such as `configs.find` finds an item; see [`NameSearch`](crate::call::NameSearch).\n#[must_use]\npub fn searched_by(name: &str) -> Option<&'static Operation> {\nALL.into_iter().find(|operation| operation.find.is_some_and(|find| find.call == name))\n}\n",
    );
    File { path: format!("{OPERATIONS}/mod.rs"), text }
}

fn schema_index<'a>(api: &Api, homes: impl Iterator<Item = &'a str>) -> File {
    let mut text = rust::header();
    text.push_str("//! Every schema as a constant, one module per resource.\n\n");
    for home in homes {
        let _ = writeln!(text, "pub mod {home};");
    }
    text.push_str("\nuse crate::spec::Schema;\n\n/// Returns the schema of a model of responses, by its name.\n#[must_use]\npub fn of_response(name: &str) -> Option<&'static Schema> {\nSome(match name {\n");
    let responses = api.schemas.iter().filter(|schema| {
        schema.direction == Direction::Response && matches!(schema.kind, SchemaKind::Object(_))
    });
    for schema in responses {
        let constant = Name::new(&schema.name).screaming();
        let _ = writeln!(text, "\"{}\" => &{}::{constant},", schema.name, schema.home);
    }
    text.push_str("_ => return None,\n})\n}\n");
    File { path: format!("{SCHEMAS}/mod.rs"), text }
}

fn operations(api: &Api, resource: &Resource) -> File {
    let name = resource.name.snake();
    let mut body = String::new();
    for op in &resource.operations {
        operation(&mut body, api, resource, op);
    }
    let text =
        format!("{}//! Operations of `{name}`.\n\n{}\n{body}", rust::header(), uses(&body, "crate::schema"));
    File { path: format!("{OPERATIONS}/{name}.rs"), text }
}

fn schemas_of(api: &Api, home: &str, schemas: &[&Schema]) -> File {
    let mut body = String::new();
    for schema in schemas {
        match &schema.kind {
            SchemaKind::Object(fields) | SchemaKind::Value { fields, .. } => {
                structure(&mut body, api, schema, fields)
            }
            SchemaKind::Enum(values) => {
                let values: Vec<String> = values.iter().map(|v| format!("\"{}\"", v.wire())).collect();
                let _ = writeln!(
                    body,
                    "/// Values of [`{0}`](crate::models::{0}).\npub static {1}: [&str; {2}] = [{3}];\n",
                    schema.name,
                    Name::new(&schema.name).screaming(),
                    values.len(),
                    values.join(", ")
                );
            }
        }
    }
    let body = body.replace(&format!("schema::{home}::"), "");
    let text =
        format!("{}//! Schemas of `{home}`.\n\n{}\n{body}", rust::header(), uses(&body, "crate::schema"));
    File { path: format!("{SCHEMAS}/{home}.rs"), text }
}

/// Returns the imports that a file needs.
fn uses(body: &str, schema: &str) -> String {
    let found = |word: &str| body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == word);
    let names: Vec<&str> =
        ["Field", "Http", "Location", "NameFields", "Operation", "Pages", "Parameter", "Schema", "Type"]
            .into_iter()
            .filter(|name| found(name))
            .collect();
    let mut out = String::new();
    if !names.is_empty() {
        let _ = writeln!(out, "use crate::spec::{{{}}};", names.join(", "));
    }
    if body.contains("schema::") {
        let _ = writeln!(out, "use {schema};");
    }
    out
}

fn operation(text: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let mut params = String::new();
    for p in &op.params {
        let location = match p.location {
            Location::Path => "Path",
            Location::Query => "Query",
            Location::Header => "Header",
        };
        let _ = writeln!(
            params,
            "Parameter {{ name: \"{}\", wire: \"{}\", location: Location::{location}, ty: {} }},",
            p.name.snake(),
            p.name.wire(),
            ty(api, &p.ty)
        );
    }
    let body = op.body.as_ref().map_or("None".into(), |b| format!("Some({})", ty(api, &b.ty)));
    let statuses: Vec<String> = op.responses.iter().map(|a| a.status.to_string()).collect();
    let response = op.result().0.map_or("None".into(), |t| format!("Some({})", ty(api, t)));
    let pages = op.pages.as_ref().map_or("None".into(), |pages| {
        let envelope: Vec<String> = pages.envelope.iter().map(|n| format!("{:?}", n.snake())).collect();
        format!("Some(Pages {{ envelope: &[{}], items: {:?} }})", envelope.join(", "), pages.items.snake())
    });
    let find = op.find.as_ref().map_or("None".into(), |find| {
        let fields: Vec<String> = find.fields.iter().map(|n| format!("{:?}", n.snake())).collect();
        format!(
            "Some(NameFields {{ call: \"{}.{}\", argument: {:?}, fields: &[{}], id: {:?} }})",
            resource.name.snake(),
            find.method.snake(),
            find.argument().snake(),
            fields.join(", "),
            find.id.snake()
        )
    });
    let _ = writeln!(
        text,
        "/// {doc}\npub static {constant}: Operation = Operation {{\nid: \"{res}.{method}\",\noperation_id: \"{oid}\",\nresource: \"{res}\",\nmethod: \"{method}\",\nhttp: Http::{http},\npath: \"{path}\",\nsummary: \"{doc}\",\nidempotent: {idem},\ndeprecated: {dep},\nparameters: &[{params}],\nbody: {body},\nbody_required: {req},\nstatuses: &[{st}],\nresponse: {response},\npages: {pages},\nfind: {find},\n}};\n",
        doc = op.doc,
        constant = op.name.screaming(),
        res = resource.name.snake(),
        method = op.name.snake(),
        oid = op.operation_id,
        http = Name::new(&op.http_method.to_lowercase()).pascal(),
        path = op.path,
        idem = op.idempotent,
        dep = op.deprecated,
        req = op.body.as_ref().is_some_and(|b| b.required),
        st = statuses.join(", "),
    );
}

fn structure(text: &mut String, api: &Api, schema: &Schema, fields: &[Field]) {
    let constant = Name::new(&schema.name).screaming();
    let _ = writeln!(
        text,
        "/// {}\npub static {constant}: Schema = Schema {{ name: \"{}\", wire: \"{}\", is_flag_value: {}, one_of: {}, fields: &[",
        schema.doc,
        schema.name,
        schema.wire,
        matches!(schema.kind, SchemaKind::Value { .. }),
        schema.one_of
    );
    for f in fields {
        let _ = writeln!(
            text,
            "Field {{ name: \"{}\", wire: \"{}\", required: {}, nullable: {}, ty: {} }},",
            f.name.snake(),
            f.name.wire(),
            f.required,
            f.nullable,
            ty(api, &f.ty)
        );
    }
    text.push_str("] };\n\n");
}

fn ty(api: &Api, t: &Type) -> String {
    let option = |v: Option<String>| v.map_or("None".to_owned(), |v| format!("Some({v})"));
    let place = |name: &str| {
        let home = api.schema(name).map_or("", |s| s.home.as_str());
        format!("&schema::{home}::{}", Name::new(name).screaming())
    };
    match t {
        Type::Boolean => "Type::Boolean".into(),
        Type::Int32 { min, max } => format!(
            "Type::Integer {{ min: {}, max: {} }}",
            min.map_or("i32::MIN as i64".into(), |v| v.to_string()),
            max.map_or("i32::MAX as i64".into(), |v| v.to_string())
        ),
        Type::Int64 => "Type::Integer { min: i64::MIN, max: i64::MAX }".into(),
        Type::Double => "Type::Number".into(),
        Type::String { min, max } => {
            format!(
                "Type::String {{ min: {}, max: {} }}",
                min.unwrap_or(0),
                option(max.map(|v| v.to_string()))
            )
        }
        Type::Uuid => "Type::Uuid".into(),
        Type::Timestamp => "Type::Timestamp".into(),
        Type::Any => "Type::Any".into(),
        Type::BareValue => "Type::Value".into(),

        Type::List(inner) => format!("Type::List(&{})", ty(api, inner)),
        Type::Map(inner) => format!("Type::Map(&{})", ty(api, inner)),
        Type::Patch => format!("Type::Patch(&{})", ty(api, &Type::Model("PatchOperation".into()))),
        Type::Model(name) | Type::TaggedValue(name) => format!("Type::Object({})", place(name)),
        Type::Enum(name) => format!("Type::Enum({})", place(name)),
        Type::Id(name) => match api.id(name).map(|i| i.kind) {
            Some(IdKind::Uuid) => "Type::Uuid".into(),
            Some(IdKind::Int32) => ty(api, &Type::Int32 { min: None, max: None }),
            Some(IdKind::Int64) => ty(api, &Type::Int64),
            Some(IdKind::String) | None => ty(api, &Type::String { min: None, max: None }),
        },
    }
}
