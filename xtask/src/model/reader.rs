//! Parses names and identifiers, which all other parts of the model refer to.

use super::access::Scope;
use super::types::{IdKind, IdType};
use super::values::{object, text};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Parser of one document.
pub struct Reader<'a> {
    pub doc: &'a Value,
    /// Name of each schema, by its wire name.
    pub names: BTreeMap<&'a str, &'a str>,
    pub ids: Vec<IdType>,
    id_fields: BTreeMap<&'a str, String>,
}

impl<'a> Reader<'a> {
    /// Parses the names of all types, and the identifiers.
    pub fn new(doc: &'a Value) -> Result<Self> {
        let schemas = object(doc.get("components").context("no components")?, "schemas")?;
        let mut names = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (wire, schema) in schemas {
            let context = || format!("schema {wire}");
            let name = text(schema, "x-name").with_context(context)?;
            let taken = ensure_new(&mut taken, name);
            taken.with_context(context)?;
            names.insert(wire.as_str(), name);
        }
        let mut ids = Vec::new();
        let mut id_fields = BTreeMap::new();
        for (name, id) in object(doc, "x-ids")? {
            ensure!(taken.insert(name), "two types are named {name}");
            for field in id.get("fields").and_then(Value::as_array).into_iter().flatten() {
                id_fields.insert(field.as_str().context("a field of x-ids is not a string")?, name.clone());
            }
            let kind = match text(id, "type")? {
                "string" => IdKind::String,
                _ => IdKind::Int64,
            };
            let scope = Scope::read(id, "scope").with_context(|| name.clone())?;
            ids.push(IdType { name: name.clone(), doc: text(id, "description")?.to_owned(), kind, scope });
        }
        let mut reader = Self { doc, names, ids, id_fields };
        reader.settle_id_kinds()?;
        Ok(reader)
    }

    /// Derives the type of each identifier from the fields that carry it; fails if they disagree.
    fn settle_id_kinds(&mut self) -> Result<()> {
        let mut kinds: BTreeMap<String, IdKind> = BTreeMap::new();
        let mut note = |id: &str, schema: &Value| -> Result<()> {
            let schema = if schema.get("items").is_some() { &schema["items"] } else { schema };
            let kind = match (schema["type"].as_str(), schema["format"].as_str()) {
                (Some("string"), Some("uuid")) => IdKind::Uuid,
                (Some("string"), None) => IdKind::String,
                (Some("integer"), Some("int32")) => IdKind::Int32,
                (Some("integer"), Some("int64")) => IdKind::Int64,
                other => bail!("{id} cannot be {other:?}"),
            };
            // For some tags the path parameter is int64 and the response field int32: the wider type holds both.
            let known = kinds.entry(id.to_owned()).or_insert(kind);
            match (*known, kind) {
                (a, b) if a == b => {}
                (IdKind::Int32, IdKind::Int64) | (IdKind::Int64, IdKind::Int32) => *known = IdKind::Int64,
                (a, b) => bail!("{id} is {b:?} here and {a:?} elsewhere"),
            }
            Ok(())
        };
        for (wire, schema) in object(&self.doc["components"], "schemas")? {
            for (field, fs) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let Some(id) = self.id_of(Some(wire), field) {
                    note(id, fs)
                        .with_context(|| format!("field {field}"))
                        .with_context(|| format!("schema {wire}"))?;
                }
            }
        }
        for (path, item) in object(self.doc, "paths")? {
            for (method, op) in item.as_object().into_iter().flatten() {
                for p in op.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                    if let Some(id) = self.id_of(None, text(p, "name")?) {
                        note(id, &p["schema"])
                            .with_context(|| format!("{} {path}", method.to_uppercase()))?;
                    }
                }
            }
        }
        for id in &mut self.ids {
            id.kind = *kinds.get(&id.name).with_context(|| format!("no field is a {}", id.name))?;
        }
        Ok(())
    }

    /// Returns the identifier that a field carries.
    pub fn id_of(&self, schema: Option<&str>, field: &str) -> Option<&str> {
        schema
            .and_then(|s| self.id_fields.get(format!("{s}.{field}").as_str()))
            .or_else(|| self.id_fields.get(field))
            .map(String::as_str)
    }
}

fn ensure_new<'a>(taken: &mut BTreeSet<&'a str>, name: &'a str) -> Result<()> {
    ensure!(taken.insert(name), "two schemas are named {name}");
    Ok(())
}
