//! Configs of a seed, with SDK keys and webhooks.

use super::change_request::ChangeRequestSeed;
use super::common::is_default;
use super::setting::SettingSeed;
use crate::seed::body::{Body, SeedBody};
use crate::seed::{known, mistakes};
use crate::state::strict;
use configcat_management::models::{
    ConfigId, EvaluationVersion, SettingId, SettingType, WebhookId, WebhookInput,
};
use configcat_management::schema;
use configcat_management::spec::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A config of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConfigSeed {
    /// Identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_id: Option<ConfigId>,
    /// Name.
    pub name: String,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Position in the list of configs. Default: after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Evaluation version; v2 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation_version: Option<EvaluationVersion>,
    /// SDK keys, by the name of the environment.
    #[serde(deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub sdk_keys: BTreeMap<String, SdkKeySeed>,
    /// Webhooks, by the name of the environment.
    #[serde(deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub webhooks: BTreeMap<String, Vec<WebhookSeed>>,
    /// Flags.
    #[serde(skip_serializing_if = "is_default")]
    pub settings: Vec<SettingSeed>,
    /// Flags that were deleted.
    #[serde(skip_serializing_if = "is_default")]
    pub deleted_settings: Vec<DeletedSettingSeed>,
    /// Change requests.
    #[serde(skip_serializing_if = "is_default")]
    pub change_requests: Vec<ChangeRequestSeed>,
}

/// The SDK keys of a config in an environment.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Value")]
pub enum SdkKeySeed {
    /// The primary key.
    Primary(String),
    /// Both keys.
    Pair {
        /// The primary key.
        primary: String,
        /// The secondary key.
        secondary: String,
    },
}

/// Does not show the keys.
impl fmt::Debug for SdkKeySeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdkKeySeed").finish_non_exhaustive()
    }
}

impl TryFrom<Value> for SdkKeySeed {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Pair {
            primary: String,
            secondary: String,
        }
        if let Value::String(primary) = value {
            return Ok(Self::Primary(primary));
        }
        let Pair { primary, secondary } =
            Pair::deserialize(value).map_err(|error| mistakes::explained(&error.to_string()))?;
        Ok(Self::Pair { primary, secondary })
    }
}

/// A webhook of a seed: the body of a create request, plus a number and signing keys.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<WebhookId>,
    /// Keys that sign its calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_keys: Option<SigningKeysSeed>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub webhook: Body<WebhookInput>,
}

/// Does not show headers, which may be secrets.
impl fmt::Debug for WebhookSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSeed").field("webhook_id", &self.webhook_id).finish_non_exhaustive()
    }
}

impl SeedBody for WebhookInput {
    const SCHEMA: &'static Schema = &schema::webhooks::WEBHOOK_INPUT;
    const OWN: &'static [&'static str] = &["webhookId", "signingKeys"];
}

/// Keys that sign the calls of a webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKeysSeed {
    /// First key.
    pub key1: String,
    /// Second key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key2: Option<String>,
}

/// Does not show the keys.
impl fmt::Debug for SigningKeysSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeysSeed").finish_non_exhaustive()
    }
}

/// A deleted flag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeletedSettingSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting_id: Option<SettingId>,
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Type of the values.
    #[serde(deserialize_with = "known::value")]
    pub setting_type: SettingType,
}
