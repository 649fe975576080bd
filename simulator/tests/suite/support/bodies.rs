//! A complete body for every operation that takes one: every field of the spec has a value.

use super::scene::Scene;
use super::*;
use configcat_management::spec::{Field, Operation, Schema, Type};
use serde_json::Map;

/// A body that the demo accepts, or none if the operation takes none. Different `variant`s have different values.
pub fn body(scene: &Scene, operation: &Operation, variant: usize) -> Option<Value> {
    let ty = operation.body.as_ref()?;
    let mut sampler = Sampler { scene, operation: operation.id, variant, count: 0 };
    Some(match ty {
        Type::Patch(_) => sampler.patch(),
        ty => sampler.value(ty, ""),
    })
}

struct Sampler<'a> {
    scene: &'a Scene,
    operation: &'static str,
    variant: usize,
    count: usize,
}

impl Sampler<'_> {
    fn object(&mut self, schema: &Schema) -> Value {
        if schema.is_flag_value {
            return json!({ "boolValue": self.variant % 2 == 0 });
        }
        let fields = schema.fields.iter();
        Value::Object(fields.filter_map(|f| Some((f.wire.to_owned(), self.field(schema, f)?))).collect())
    }

    fn field(&mut self, schema: &Schema, field: &Field) -> Option<Value> {
        special(self, schema, field).unwrap_or_else(|| Some(self.value(&field.ty, field.wire)))
    }

    fn value(&mut self, ty: &Type, name: &str) -> Value {
        self.count += 1;
        let n = self.count + self.variant * 100;
        match ty {
            Type::Boolean => json!(n % 2 == 0),
            Type::Integer { min, max } => json!(i64::try_from(n).unwrap().clamp(*min, *max)),
            Type::Number => json!(n as f64 + 0.5),
            Type::Text { max, .. } => {
                let text = format!("{name} {n}");
                json!(text.chars().take(usize::try_from(max.unwrap_or(255)).unwrap()).collect::<String>())
            }
            Type::Uuid => json!(format!("00000000-0000-4000-8000-{n:012}")),
            Type::Timestamp => json!("2031-01-02T03:04:05Z"),
            Type::Any | Type::Value => json!(n % 2 == 0),
            Type::Enum(values) => json!(values[self.variant % values.len()]),
            Type::List(item) => json!([self.value(item, name)]),
            Type::Map(item) => json!({ "a": self.value(item, name) }),
            Type::Patch(_) => json!([]),
            Type::Object(schema) => self.object(schema),
        }
    }

    /// A patch that replaces every field of the operation that replaces the whole.
    fn patch(&mut self) -> Value {
        let (resource, _) = self.operation.split_once('.').unwrap();
        let replace = format!("{resource}.replace");
        let operation = configcat_management::operations::find(&replace).unwrap();
        let Some(Value::Object(fields)) = body(self.scene, operation, self.variant) else {
            panic!("{replace}")
        };
        fields
            .into_iter()
            .map(|(name, value)| json!({ "op": "replace", "path": format!("/{name}"), "value": value }))
            .collect()
    }
}

/// The value of a field that the demo does not take just any value for; the inner none leaves it out.
fn special(_: &mut Sampler<'_>, _: &Schema, _: &Field) -> Option<Option<Value>> {
    None
}

/// Whether both have the same fields.
pub fn merge(_: &mut Map<String, Value>) {}
