//! Enum values in seeds: in any case, and only those that are known.

use super::mistakes;
use configcat_management::models::{
    AuditLogType, ChangeRequestActivityType, ChangeRequestIssueType, ChangeRequestStatus,
    IntegrationLinkType, KeyGenerationMode, SettingType,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// An enum that keeps values which it does not know.
pub trait KnownValues: Sized + Clone + 'static {
    /// The values that it knows.
    const KNOWN: &'static [Self];
    /// Returns the value on the wire.
    fn wire(&self) -> &str;
}

macro_rules! known {
    ($($name:ident),+ $(,)?) => {$(
        impl KnownValues for $name {
            const KNOWN: &'static [Self] = Self::ALL;
            fn wire(&self) -> &str {
                self.as_str()
            }
        }
    )+};
}

known!(
    AuditLogType,
    ChangeRequestActivityType,
    ChangeRequestIssueType,
    ChangeRequestStatus,
    IntegrationLinkType,
    KeyGenerationMode,
    SettingType,
);

/// Reads a known value.
pub fn value<'de, D: Deserializer<'de>, T: KnownValues>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = T::KNOWN.iter().find(|known| known.wire().eq_ignore_ascii_case(&text));
    found
        .cloned()
        .ok_or_else(|| D::Error::custom(mistakes::unknown_value(&text, T::KNOWN.iter().map(T::wire))))
}

/// Reads a known value, or null.
pub fn optional<'de, D: Deserializer<'de>, T: KnownValues>(deserializer: D) -> Result<Option<T>, D::Error> {
    struct Known<T>(T);
    impl<'de, T: KnownValues> Deserialize<'de> for Known<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            value(deserializer).map(Self)
        }
    }
    Ok(Option::<Known<T>>::deserialize(deserializer)?.map(|known| known.0))
}
