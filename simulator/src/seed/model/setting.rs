//! Flags of a seed.

use super::common::{Reference, is_default};
use crate::seed::{known, mistakes};
use crate::state::strict;
use configcat_management::Timestamp;
use configcat_management::models::{IntegrationLinkType, SettingId, SettingType};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A flag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting_id: Option<SettingId>,
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Type of the values.
    #[serde(deserialize_with = "known::value")]
    pub setting_type: SettingType,
    /// Hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Position in the list of flags. Default: after the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Whether its strings are JSON.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_json: bool,
    /// Time of its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// E-mail address of its creator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_email: Option<String>,
    /// Names or numbers of tags.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<SettingTagSeed>,
    /// Predefined variations, as in a response: with `predefinedVariationId`, `value`, `name` and `hint`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub predefined_variations: Vec<Value>,
    /// Values by the name of the environment: a plain value, or the body of a request to replace the value. The object may
    /// also have the fields `lastVersionId`, `lastUpdaterUserEmail` and `updatedAt` of a response; if that is null, the value
    /// was never changed.
    #[serde(default, deserialize_with = "strict::values", skip_serializing_if = "is_default")]
    pub values: BTreeMap<String, Value>,
    /// Links to other systems, by the name of the environment.
    #[serde(default, deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub integration_links: BTreeMap<String, Vec<LinkSeed>>,
    /// References to the flag in code.
    #[serde(default, skip_serializing_if = "is_default")]
    pub code_references: Vec<CodeReferenceSeed>,
}

/// A tag of a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase", try_from = "Value")]
pub enum SettingTagSeed {
    /// Name or number of the tag.
    Tag(Reference),
    /// The tag, and the number of its attachment.
    Attached {
        /// Name or number of the tag.
        tag: Reference,
        /// Number of the attachment.
        setting_tag_id: i64,
    },
}

impl TryFrom<Value> for SettingTagSeed {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Attached {
            tag: Reference,
            setting_tag_id: i64,
        }
        let explained = |error: serde_json::Error| mistakes::explained(&error.to_string());
        if !value.is_object() {
            return Reference::deserialize(value).map(Self::Tag).map_err(explained);
        }
        let Attached { tag, setting_tag_id } = Attached::deserialize(value).map_err(explained)?;
        Ok(Self::Attached { tag, setting_tag_id })
    }
}

/// A link of a flag to another system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkSeed {
    /// Type of the other system.
    #[serde(deserialize_with = "known::value")]
    pub integration_link_type: IntegrationLinkType,
    /// Key of the card, issue or item.
    pub key: String,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// References to a flag in the code of a branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeReferenceSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_reference_id: Option<String>,
    /// Repository.
    pub repository: String,
    /// Branch.
    pub branch: String,
    /// URL of the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_url: Option<String>,
    /// Hash of the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_hash: Option<String>,
    /// Program that uploaded the references.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploader: Option<String>,
    /// Time of the upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<Timestamp>,
    /// The references, as in a request to upload them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub references: Vec<Value>,
}
