//! Sample values for the contract vectors, each in two forms: as sent on the wire, and as callers write it.
//!
//! They are generated from the spec, deliberately independent of the clients' encoder.

use crate::model::names::Name;
use crate::model::{Api, Direction, Field, IdKind, Schema, SchemaKind, Type};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Type of sample to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All fields are present.
    Full,
    /// Only required fields are present.
    Least,
    /// Nullable fields are null; enums in responses have unknown values.
    Nulls,
    /// All fields are present, and enums have values that no other vector has.
    Enums,
}

impl Shape {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Least => "least",
            Self::Nulls => "nulls",
            Self::Enums => "enums",
        }
    }
}

/// Value in both forms.
#[derive(Debug, Clone)]
pub struct Sample {
    pub wire: Value,
    pub plain: Value,
}

impl Sample {
    fn same(value: Value) -> Self {
        Self { plain: value.clone(), wire: value }
    }
}

/// Generates samples that differ from each other.
pub struct Sampler<'a> {
    api: &'a Api,
    shape: Shape,
    response: bool,
    count: u32,
    coverage: &'a Coverage,
}

/// Enum values that occur in vectors.
#[derive(Debug, Default)]
pub struct Coverage(RefCell<BTreeSet<(String, String)>>);

impl Coverage {
    /// Records that a vector has a value.
    fn note(&self, schema: &Schema, value: &Name) {
        self.0.borrow_mut().insert((schema.name.clone(), value.wire().to_owned()));
    }

    /// Returns the values of an enum that no vector has.
    fn missing<'v>(&self, schema: &'v Schema) -> Vec<&'v Name> {
        let SchemaKind::Enum(values) = &schema.kind else { return Vec::new() };
        let known = self.0.borrow();
        let missing = values.iter().filter(|v| !known.contains(&(schema.name.clone(), v.wire().to_owned())));
        missing.collect()
    }

    /// Returns the number of values that no vector has, in the enums that a type refers to.
    pub fn missing_in(&self, api: &Api, ty: &Type) -> usize {
        let mut names = BTreeSet::new();
        enums(api, ty, &mut names);
        let schemas = names.iter().filter_map(|name| api.schema(name));
        schemas.map(|schema| self.missing(schema).len()).sum()
    }
}

/// Collects the enums that a type refers to, directly or through models.
fn enums(api: &Api, ty: &Type, found: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) | Type::Map(inner) => enums(api, inner, found),
        Type::Enum(name) => drop(found.insert(name.clone())),
        Type::Model(name) => {
            if let Some(SchemaKind::Object(fields)) = api.schema(name).map(|schema| &schema.kind) {
                fields.iter().for_each(|field| enums(api, &field.ty, found));
            }
        }
        _ => {}
    }
}

const TEXT: &str = "Zoë's \"50%\" 🚦 a/b?c=d&e #1\t\\";

impl<'a> Sampler<'a> {
    pub const fn new(api: &'a Api, shape: Shape, response: bool, coverage: &'a Coverage) -> Self {
        Self { api, shape, response, count: 0, coverage }
    }

    fn next(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    fn uuid(&mut self) -> Value {
        let n = self.next();
        json!(format!("00000000-0000-4000-8000-{n:012x}"))
    }

    fn text(&mut self, name: &str, min: u64, max: Option<u64>) -> Value {
        let n = self.next();
        let text = if name.to_lowercase().contains("url") {
            format!("https://example.com/{n}?x=ü")
        } else {
            format!("{TEXT} {n}")
        };
        let room = usize::try_from(max.unwrap_or(1 << 20)).unwrap_or(usize::MAX);
        let mut text: String = text.chars().take(room).collect();
        while (text.chars().count() as u64) < min {
            text.push('x');
        }
        json!(text)
    }

    /// Generates a value of a type. `name` is the name of the field, for strings with a format such as URLs.
    pub fn value(&mut self, ty: &Type, name: &str) -> Sample {
        match ty {
            Type::Boolean => Sample::same(json!(self.next().is_multiple_of(2))),
            Type::Int32 { min, max } => {
                let n = i64::from(self.next());
                Sample::same(json!(n.clamp(min.unwrap_or(n), max.unwrap_or(n))))
            }
            Type::Int64 => Sample::same(json!(9_000_000_000_i64 + i64::from(self.next()))),
            Type::Double => Sample::same(json!(f64::from(self.next()) + 0.5)),
            Type::String { min, max } => Sample::same(self.text(name, min.unwrap_or(0), *max)),
            Type::Uuid => Sample::same(self.uuid()),
            Type::Timestamp => Sample::same(json!(format!("2026-11-23T09:24:{:02}.125Z", self.next() % 60))),
            Type::Any => Sample::same(json!({ "any": [1, null, { "x": "y" }], "n": self.next() })),
            Type::BareValue => Sample::same(self.setting_value()),
            Type::TaggedValue(_) => {
                let plain = self.setting_value();
                Sample { wire: self.tagged(Some(&plain), None), plain }
            }
            Type::List(inner) => self.list(inner, name),
            Type::Map(inner) => {
                let sample = self.value(inner, name);
                Sample { wire: json!({ "a key": sample.wire }), plain: json!({ "a key": sample.plain }) }
            }
            Type::Patch => Sample::same(json!([
                { "op": "add", "path": "/tags/-", "value": 3 },
                { "op": "replace", "path": "/a~1b/~0c", "value": null },
                { "op": "remove", "path": "/hint" },
                { "op": "move", "path": "/x", "from": "/y" },
                { "op": "test", "path": "/name", "value": TEXT },
            ])),
            Type::Id(id) => Sample::same(self.id(id)),
            Type::Model(model) | Type::Enum(model) => match self.api.schema(model) {
                Some(schema) => self.schema(schema),
                None => Sample::same(Value::Null),
            },
        }
    }

    fn id(&mut self, id: &str) -> Value {
        match self.api.id(id).map(|i| i.kind) {
            Some(IdKind::Int32) => json!(100 + self.next()),
            Some(IdKind::Int64) => json!(9_000_000_000_i64 + i64::from(self.next())),
            Some(IdKind::String) => json!(format!("user|{}/ü", self.next())),
            Some(IdKind::Uuid) | None => self.uuid(),
        }
    }

    fn list(&mut self, inner: &Type, name: &str) -> Sample {
        let length = match self.shape {
            Shape::Full => 2,
            // Enough items for every missing value of the enums in an item.
            Shape::Enums => self.missing_beside(inner).max(1),
            Shape::Least => 1,
            Shape::Nulls => 0,
        };
        let items: Vec<Sample> = (0..length).map(|_| self.value(inner, name)).collect();
        Sample {
            wire: items.iter().map(|s| s.wire.clone()).collect(),
            plain: items.iter().map(|s| s.plain.clone()).collect(),
        }
    }

    /// Returns the maximum number of missing values among the enums directly in an item.
    fn missing_beside(&self, item: &Type) -> usize {
        let fields = match item {
            Type::Model(name) => match self.api.schema(name).map(|schema| &schema.kind) {
                Some(SchemaKind::Object(fields)) => fields.as_slice(),
                _ => &[],
            },
            Type::Enum(_) => return self.coverage.missing_in(self.api, item),
            _ => &[],
        };
        let enums = fields.iter().filter(|field| matches!(field.ty, Type::Enum(_)));
        enums.map(|field| self.coverage.missing_in(self.api, &field.ty)).max().unwrap_or(1)
    }

    fn setting_value(&mut self) -> Value {
        match self.next() % 4 {
            0 => json!(true),
            1 => json!("text ü"),
            2 => json!(-7),
            _ => json!(1.0),
        }
    }

    /// Returns a value as an object with one member set. In a response the other members are null.
    fn tagged(&self, value: Option<&Value>, variation: Option<Value>) -> Value {
        let mut map = Map::new();
        for (member, here) in [
            ("boolValue", value.is_some_and(Value::is_boolean)),
            ("stringValue", value.is_some_and(Value::is_string)),
            ("intValue", value.is_some_and(Value::is_i64)),
            ("doubleValue", value.is_some_and(Value::is_f64)),
        ] {
            if here {
                map.insert(member.into(), value.cloned().unwrap_or_default());
            } else if self.response {
                map.insert(member.into(), Value::Null);
            }
        }
        if let Some(variation) = variation {
            map.insert("predefinedVariationId".into(), variation);
        }
        Value::Object(map)
    }

    fn schema(&mut self, schema: &Schema) -> Sample {
        match &schema.kind {
            SchemaKind::Enum(values) => {
                // Only a response can contain a value that this version does not know.
                if self.response && self.shape == Shape::Nulls {
                    return Sample::same(json!("somethingNew"));
                }
                let n = self.next() as usize % values.len();
                let missing = self.coverage.missing(schema).first().copied();
                let value = missing.filter(|_| self.shape == Shape::Enums).or_else(|| values.get(n));
                if let Some(value) = value {
                    self.coverage.note(schema, value);
                }
                Sample::same(json!(value.map(Name::wire)))
            }
            SchemaKind::Value { .. } => self.flag_value(),
            SchemaKind::Object(fields) if schema.one_of => self.one_of(fields),
            SchemaKind::Object(fields) => self.object(fields, schema.direction),
        }
    }

    fn flag_value(&mut self) -> Sample {
        match (self.response, self.shape) {
            (true, Shape::Nulls) => Sample {
                wire: self.tagged(None, Some(Value::Null)),
                plain: json!({ "value": null, "predefined_variation_id": null }),
            },
            (true, _) => {
                let (value, id) = (self.setting_value(), self.uuid());
                Sample {
                    wire: self.tagged(Some(&value), Some(id.clone())),
                    plain: json!({ "value": value, "predefined_variation_id": id }),
                }
            }
            (false, Shape::Least) => {
                let id = self.uuid();
                Sample {
                    wire: self.tagged(None, Some(id.clone())),
                    plain: json!({ "predefined_variation_id": id }),
                }
            }
            (false, _) => {
                let value = self.setting_value();
                Sample { wire: self.tagged(Some(&value), None), plain: json!({ "value": value }) }
            }
        }
    }

    /// Generates an object with one member. In a response the others are null.
    fn one_of(&mut self, fields: &[Field]) -> Sample {
        let missing = |field: &Field| self.coverage.missing_in(self.api, &field.ty) > 0;
        let missing = fields.iter().position(missing).filter(|_| self.shape == Shape::Enums);
        let chosen = missing.unwrap_or_else(|| self.next() as usize % fields.len());
        let (mut wire, mut plain) = (Map::new(), Map::new());
        for (index, field) in fields.iter().enumerate() {
            let sample = match (index == chosen, self.response) {
                (true, _) => self.value(&field.ty, field.name.wire()),
                (false, true) => Sample::same(Value::Null),
                (false, false) => continue,
            };
            wire.insert(field.name.wire().to_owned(), sample.wire);
            plain.insert(field.name.snake(), sample.plain);
        }
        Sample { wire: Value::Object(wire), plain: Value::Object(plain) }
    }

    fn object(&mut self, fields: &[Field], direction: Direction) -> Sample {
        let (mut wire, mut plain) = (Map::new(), Map::new());
        for field in fields {
            let response = direction == Direction::Response;
            if !response && self.shape == Shape::Least && !field.required {
                continue;
            }
            let sample = if field.nullable && self.shape == Shape::Nulls {
                Sample::same(Value::Null)
            } else {
                self.value(&field.ty, field.name.wire())
            };
            wire.insert(field.name.wire().to_owned(), sample.wire);
            plain.insert(field.name.snake(), sample.plain);
        }
        Sample { wire: Value::Object(wire), plain: Value::Object(plain) }
    }
}
