//! Reads a response by the spec, and builds no values: finds where it cannot be decoded, and how much memory its values need.
//!
//! Decoders are generated for every type and do not know their position. Reading by the spec is slower, but is written once.

use super::member::{Member, MemberOf};
use super::memory::{self, Sizes, ValueForm};
use super::path::Path;
use super::schema::{Field, Schema, Type};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Maximum length of a value in a problem, in characters: enough to find credentials in it before it is truncated for display.
const EXCERPT: usize = 8 << 10;

/// Why a response cannot be decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Members are joined by dots, items of lists have their index: `data[0].name`.
    pub(crate) path: String,
    pub(crate) message: String,
    /// The value that was found, as JSON. Not redacted.
    pub(crate) found: Option<String>,
}

/// Shows the whole value that was found.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joint = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{}{joint}{}{}", self.path, self.message, self.found.as_deref().unwrap_or_default())
    }
}

/// Returns the first problem of a response of a type, whose values may take `budget` bytes. `None` if there is none, or if the
/// text is not JSON.
pub(crate) fn locate(text: &str, ty: &Type, form: ValueForm, budget: usize) -> Option<Problem> {
    let mut walk =
        Walk { left: budget, budget, form, sizes: Sizes::default(), is_null: false, problem: None };
    let size = walk.sizes.inline(ty);
    walk.spend(size, &Path::Root(""));
    let whole = Here { walk: &mut walk, path: &Path::Root(""), ty, nullable: false };
    let _ = whole.deserialize(&mut serde_json::Deserializer::from_str(text));
    walk.problem
}

struct Walk {
    /// Remaining memory, in bytes.
    left: usize,
    budget: usize,
    form: ValueForm,
    sizes: Sizes,
    /// Whether the last value was null.
    is_null: bool,
    problem: Option<Problem>,
}

impl Walk {
    /// Records a problem, and returns an error that ends the walk.
    fn stop<E: Error>(&mut self, path: &Path<'_>, message: String, found: Option<String>) -> E {
        self.problem.get_or_insert_with(|| Problem { path: start(&path.to_string()), message, found });
        E::custom("stopped")
    }

    /// Counts memory. Returns false, and records a problem, if more is needed than is left.
    fn spend(&mut self, bytes: usize, path: &Path<'_>) -> bool {
        let Some(left) = self.left.checked_sub(bytes) else {
            let message = format!(
                "its values need more than {} bytes of memory; max_response_size limits that, too",
                self.budget
            );
            self.problem.get_or_insert_with(|| Problem {
                path: start(&path.to_string()),
                message,
                found: None,
            });
            return false;
        };
        self.left = left;
        true
    }
}

/// The current value of the walk.
struct Here<'a> {
    walk: &'a mut Walk,
    path: &'a Path<'a>,
    ty: &'a Type,
    nullable: bool,
}

impl Here<'_> {
    fn wrong<E: Error>(self, found: impl fmt::Display) -> E {
        let message = format!("expected {}, found ", self.ty.expected());
        self.walk.stop(self.path, message, Some(found.to_string()))
    }

    fn spend<E: Error>(self, bytes: usize) -> Result<(), E> {
        if self.walk.spend(bytes, self.path) { Ok(()) } else { Err(E::custom("stopped")) }
    }

    fn whole<E: Error>(self, number: Option<i64>, shown: impl fmt::Display) -> Result<(), E> {
        match self.ty {
            // Limits are for requests. A response may use 32 bits, or 64 bits if the limits are wider than 32.
            Type::Integer { max, .. } => {
                let wide = *max > i64::from(i32::MAX);
                if number.is_some_and(|n| wide || i32::try_from(n).is_ok()) {
                    return Ok(());
                }
                Err(self.walk.stop(self.path, format!("{shown} is too large"), None))
            }
            Type::Number | Type::Value | Type::Any => Ok(()),
            _ => Err(self.wrong(shown)),
        }
    }

    fn object<'de, A: MapAccess<'de>>(self, schema: &'static Schema, mut members: A) -> Result<(), A::Error> {
        let Self { walk, path, .. } = self;
        let before = walk.left;
        let mut set = 0;
        let mut seen = vec![false; schema.fields.len()];
        while let Some(member) = members.next_key_seed(MemberOf(schema))? {
            let (index, field) = match member {
                Member::Field(index, field) => (index, field),
                Member::Unknown(length) => {
                    if !walk.spend(memory::unknown(walk.form, length), path) {
                        return Err(A::Error::custom("stopped"));
                    }
                    members.next_value_seed(Here { walk, path, ty: &Type::Any, nullable: true })?;
                    set += usize::from(!walk.is_null);
                    continue;
                }
            };
            let path = &Path::Member(path, field.wire);
            if seen.get_mut(index).is_some_and(|seen| std::mem::replace(seen, true)) {
                return Err(walk.stop(path, "duplicate field".to_owned(), None));
            }
            let nullable = field.nullable || !field.required;
            members.next_value_seed(Here { walk, path, ty: &field.ty, nullable })?;
            set += usize::from(!walk.is_null);
        }
        // Its members are kept as maps.
        if schema.one_of && set > 1 {
            let typed = before - walk.left + walk.sizes.inline(&Type::Object(schema));
            if !walk.spend(memory::as_maps(typed), path) {
                return Err(A::Error::custom("stopped"));
            }
        }
        walk.is_null = false;
        let missing = |(field, seen): &(&Field, bool)| field.required && !field.nullable && !seen;
        match schema.fields.iter().zip(seen).find(missing) {
            Some((field, _)) => {
                Err(walk.stop(&Path::Member(path, field.wire), "missing field".to_owned(), None))
            }
            None => Ok(()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Here<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if !self.walk.spend(memory::value(self.walk.form), self.path) {
            return Err(D::Error::custom("stopped"));
        }
        self.walk.is_null = false;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Here<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.ty.expected())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self.ty {
            Type::Boolean | Type::Value | Type::Any => Ok(()),
            _ => Err(self.wrong(value)),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.whole(Some(value), value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.whole(i64::try_from(value).ok(), value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match self.ty {
            Type::Number | Type::Value | Type::Any => Ok(()),
            _ => Err(self.wrong(value)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.ty {
            Type::Any | Type::Value | Type::String { .. } | Type::Uuid | Type::Enum(_) => {
                self.spend(memory::heap(text.len()))
            }
            Type::Timestamp => match text.parse::<crate::Timestamp>() {
                Ok(_) => Ok(()),
                Err(error) => {
                    let message = format!("not a valid timestamp ({error}): ");
                    Err(self.walk.stop(self.path, message, Some(quoted(text))))
                }
            },
            _ => Err(self.wrong(quoted(text))),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.walk.is_null = true;
        if self.nullable || matches!(self.ty, Type::Any) { Ok(()) } else { Err(self.wrong("null")) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let ty = match self.ty {
            Type::List(ty) | Type::Patch(ty) => *ty,
            Type::Any => &Type::Any,
            _ => return Err(self.wrong("a list")),
        };
        let Self { walk, path, .. } = self;
        let size = walk.sizes.inline(ty);
        for index in 0.. {
            let path = &Path::Item(path, index);
            if items.next_element_seed(Here { walk, path, ty, nullable: false })?.is_none() {
                break;
            }
            if !walk.spend(memory::item(index, size), path) {
                return Err(A::Error::custom("stopped"));
            }
        }
        walk.is_null = false;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let ty = match self.ty {
            Type::Object(schema) => return self.object(schema, members),
            Type::Map(ty) => *ty,
            Type::Any => &Type::Any,
            _ => return Err(self.wrong("an object")),
        };
        let Self { walk, path, .. } = self;
        let size = memory::entry(walk.sizes.inline(ty));
        let mut map = memory::map(walk.form);
        while let Some(name) = members.next_key::<String>()? {
            let path = &Path::Member(path, &name);
            if !walk.spend(std::mem::take(&mut map) + size + memory::heap(name.len()), path) {
                return Err(A::Error::custom("stopped"));
            }
            members.next_value_seed(Here { walk, path, ty, nullable: false })?;
        }
        walk.is_null = false;
        Ok(())
    }
}

/// Returns the start of a string.
fn start(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

/// Returns the start of a string as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(start(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::products::PRODUCT;
    use serde_json::json;

    static PRODUCTS: Type = Type::List(&Type::Object(&PRODUCT));

    fn product() -> serde_json::Value {
        json!({
            "organization": { "organizationId": "o", "name": "O" }, "productId": "p", "name": "P",
            "description": null, "order": 1, "reasonRequired": false, "approveRequired": false, "new": [],
        })
    }

    #[test]
    fn first_undecodable_value_is_located() {
        let good = product();
        assert_eq!(locate(&json!([good, good]).to_string(), &PRODUCTS, ValueForm::Models, 1 << 20), None);
        for (pointer, wrong, path, message, found) in [
            ("/1/order", json!("first"), "[1].order", "expected a whole number", Some("\"first\"")),
            ("/1/order", json!(4_000_000_000_000_000_000_i64), "[1].order", "is too large", None),
            ("/0/organization/name", json!(null), "[0].organization.name", "expected a string", Some("null")),
            ("/0/organization", json!({ "name": "O" }), "[0].organization.organizationId", "missing", None),
            ("/0", json!([]), "[0]", "expected an object", Some("a list")),
        ] {
            let mut response = json!([good, good]);
            *response.pointer_mut(pointer).unwrap() = wrong;
            let problem = locate(&response.to_string(), &PRODUCTS, ValueForm::Models, 1 << 20).unwrap();
            assert_eq!((problem.path.as_str(), problem.found.as_deref()), (path, found), "{problem:?}");
            assert!(problem.message.contains(message), "{problem:?}");
        }
    }

    #[test]
    fn responses_of_all_contract_vectors_have_no_problem() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/contract/generated");
        let mut checked = 0;
        for entry in std::fs::read_dir(directory).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let vectors: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            for vector in vectors {
                let operation = vector["operation"].as_str().unwrap();
                let operation = crate::operations::ALL.iter().find(|known| known.id == operation).unwrap();
                let body = &vector["response"]["body"];
                if let Some(ty) = operation.response.as_ref().filter(|_| !body.is_null()) {
                    assert_eq!(
                        locate(&body.to_string(), ty, ValueForm::Models, 1 << 20),
                        None,
                        "{}",
                        operation.id
                    );
                    checked += 1;
                }
            }
        }
        assert!(checked > 100, "{checked}");
    }

    #[test]
    fn duplicate_field_is_located() {
        let text = r#"[{"name":"a","name":"b"}]"#;
        let problem = locate(text, &PRODUCTS, ValueForm::Models, 1 << 20).unwrap();
        assert_eq!((problem.path.as_str(), problem.message.as_str()), ("[0].name", "duplicate field"));
    }

    #[test]
    fn unknown_members_count() {
        let text = format!(r#"[{{"unknown":[{}0]}}]"#, "0,".repeat(10_000));
        let problem = locate(&text, &PRODUCTS, ValueForm::Trees, 100_000).unwrap();
        assert!(problem.message.contains("100000 bytes"), "{problem:?}");
        let problem = locate(&text, &PRODUCTS, ValueForm::Models, 100_000).unwrap();
        assert!(problem.message.contains("100000 bytes"), "{problem:?}");
    }

    #[test]
    fn condition_of_two_types_counts_as_maps() {
        static CONDITIONS: Type = Type::List(&Type::Object(&crate::schema::flag_values::CONDITION));
        let segment = json!({ "segmentId": "s", "comparator": "isIn" });
        let flag = json!({ "prerequisiteSettingId": 1, "comparator": "equals",
            "prerequisiteComparisonValue": { "boolValue": true } });
        let many = |condition: serde_json::Value| serde_json::Value::from(vec![condition; 100]).to_string();
        let locate = |text: &str| locate(text, &CONDITIONS, ValueForm::Models, 200_000);
        assert_eq!(locate(&many(json!({ "segmentCondition": segment }))), None);
        assert_eq!(locate(&many(json!({ "prerequisiteFlagCondition": flag }))), None);
        let both = json!({ "segmentCondition": segment, "prerequisiteFlagCondition": flag });
        let problem = locate(&many(both)).unwrap();
        assert!(problem.message.contains("200000 bytes"), "{problem:?}");
    }

    #[test]
    fn memory_beyond_the_budget_is_located() {
        let many = serde_json::Value::from(vec![product(); 100]).to_string();
        assert_eq!(locate(&many, &PRODUCTS, ValueForm::Models, 1 << 20), None);
        let problem = locate(&many, &PRODUCTS, ValueForm::Models, 10_000).unwrap();
        assert!(problem.path.starts_with('[') && problem.message.contains("10000 bytes"), "{problem:?}");
    }
}
