//! Values of the contract vectors as source code, for languages whose models have constructors with named arguments.

use crate::model::names::Name;
use crate::model::{Api, Direction, Field, IdKind, Operation, SchemaKind, Type};
use anyhow::{Context as _, Result};
use serde_json::Value;

/// Syntax of values in a language.
pub trait Spelling {
    fn ident(&self, name: &Name) -> String;
    fn text(&self, text: &str) -> String;
    fn double(&self, number: f64) -> String;
    fn timestamp(&self, text: &str) -> String;
    fn list(&self, items: &[String]) -> String;
    fn map(&self, entries: &[(String, String)]) -> String;
    fn null(&self) -> &'static str;
    /// Named argument.
    fn named(&self, name: &str, value: &str) -> String;
    fn variant(&self, of: &str, variant: &str) -> String;
    /// Variant with a value.
    fn variant_of(&self, of: &str, variant: &str, value: &str) -> String;
    fn id(&self, name: &str, value: &str) -> String;
    /// Field with three states that is set.
    fn set(&self, value: &str) -> String;
    /// Field with three states that is null.
    fn set_null(&self) -> &'static str;
    /// Operator that asserts that the preceding expression is not null.
    fn insist(&self) -> &'static str;
    /// Property that returns the number of items in a list.
    fn count(&self) -> &'static str;
}

/// Formats values in a language.
pub struct Literals<'a, S> {
    pub api: &'a Api,
    pub spelling: S,
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("{value} is not a string"))
}

impl<S: Spelling> Literals<'_, S> {
    /// Returns the arguments of a vector's call.
    pub fn arguments(&self, op: &Operation, vector: &Value) -> Result<Vec<String>> {
        let given = &vector["arguments"];
        let mut arguments = Vec::new();
        for param in op.path_params() {
            let value = self.value(&param.ty, &given[param.name.snake()])?;
            arguments.push(self.spelling.named(&self.spelling.ident(&param.name), &value));
        }
        if let Some(body) = &op.body
            && (body.required || !vector["request"]["body"].is_null())
        {
            let (name, value) = match &body.ty {
                Type::Patch => ("patch", &given["patch"]),
                _ => ("body", given),
            };
            arguments.push(self.spelling.named(name, &self.value(&body.ty, value)?));
        }
        for param in op.optional_params() {
            let value = &given[param.name.snake()];
            if !value.is_null() {
                let value = self.value(&param.ty, value)?;
                arguments.push(self.spelling.named(&self.spelling.ident(&param.name), &value));
            }
        }
        Ok(arguments)
    }

    /// Formats a value.
    pub fn value(&self, ty: &Type, value: &Value) -> Result<String> {
        let spelling = &self.spelling;
        Ok(match ty {
            Type::Boolean | Type::Int32 { .. } | Type::Int64 => value.to_string(),
            Type::Double => spelling.double(value.as_f64().context("not a number")?),
            Type::String { .. } | Type::Uuid => spelling.text(text(value)?),
            Type::Timestamp => spelling.timestamp(text(value)?),
            Type::Any => self.json(value)?,
            Type::BareValue | Type::TaggedValue(_) => self.setting_value(value)?,
            Type::List(inner) => {
                let items = value.as_array().context("not a list")?.iter().map(|v| self.value(inner, v));
                spelling.list(&items.collect::<Result<Vec<_>>>()?)
            }
            Type::Map(inner) => {
                let entries = value.as_object().context("not an object")?.iter();
                let entries = entries.map(|(k, v)| Ok((spelling.text(k), self.value(inner, v)?)));
                spelling.map(&entries.collect::<Result<Vec<_>>>()?)
            }
            Type::Patch => self.value(&Type::List(Box::new(Type::Model("PatchOperation".into()))), value)?,
            Type::Id(id) => match self.api.id(id).map(|i| i.kind) {
                Some(IdKind::Int32 | IdKind::Int64) => spelling.id(id, &value.to_string()),
                _ => spelling.id(id, &spelling.text(text(value)?)),
            },
            Type::Enum(name) => self.variant(name, text(value)?)?,
            Type::Model(name) => self.model(name, value)?,
        })
    }

    fn variant(&self, name: &str, wire: &str) -> Result<String> {
        let schema = self.api.schema(name).with_context(|| format!("no schema {name}"))?;
        let SchemaKind::Enum(values) = &schema.kind else { anyhow::bail!("{name} is not an enum") };
        Ok(match values.iter().find(|v| v.wire() == wire) {
            Some(value) => self.spelling.variant(name, &value.variant()),
            None => self.spelling.variant_of(name, "Unknown", &self.spelling.text(wire)),
        })
    }

    /// Formats any JSON.
    fn json(&self, value: &Value) -> Result<String> {
        const NAME: &str = "JsonValue";
        let spelling = &self.spelling;
        Ok(match value {
            Value::Null => spelling.variant(NAME, "Null"),
            Value::Bool(_) => spelling.variant_of(NAME, "Boolean", &value.to_string()),
            Value::Number(number) if number.is_i64() => {
                spelling.variant_of(NAME, "Integer", &value.to_string())
            }
            Value::Number(number) => {
                let number = number.as_f64().context("not a number")?;
                spelling.variant_of(NAME, "Number", &spelling.double(number))
            }
            Value::String(text) => spelling.variant_of(NAME, "String", &spelling.text(text)),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.json(item)).collect::<Result<Vec<_>>>()?;
                spelling.variant_of(NAME, "Array", &spelling.list(&items))
            }
            Value::Object(members) => {
                let members =
                    members.iter().map(|(name, value)| Ok((spelling.text(name), self.json(value)?)));
                spelling.variant_of(NAME, "Object", &spelling.map(&members.collect::<Result<Vec<_>>>()?))
            }
        })
    }

    fn setting_value(&self, value: &Value) -> Result<String> {
        let (variant, value) = match value {
            Value::Bool(_) => ("Boolean", value.to_string()),
            Value::String(text) => ("String", self.spelling.text(text)),
            Value::Number(n) if n.is_f64() || n.as_i64().is_some_and(|n| i32::try_from(n).is_err()) => {
                ("Double", self.spelling.double(value.as_f64().context("not a number")?))
            }
            Value::Number(_) => ("Int", value.to_string()),
            _ => anyhow::bail!("{value} is not a flag value"),
        };
        Ok(self.spelling.variant_of("SettingValue", variant, &value))
    }

    fn model(&self, name: &str, value: &Value) -> Result<String> {
        let schema = self.api.schema(name).with_context(|| format!("no schema {name}"))?;
        let SchemaKind::Object(fields) = &schema.kind else {
            return self.flag_value(name, value);
        };
        if schema.one_of {
            let is_set = |field: &&Field| value.get(field.name.snake()).is_some_and(|v| !v.is_null());
            let set = fields.iter().find(is_set).with_context(|| format!("no member of {name} is set"))?;
            let given = self.value(&set.ty, &value[set.name.snake()])?;
            return Ok(self.spelling.variant_of(name, &schema.variant(set), &given));
        }
        let mut arguments = Vec::new();
        for field in fields {
            let given = value.get(field.name.snake());
            if let Some(given) =
                self.field(schema.direction, field, given).with_context(|| field.name.snake())?
            {
                arguments.push(self.spelling.named(&self.spelling.ident(&field.name), &given));
            }
        }
        Ok(format!("{name}({})", arguments.join(", ")))
    }

    /// Formats the value of a field; `None` if it is omitted.
    fn field(&self, direction: Direction, field: &Field, value: Option<&Value>) -> Result<Option<String>> {
        let value = value.filter(|v| !v.is_null() || field.nullable);
        let three = direction == Direction::Request && !field.required && field.nullable;
        Ok(match value {
            None => None,
            Some(Value::Null) if three => Some(self.spelling.set_null().to_owned()),
            Some(Value::Null) if field.required => Some(self.spelling.null().to_owned()),
            Some(Value::Null) => None,
            Some(value) if three => Some(self.spelling.set(&self.value(&field.ty, value)?)),
            Some(value) => Some(self.value(&field.ty, value)?),
        })
    }

    /// Formats the value of a flag with its predefined variation.
    fn flag_value(&self, name: &str, value: &Value) -> Result<String> {
        let mut arguments = Vec::new();
        let plain = if value.is_object() { value.get("value") } else { Some(value) };
        if let Some(plain) = plain.filter(|v| !v.is_null()) {
            arguments.push(self.spelling.named("value", &self.setting_value(plain)?));
        }
        if let Some(id) = value.get("predefined_variation_id").filter(|v| !v.is_null()) {
            let id = self.spelling.id("PredefinedVariationId", &self.spelling.text(text(id)?));
            arguments.push(self.spelling.named("predefinedVariationId", &id));
        }
        Ok(format!("{name}({})", arguments.join(", ")))
    }

    /// For an expectation that states a part of a value, returns the expressions to check and their expected values.
    pub fn parts(&self, ty: &Type, expected: &Value, path: &str) -> Result<Vec<(String, String)>> {
        let mut parts = Vec::new();
        match (ty, expected) {
            (Type::List(inner), Value::Array(items)) => {
                parts.push((format!("{path}.{}", self.spelling.count()), items.len().to_string()));
                for (i, item) in items.iter().enumerate() {
                    parts.extend(self.parts(inner, item, &format!("{path}[{i}]"))?);
                }
            }
            (Type::Model(name), Value::Object(given)) => match self.api.schema(name).map(|s| &s.kind) {
                Some(SchemaKind::Object(fields)) => {
                    for field in fields {
                        if let Some(value) = given.get(&field.name.snake()) {
                            parts.extend(self.part(field, value, path)?);
                        }
                    }
                }
                _ => {
                    let at = format!("{path}.value");
                    parts.push((at, self.setting_value(given.get("value").context("no value")?)?));
                }
            },
            (ty, value) => parts.push((path.to_owned(), self.value(ty, value)?)),
        }
        Ok(parts)
    }

    fn part(&self, field: &Field, value: &Value, path: &str) -> Result<Vec<(String, String)>> {
        let at = format!("{path}.{}", self.spelling.ident(&field.name));
        if value.is_null() {
            return Ok(vec![(at, self.spelling.null().to_owned())]);
        }
        let deeper = matches!(field.ty, Type::List(_) | Type::Model(_));
        let insist = if deeper && (field.nullable || !field.required) { self.spelling.insist() } else { "" };
        self.parts(&field.ty, value, &format!("{at}{insist}"))
    }
}
