//! Complete bodies for every operation that takes one: each field of the spec has a value.

use super::scene::Scene;
use super::*;
use configcat_management::spec::{Field, Operation, Schema, Type};

/// Returns a body that the demo accepts, or `None` if the operation takes none. Each `variant` has different values.
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
            return json!({ "boolValue": self.variant.is_multiple_of(2) });
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
            Type::Boolean => json!(n.is_multiple_of(2)),
            Type::Integer { min, max } => json!(i64::try_from(n).unwrap().clamp(*min, *max)),
            Type::Number => json!(n as f64 + 0.5),
            Type::String { max, .. } => {
                let text = format!("{name} {n}");
                json!(text.chars().take(usize::try_from(max.unwrap_or(255)).unwrap()).collect::<String>())
            }
            Type::Uuid => json!(format!("00000000-0000-4000-8000-{n:012}")),
            Type::Timestamp => json!("2031-01-02T03:04:05Z"),
            Type::Any | Type::Value => json!(n.is_multiple_of(2)),
            Type::Enum(values) => json!(values[self.variant % values.len()]),
            Type::List(item) => json!([self.value(item, name)]),
            Type::Map(item) => json!({ "a": self.value(item, name) }),
            Type::Patch(_) => json!([]),
            Type::Object(schema) => self.object(schema),
        }
    }

    /// Returns a patch that replaces every field of the `replace` operation.
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

impl Sampler<'_> {
    fn url(&self) -> Value {
        json!(format!("https://example.com/{}", self.variant))
    }

    /// Returns the id of the flag on which the operation acts.
    fn flag(&self) -> i64 {
        let v1 = self.operation.starts_with("values.") || self.operation.starts_with("values_by_sdk_key.");
        if v1 { DARK_MODE } else { CHECKOUT }
    }

    /// Returns a condition, of one of the three types.
    fn condition(&mut self, schema: &Schema) -> Value {
        let kind = ["userCondition", "segmentCondition", "prerequisiteFlagCondition"][self.variant % 3];
        let field = schema.fields.iter().find(|field| field.wire == kind).unwrap();
        json!({ kind: self.value(&field.ty, kind) })
    }

    /// Returns comparator and value of a user condition.
    fn comparison(&self) -> (&'static str, Value) {
        match self.variant / 3 % 3 {
            0 => ("isOneOf", json!({ "listValue": [{ "value": "a", "hint": "b" }] })),
            1 => ("numberLess", json!({ "doubleValue": 1.5 })),
            _ => ("textEquals", json!({ "stringValue": "a" })),
        }
    }
}

/// Returns the value of a field with constraints; the inner `None` omits the field.
fn special(sampler: &mut Sampler<'_>, schema: &Schema, field: &Field) -> Option<Option<Value>> {
    if let Some(id) = demo_id(sampler, schema, field) {
        return Some(Some(id));
    }
    if let Some(choice) = choice(sampler, schema, field) {
        return Some(choice);
    }
    let odd = sampler.variant % 2 == 1;
    let value = match (schema.name, field.wire) {
        // Strings with a format.
        (_, "url" | "webhookProxyUrl" | "fileUrl" | "commitUrl") => sampler.url(),
        (_, "emails") => json!([format!("new-{}@example.com", sampler.variant)]),
        (_, "integrationType") => json!("dataDog"),
        ("CreateIntegration" | "UpdateIntegration", "parameters") => json!({ "apikey": "key" }),
        ("WebhookHeader" | "WebhookHeaderInput", "key") => json!(format!("X-Test-{}", sampler.variant)),
        // Lists of environments are only valid with the access type "custom".
        (_, "accessType" | "approvalPermissionType") if !odd => json!("custom"),
        (_, "accessType") if schema.name.contains("PermissionGroup") => json!("full"),
        (_, "approvalPermissionType") if schema.name.contains("PermissionGroup") => json!("canApproveOthers"),
        (_, "environmentAccesses" | "environmentApprovals" | "environmentApprovalPermissions") if odd => {
            return Some(None);
        }
        // The variations must include all values in use.
        ("UpdatePredefinedVariations", "predefinedVariations") => {
            let variation = |name: &str, id: &str, value: bool| {
                let hint = format!("{name} {}", sampler.variant);
                let id = &sampler.scene.ids[id];
                json!({ "predefinedVariationId": id, "name": hint, "hint": hint, "value": { "boolValue": value } })
            };
            json!([variation("On", "variationOn", true), variation("Off", "variationOff", false)])
        }
        ("CreateSetting", "predefinedVariations")
            if sampler.variant.is_multiple_of(4) && sampler.variant > 0 =>
        {
            json!([
                { "name": "On", "hint": "a", "value": { "boolValue": true } },
                { "name": "Off", "hint": "b", "value": { "boolValue": false } },
            ])
        }
        // Permissions that depend on each other.
        (_, name) if name.starts_with("can") => json!(!odd),
        // A value of the flag's type.
        ("CreateSetting", "initialValues") => {
            let value = [json!(true), json!("text"), json!(5), json!(1.5)][sampler.variant % 4].clone();
            json!([{ "environmentId": TEST, "value": value }])
        }
        // New variations have no id yet; version guards are covered by the tests of conflicts.
        (_, "predefinedVariationId" | "latestVersionId") => return Some(None),
        // A new flag takes its values from another flag or from the request.
        ("CreateSetting", "settingIdToInitFrom" | "predefinedVariations") => return Some(None),
        _ => return None,
    };
    Some(Some(value))
}

/// Returns the id of a resource of the demo.
fn demo_id(sampler: &Sampler<'_>, schema: &Schema, field: &Field) -> Option<Value> {
    Some(match field.wire {
        "settingId" => json!(sampler.flag()),
        "environmentId" | "environmentIdFilter" => json!(TEST),
        "environmentIds" => json!([TEST]),
        "configId" | "configIdFilter" => json!(STOREFRONT),
        "configIds" => json!([STOREFRONT]),
        "segmentId" if schema.name != "UpdateRolloutRule" => json!(BETA),
        "tags" => json!([2001 + sampler.variant % 2]),
        "permissionGroupId" => json!(MANAGERS),
        "permissionGroupIds" => json!([MANAGERS]),
        "prerequisiteSettingId" => json!(CART),
        "prerequisiteComparisonValue" => json!({ "intValue": 5 }),
        _ => return None,
    })
}

/// Returns the value of a mutually exclusive field; the inner `None` omits the field.
fn choice(sampler: &mut Sampler<'_>, schema: &Schema, field: &Field) -> Option<Option<Value>> {
    let odd = sampler.variant % 2 == 1;
    let value = match (schema.name, field.wire) {
        ("UpdateCondition", _) => unreachable!("conditions are created by `condition`"),
        ("UpdateUserCondition", "comparator") => json!(sampler.comparison().0),
        ("UpdateUserCondition", "comparisonValue") => sampler.comparison().1,
        ("UpdateTargetingRule", "conditions") => {
            let Type::List(Type::Object(condition)) = field.ty else { panic!("conditions are objects") };
            json!([sampler.condition(condition)])
        }
        ("UpdateTargetingRule", "value") if odd => return Some(None),
        ("UpdateTargetingRule", "percentageOptions") if !odd => return Some(None),
        (_, "percentageOptions") => json!([
            { "percentage": 40, "value": { "boolValue": true } },
            { "percentage": 60, "value": { "boolValue": false } },
        ]),
        (_, "rolloutPercentageItems") => {
            json!([{ "percentage": 40, "value": true }, { "percentage": 60, "value": false }])
        }
        ("UpdateRolloutRule", "segmentComparator" | "segmentId") if !odd => return Some(None),
        ("UpdateRolloutRule", "segmentId") => json!(BETA),
        ("UpdateRolloutRule", "comparator" | "comparisonAttribute" | "comparisonValue") if odd => {
            return Some(None);
        }
        _ => return None,
    };
    Some(Some(value))
}
