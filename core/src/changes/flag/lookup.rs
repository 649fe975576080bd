//! How names and ids are looked up.

use crate::models::SettingType;

/// Names of what conditions refer to. Ids that are not known stay ids.
pub(crate) trait Names {
    /// Name of a segment.
    fn segment(&self, id: &str) -> Option<&str>;
    /// Key of a flag of the config.
    fn flag(&self, id: i32) -> Option<&str>;
}

/// Ids of what conditions refer to. For the simulator.
#[doc(hidden)]
pub trait Ids {
    /// Id of a segment with a name, or with an id.
    fn segment(&self, name: &str) -> Option<String>;
    /// Number of a flag with a key, or with a number, and the type of its values.
    fn flag(&self, key: &str) -> Option<(i32, SettingType)>;
}
