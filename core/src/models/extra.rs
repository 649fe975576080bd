//! The members of an object that the spec does not have.

use serde_json::{Map, Value};
use std::fmt;

/// Members that the spec does not have: fields that the service has added since this version was released.
///
/// Those of a response are kept, and are written again when the model is serialized. Those of a request are sent without any
/// check.
///
/// ```
/// use configcat_management::models::{Me, UpdateTag};
/// use serde_json::json;
///
/// let me: Me = serde_json::from_value(json!({ "email": "a@example.com", "fullName": "A", "language": "en" }))?;
/// assert_eq!(me.extra.get("language"), Some(&json!("en")));
///
/// let update = UpdateTag::new().extra("icon", "moon");
/// assert_eq!(serde_json::to_string(&update)?, r#"{"icon":"moon"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
// A pointer only: every object has one, and almost all are empty.
#[derive(Clone, PartialEq, Default)]
pub struct Extra(Option<Box<Map<String, Value>>>);

impl Extra {
    /// No members.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are no such members.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |members| members.len())
    }

    /// The value of a member, by its name on the wire.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|members| members.iter()).map(|(name, value)| (name.as_str(), value))
    }

    /// Sets a member. Returns its previous value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.get_or_insert_default().insert(name.into(), value.into())
    }
}

/// Like a map.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(String, Value)> for Extra {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let members: Map<String, Value> = members.into_iter().collect();
        Self((!members.is_empty()).then(|| Box::new(members)))
    }
}

impl From<Extra> for Map<String, Value> {
    fn from(extra: Extra) -> Self {
        extra.0.map_or_else(Self::new, |members| *members)
    }
}
