//! Walks through a value, in memory or serialized as JSON.

use super::violation::{Enums, Violation, is_uuid};
use crate::spec::member::{Member, MemberOf};
use crate::spec::path::Path;
use crate::spec::schema::{Schema, Type};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::fmt::{self, Write as _};

/// Maximum length of a value in a message, in characters.
const SHOWN: usize = 64;

/// Returns every violation of a value, in the order of its fields.
pub(super) fn walk<'de, D>(name: &str, value: D, ty: &Type, enums: Enums) -> Vec<Violation>
where
    D: Deserializer<'de>,
    D::Error: fmt::Display,
{
    let mut checker = Checker { enums, found: Vec::new() };
    let path = Path::Root(name);
    if let Err(error) = (Here { checker: &mut checker, path: &path, ty, nullable: None }).deserialize(value) {
        checker.report(&path, error.to_string());
    }
    checker.found
}

struct Checker {
    enums: Enums,
    found: Vec<Violation>,
}

impl Checker {
    fn report(&mut self, path: &Path<'_>, message: String) {
        self.found.push(Violation { path: path.to_string(), message });
    }

    fn wrong_type(&mut self, path: &Path<'_>, expected: &str, found: impl fmt::Display) {
        self.report(path, format!("must be {expected}, not {found}"));
    }

    fn length(&mut self, path: &Path<'_>, text: &str, min: u64, max: Option<u64>) {
        // A string has no more characters than bytes, so most need not be counted.
        if min == 0 && max.is_none_or(|max| text.len() as u64 <= max) {
            return;
        }
        let length = text.chars().count() as u64;
        if length < min {
            self.report(path, format!("must have at least {min} characters, not {length}"));
        }
        if let Some(max) = max.filter(|max| length > *max) {
            self.report(path, format!("must have at most {max} characters, not {length}"));
        }
    }
}

/// The current value of the walk.
struct Here<'a> {
    checker: &'a mut Checker,
    path: &'a Path<'a>,
    ty: &'a Type,
    /// For a field, whether it may be null.
    nullable: Option<bool>,
}

impl Here<'_> {
    /// Reports a value of the wrong type.
    fn wrong<E>(self, found: impl fmt::Display) -> Result<(), E> {
        let expected = match self.ty {
            Type::Any => return Ok(()),
            Type::Value => "a boolean, a string or a number",
            Type::Uuid => "a UUID",
            other => other.expected(),
        };
        self.checker.wrong_type(self.path, expected, found);
        Ok(())
    }

    fn number<E>(self, number: Number) -> Result<(), E> {
        match *self.ty {
            Type::Value | Type::Number => {}
            Type::Integer { min, max } => match number.as_i64() {
                Some(number) if (min..=max).contains(&number) => {}
                Some(number) => {
                    self.checker.report(self.path, format!("must be {min} to {max}, not {number}"))
                }
                None => return self.wrong(number),
            },
            _ => return self.wrong(number),
        }
        Ok(())
    }

    fn object<'de, A: MapAccess<'de>>(self, schema: &Schema, mut members: A) -> Result<(), A::Error> {
        let Self { checker, path, .. } = self;
        let first = checker.found.len();
        let mut seen = vec![false; schema.fields.len()];
        // Violations by field, because members come in any order.
        let mut wrong: Vec<(usize, Vec<Violation>)> = Vec::new();
        while let Some(member) = members.next_key_seed(MemberOf(schema))? {
            let Member::Field(index, field) = member else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(seen) = seen.get_mut(index) {
                *seen = true;
            }
            let path = &Path::Member(path, field.wire);
            let nullable = Some(field.nullable);
            members.next_value_seed(Here { checker, path, ty: &field.ty, nullable })?;
            if checker.found.len() > first {
                wrong.push((index, checker.found.split_off(first)));
            }
        }
        for (index, field) in schema.fields.iter().enumerate() {
            if field.required && seen.get(index) == Some(&false) {
                checker.report(&Path::Member(path, field.wire), "is required".into());
                wrong.push((index, checker.found.split_off(first)));
            }
        }
        wrong.sort_by_key(|(index, _)| *index);
        checker.found.extend(wrong.into_iter().flat_map(|(_, violations)| violations));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Here<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
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
            Type::Boolean | Type::Value => Ok(()),
            _ => self.wrong(value),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.number(number),
            None => self.wrong(value),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match *self.ty {
            Type::Value => {}
            Type::String { min, max } => self.checker.length(self.path, text, min, max),
            Type::Uuid if is_uuid(text) => {}
            Type::Timestamp if text.parse::<crate::Timestamp>().is_ok() => {}
            Type::Enum(known) => {
                if self.checker.enums == Enums::Closed && !known.contains(&text) {
                    let expected = format!("one of {}", known.join(", "));
                    self.checker.wrong_type(self.path, &expected, Shown(text));
                }
            }
            _ => return self.wrong(Shown(text)),
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.nullable {
            Some(true) => Ok(()),
            Some(false) if !matches!(self.ty, Type::Any) => {
                self.checker.report(self.path, "must not be null".into());
                Ok(())
            }
            _ => self.wrong("null"),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let (Type::List(ty) | Type::Patch(ty)) = *self.ty else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return self.wrong("a list");
        };
        let Self { checker, path, .. } = self;
        for index in 0.. {
            let path = &Path::Item(path, index);
            if items.next_element_seed(Here { checker, path, ty, nullable: None })?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        match *self.ty {
            Type::Object(schema) => self.object(schema, members),
            Type::Map(ty) => {
                let Self { checker, path, .. } = self;
                while let Some(name) = members.next_key::<String>()? {
                    let path = &Path::Member(path, &name);
                    members.next_value_seed(Here { checker, path, ty, nullable: None })?;
                }
                Ok(())
            }
            _ => {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                self.wrong("an object")
            }
        }
    }
}

/// Displays a string in a message: as JSON, truncated, never a whole body.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The truncated part is not processed.
        let mut rest = self.0.chars();
        let start: String = rest.by_ref().take(SHOWN).collect();
        let text = Value::from(start).to_string();
        if rest.next().is_none() && text.chars().count() <= SHOWN {
            return f.write_str(&text);
        }
        text.chars().take(SHOWN).chain("…".chars()).try_for_each(|c| f.write_char(c))
    }
}
