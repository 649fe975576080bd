//! The three states of an optional, nullable field in a request.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field that may be left out, set to null, or set to a value, each with a different meaning.
///
/// If the field is left out, the service keeps (update) or resets (replace) its value; null clears it.
///
/// ```
/// use configcat_management::{Field, models::UpdateConfig};
///
/// let rename = UpdateConfig::new().name("Checkout");
/// let clear = UpdateConfig::new().description(Field::Null);
/// assert_eq!(serde_json::to_string(&rename).unwrap(), r#"{"name":"Checkout"}"#);
/// assert_eq!(serde_json::to_string(&clear).unwrap(), r#"{"description":null}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Field<T> {
    /// Not sent.
    #[default]
    Absent,
    /// Sent as null.
    Null,
    /// Sent as this value.
    Value(T),
}

impl<T> Field<T> {
    /// Whether the field is left out.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value by reference, if there is one.
    pub const fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Value(value) => Field::Value(value),
        }
    }
}

impl<T> Field<Vec<T>> {
    /// Adds an item to the list. If the field is left out or null, the list has only this item.
    ///
    /// ```
    /// use configcat_management::models::{UpdateEvaluationFormula, UpdateTargetingRule};
    /// use configcat_management::rules::when;
    ///
    /// let mut formula = UpdateEvaluationFormula::new(false);
    /// let rule = UpdateTargetingRule::serve(true).condition(when::country().equals("Norway"));
    /// formula.targeting_rules.push(rule);
    /// ```
    pub fn push(&mut self, item: T) {
        match self {
            Self::Value(items) => items.push(item),
            Self::Absent | Self::Null => *self = Self::Value(vec![item]),
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` becomes null: an `Option` means "this value or no value".
impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<&str> for Field<serde_json::Value> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // The containing struct leaves an absent field out; on its own it can only be null.
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Body {
        #[serde(default, skip_serializing_if = "Field::is_absent")]
        name: Field<String>,
    }

    #[test]
    fn item_is_added_to_a_list_that_may_be_left_out() {
        for (mut list, expected) in
            [(Field::Absent, vec![3]), (Field::Null, vec![3]), (Field::Value(vec![1, 2]), vec![1, 2, 3])]
        {
            list.push(3);
            assert_eq!(list, Field::Value(expected));
        }
    }

    #[test]
    fn absent_null_and_value_survive_a_round_trip() {
        for (body, json) in [
            (Body { name: Field::Absent }, "{}"),
            (Body { name: Field::Null }, r#"{"name":null}"#),
            (Body { name: "x".into() }, r#"{"name":"x"}"#),
        ] {
            assert_eq!(serde_json::to_string(&body).unwrap(), json);
            assert_eq!(serde_json::from_str::<Body>(json).unwrap(), body);
        }
    }
}
