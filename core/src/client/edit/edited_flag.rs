//! The flag that an edited state belongs to.

use crate::error::{Error, Result};
use crate::models::{PredefinedVariation, SettingType, SettingValue, UpdateFlagValue};

/// The flag that a state belongs to.
#[derive(Debug, Clone)]
pub struct EditedFlag {
    /// Key of the flag.
    pub key: String,
    /// Type of its values.
    pub setting_type: SettingType,
    /// Its predefined variations. If there are any, no other value can be served.
    pub variations: Vec<PredefinedVariation>,
}

impl EditedFlag {
    /// Returns a value of a boolean flag as it is written.
    pub(super) fn boolean(&self, value: bool, action: &str) -> Result<UpdateFlagValue> {
        let Self { key, setting_type, variations } = self;
        let refused =
            |reason: String| Error::bad_request(format!("cannot {action} the flag {key}: {reason}"));
        if *setting_type != SettingType::Boolean {
            return Err(refused(format!("its type is {setting_type}, not boolean")));
        }
        if variations.is_empty() {
            return Ok(value.into());
        }
        let found = variations.iter().find(|variation| variation.value == SettingValue::Boolean(value));
        let found = found.ok_or_else(|| refused(format!("none of its predefined variations is {value}")))?;
        Ok(UpdateFlagValue::variation(found.predefined_variation_id.clone()))
    }
}
