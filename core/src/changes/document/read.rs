//! Reads documents. What a section does not know is refused, with its place.

use super::item::Item;
use crate::call::suggestion;
use crate::changes::flag::FlagState;
use crate::changes::section::{ENVIRONMENT_PREFERENCES, PREFERENCES, Role, Section, VALUES};
use crate::spec::validate::{Enums, Violation, check_named};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Reads an entity of a section.
#[derive(Clone, Copy)]
pub(super) struct ItemOf(pub(super) &'static Section);

impl<'de> DeserializeSeed<'de> for ItemOf {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ItemOf {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as an object", self.0.singular)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Item, A::Error> {
        let section = self.0;
        let mut item = Item::default();
        while let Some(name) = members.next_key::<String>()? {
            read_member(section, &name, &mut item, &mut members).map_err(|error| below(&name, &error))?;
        }
        if item.key(section).is_empty() {
            return Err(A::Error::custom(format!("{} of the {} is missing", section.key, section.singular)));
        }
        Ok(item)
    }
}

fn read_member<'de, A: MapAccess<'de>>(
    section: &'static Section,
    name: &str,
    item: &mut Item,
    members: &mut A,
) -> Result<(), A::Error> {
    let known = name == section.key || section.member(name).is_some();
    let twice = item.fields.contains_key(name) || item.children.contains_key(name);
    if twice {
        return Err(A::Error::custom("is present twice"));
    }
    if known {
        let value = members.next_value::<Value>()?;
        check(section, name, &value).map_err(|violation| custom(&violation))?;
        item.fields.insert(name.to_owned(), value);
    } else if let Some(child) = section.child(name) {
        item.children.insert(child.name, members.next_value_seed(ListOf(child))?);
    } else if name == VALUES.name && section.has_values() {
        item.values = members.next_value_seed(ValuesOf)?;
    } else if name == "state" {
        let state = members.next_value::<String>()?;
        item.absent = match state.as_str() {
            "absent" => true,
            "present" => false,
            _ => return Err(A::Error::custom(format!("{state:?} is neither present nor absent"))),
        };
    } else {
        let hint = suggestion(name, section.known())
            .map_or_else(String::new, |known| format!(", did you mean {known}?"));
        return Err(A::Error::custom(format!("unknown field of a {}{hint}", section.singular)));
    }
    Ok(())
}

/// Checks a field by the limits of the spec.
fn check(section: &Section, name: &str, value: &Value) -> Result<(), Violation> {
    let wrong = |message: &str| Err(Violation { path: String::new(), message: message.to_owned() });
    let role = section.member(name).map_or(Role::Plain, |member| member.role);
    match role {
        Role::Plain | Role::Fixed | Role::Order | Role::Secrets => {
            let Some(field) = section.spec(name) else { return Ok(()) };
            if value.is_null() && (field.nullable || !field.required) {
                return Ok(());
            }
            first(check_named("", value, &field.ty, Enums::Closed))
        }
        Role::Names { .. } => {
            let is_name = |item: &Value| item.is_string() || item.is_number();
            match value.as_array() {
                Some(items) if items.iter().all(is_name) => Ok(()),
                _ => wrong("must be a list of names"),
            }
        }
        Role::ByEnvironment { .. } => match value.as_object() {
            Some(members) if members.values().all(Value::is_string) => Ok(()),
            _ => wrong("must be an object with a string for each environment"),
        },
        Role::Variations => variations(value),
        Role::Preference => match (value, name) {
            (Value::Bool(_), _) if ENVIRONMENT_PREFERENCES.contains(&name) => Ok(()),
            (Value::Bool(_), _) if PREFERENCES.contains(&name) && name != "keyGenerationMode" => Ok(()),
            (Value::String(_), "keyGenerationMode") => Ok(()),
            _ => wrong("must be a boolean"),
        },
    }
}

/// Checks predefined variations, of which the values are plain in documents.
fn variations(value: &Value) -> Result<(), Violation> {
    let wrong = |at: String, message: &str| Err(Violation { path: at, message: message.to_owned() });
    let Some(items) = value.as_array() else { return wrong(String::new(), "must be a list") };
    for (i, item) in items.iter().enumerate() {
        let Some(members) = item.as_object() else { return wrong(format!("[{i}]"), "must be an object") };
        if let Some(unknown) = members.keys().find(|name| !["value", "name", "hint"].contains(&name.as_str()))
        {
            return wrong(format!("[{i}].{unknown}"), "unknown field; known are value, name and hint");
        }
        if members.get("value").is_none_or(|value| value.is_null() || value.is_array()) {
            return wrong(format!("[{i}].value"), "must be a boolean, a string or a number");
        }
    }
    Ok(())
}

fn first(found: Vec<Violation>) -> Result<(), Violation> {
    found.into_iter().next().map_or(Ok(()), Err)
}

/// Reads the entities of a section. A duplicate key is refused.
struct ListOf(&'static Section);

impl<'de> DeserializeSeed<'de> for ListOf {
    type Value = Vec<Item>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Item>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ListOf {
    type Value = Vec<Item>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.0.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Item>, A::Error> {
        let mut items: Vec<Item> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        loop {
            let at = format!("[{}]", items.len());
            match list.next_element_seed(ItemOf(self.0)).map_err(|error| below(&at, &error))? {
                None => return Ok(items),
                Some(item) => {
                    let key = item.key(self.0).to_owned();
                    if !keys.insert(key.clone()) {
                        return Err(A::Error::custom(format!("{at}: {key:?} is a duplicate")));
                    }
                    items.push(item);
                }
            }
        }
    }
}

/// Reads values by the name of the environment.
struct ValuesOf;

impl<'de> DeserializeSeed<'de> for ValuesOf {
    type Value = BTreeMap<String, FlagState>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ValuesOf {
    type Value = BTreeMap<String, FlagState>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values by the name of the environment")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut values = BTreeMap::new();
        while let Some(name) = members.next_key::<String>()? {
            let state = members.next_value::<FlagState>().map_err(|error| below(&name, &error))?;
            if values.insert(name.clone(), state).is_some() {
                return Err(A::Error::custom(format!("{name} is a duplicate")));
            }
        }
        Ok(values)
    }
}

/// Adds the name of a member, or the position in a list, to the place of an error.
fn below<E: Error>(name: &str, error: &E) -> E {
    let text = error.to_string();
    let is_path = |text: &str| {
        let end = text.find(": ").unwrap_or(0);
        let path = text.get(..end).unwrap_or_default();
        !path.is_empty() && !path.contains(' ')
    };
    E::custom(match (text.starts_with('['), is_path(&text)) {
        (true, _) => format!("{name}{text}"),
        (false, true) => format!("{name}.{text}"),
        (false, false) => format!("{name}: {text}"),
    })
}

fn custom<E: Error>(violation: &Violation) -> E {
    E::custom(match violation.path.as_str() {
        "" => violation.message.clone(),
        path => format!("{path}: {}", violation.message),
    })
}
