//! Parses schemas, their fields and types.

use super::names::{Language, Name};
use super::reader::Reader;
use super::types::{Direction, Field, Schema, SchemaKind, Type};
use super::values::{distinct, flag, object, text};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::BTreeSet;

impl Reader<'_> {
    fn schema_ref(&self, target: &str) -> Result<Type> {
        let wire = target.rsplit('/').next().unwrap_or(target);
        let name = self.names.get(wire).with_context(|| format!("no schema {wire}"))?;
        let schema = &self.doc["components"]["schemas"][wire];
        let with_variation = schema["properties"].get("predefinedVariationId").is_some();
        Ok(match schema.get("x-union").and_then(Value::as_str) {
            Some("primitive") => Type::BareValue,
            Some("value") if !with_variation => Type::TaggedValue((*name).to_owned()),
            Some("value" | "members") | None if schema.get("enum").is_none() => {
                Type::Model((*name).to_owned())
            }
            None => Type::Enum((*name).to_owned()),
            Some(other) => bail!("{wire}: x-union {other} is not known"),
        })
    }

    /// Returns the type of an inline schema; `id` names the identifier that the field carries.
    pub fn ty(&self, schema: &Value, id: Option<&str>) -> Result<Type> {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return self.schema_ref(target);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let [only] = parts.as_slice() else { bail!("allOf with {} parts", parts.len()) };
            return self.ty(only, id);
        }
        let number = |key: &str| schema.get(key).and_then(Value::as_u64);
        let signed = |key: &str| schema.get(key).and_then(Value::as_i64);
        Ok(match (schema.get("type").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
            (Some("array"), _) => {
                let items = self.ty(schema.get("items").context("array without items")?, id)?;
                if items == Type::Model("PatchOperation".into()) {
                    Type::Patch
                } else {
                    Type::List(Box::new(items))
                }
            }
            (Some("object"), _) => {
                let values =
                    schema.get("additionalProperties").context("object without properties in place")?;
                Type::Map(Box::new(self.ty(values, None)?))
            }
            (Some("string" | "integer"), _) if id.is_some() => Type::Id(id.unwrap_or_default().to_owned()),
            (Some("string"), Some("uuid")) => Type::Uuid,
            (Some("string"), Some("date-time")) => Type::Timestamp,
            (Some("string"), None) => Type::String { min: number("minLength"), max: number("maxLength") },
            (Some("integer"), Some("int32")) => {
                Type::Int32 { min: signed("minimum"), max: signed("maximum") }
            }
            (Some("integer"), Some("int64")) => Type::Int64,
            (Some("number"), Some("double")) => Type::Double,
            (Some("boolean"), _) => Type::Boolean,
            (None, _) => Type::Any,
            other => bail!("type {other:?} is not known"),
        })
    }

    /// Returns every schema, sorted by name.
    pub fn schemas(&self) -> Result<Vec<Schema>> {
        let mut schemas = Vec::new();
        for (wire, schema) in object(&self.doc["components"], "schemas")? {
            schemas.push(self.schema(wire, schema).with_context(|| format!("schema {wire}"))?);
        }
        schemas.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(schemas)
    }

    fn schema(&self, wire: &str, schema: &Value) -> Result<Schema> {
        let fields = || self.fields(wire, schema);
        let union = schema.get("x-union").and_then(Value::as_str);
        let one_of = union == Some("members");
        let kind = if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Option<Vec<_>> = values.iter().map(|v| v.as_str().map(Name::new)).collect();
            let values = values.context("an enum value is not a string")?;
            distinct(values.iter().map(Name::variant)).context("enum variants")?;
            distinct(values.iter().map(Name::member)).context("enum members")?;
            SchemaKind::Enum(values)
        } else if let Some(union) = union.filter(|_| !one_of) {
            let bare = union == "primitive";
            SchemaKind::Value { bare, fields: if bare { Vec::new() } else { fields()? } }
        } else {
            SchemaKind::Object(fields()?)
        };
        if one_of {
            members(&kind)?;
        }
        let takes = match &kind {
            SchemaKind::Enum(values) => takes(schema, values).context("x-takes")?,
            _ if schema.get("x-takes").is_some() => bail!("x-takes is for enums"),
            _ => Vec::new(),
        };
        Ok(Schema {
            name: text(schema, "x-name")?.to_owned(),
            wire: wire.to_owned(),
            doc: text(schema, "description")?.to_owned(),
            kind,
            takes,
            one_of,
            direction: Direction::Both,
            home: String::new(),
        })
    }

    fn fields(&self, wire: &str, schema: &Value) -> Result<Vec<Field>> {
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Vec::new();
        for (field, fs) in object(schema, "properties")? {
            fields.push(Field {
                name: Name::new(field),
                doc: text(fs, "description").with_context(|| field.clone())?.to_owned(),
                ty: self.ty(fs, self.id_of(Some(wire), field)).with_context(|| field.clone())?,
                required: required.contains(field.as_str()),
                nullable: flag(fs, "nullable"),
            });
        }
        for language in Language::ALL {
            // Models have a field of this name for members that the spec does not have.
            let names = fields.iter().map(|f| f.name.identifier(language)).chain(["extra".to_owned()]);
            distinct(names).context("field names")?;
        }
        Ok(fields)
    }
}

/// Fails unless the fields may be those of an object of which exactly one is set.
fn members(kind: &SchemaKind) -> Result<()> {
    let SchemaKind::Object(fields) = kind else { bail!("x-union members needs properties") };
    if fields.len() < 2 {
        bail!("x-union members needs at least two properties");
    }
    match fields.iter().find(|field| !field.nullable) {
        Some(field) => bail!("{} has to be nullable, because of x-union members", field.name.wire()),
        None => Ok(()),
    }
}

/// Returns the field that each value of an enum takes, in the order of the values; nothing if the enum has no `x-takes`.
fn takes(schema: &Value, values: &[Name]) -> Result<Vec<Name>> {
    if schema.get("x-takes").is_none() {
        return Ok(Vec::new());
    }
    let takes = object(schema, "x-takes")?;
    let listed = |list: &Value, value: &Name| {
        list.as_array().is_some_and(|list| list.iter().any(|item| item.as_str() == Some(value.wire())))
    };
    let count: usize = takes.values().filter_map(Value::as_array).map(Vec::len).sum();
    if count != values.len() {
        bail!("{count} values have a type, the enum has {}", values.len());
    }
    let field = |value: &Name| {
        let found = takes.iter().find(|(_, list)| listed(list, value));
        found.map(|(field, _)| Name::new(field)).with_context(|| format!("{} has no type", value.wire()))
    };
    values.iter().map(field).collect()
}
