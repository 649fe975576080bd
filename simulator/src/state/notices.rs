//! Changes that webhooks are notified of.

use configcat_management::models::{ConfigId, EnvironmentId, SettingId};

/// A change of a flag in an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Notice {
    pub(crate) config: ConfigId,
    pub(crate) environment: EnvironmentId,
    pub(crate) setting: SettingId,
    pub(crate) key: String,
    pub(crate) details: String,
    pub(crate) why: Option<String>,
}
