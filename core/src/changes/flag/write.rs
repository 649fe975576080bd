//! Writes a value in the document's form.

use super::members::{
    COMPARATOR, DEFAULT, DOES_NOT_EQUAL, EQUALS, FLAG, HINT, IF, IS_NOT_IN, PERCENTAGE, PERCENTAGE_ATTRIBUTE,
    RULES, SEGMENT, SERVE, USER, VALUE,
};
use super::state::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

/// A plain value if all users get it.
impl Serialize for FlagState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return self.default.serialize(serializer);
        }
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry(DEFAULT, &self.default)?;
        if !self.rules.is_empty() {
            members.serialize_entry(RULES, &self.rules)?;
        }
        if let Some(attribute) = &self.percentage_attribute {
            members.serialize_entry(PERCENTAGE_ATTRIBUTE, attribute)?;
        }
        members.end()
    }
}

impl Serialize for FlagRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        if !self.conditions.is_empty() {
            members.serialize_entry(IF, &self.conditions)?;
        }
        members.serialize_entry(SERVE, &self.serve)?;
        members.end()
    }
}

impl Serialize for Serve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Split(options) => {
                let mut list = serializer.serialize_seq(Some(options.len()))?;
                for (percentage, value) in options {
                    list.serialize_element(&Share { percentage: *percentage, value })?;
                }
                list.end()
            }
        }
    }
}

struct Share<'a> {
    percentage: i32,
    value: &'a crate::models::SettingValue,
}

impl Serialize for Share<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry(PERCENTAGE, &self.percentage)?;
        members.serialize_entry(VALUE, self.value)?;
        members.end()
    }
}

impl Serialize for FlagCondition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        match self {
            Self::User { attribute, comparator, value } => {
                members.serialize_entry(USER, attribute)?;
                members.serialize_entry(comparator.as_str(), value)?;
            }
            Self::Segment { name, negated } => {
                members.serialize_entry(SEGMENT, name)?;
                if *negated {
                    members.serialize_entry(COMPARATOR, IS_NOT_IN)?;
                }
            }
            Self::Flag { key, negated, value } => {
                members.serialize_entry(FLAG, key)?;
                members.serialize_entry(if *negated { DOES_NOT_EQUAL } else { EQUALS }, value)?;
            }
        }
        members.end()
    }
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Number(number) => super::scalar::number(*number).serialize(serializer),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

impl Serialize for ListItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(hint) = &self.hint else { return self.value.serialize(serializer) };
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry(VALUE, &self.value)?;
        members.serialize_entry(HINT, hint)?;
        members.end()
    }
}
