//! Generates identifiers.

use super::entities::Place;
use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use configcat_management::models::{
    ChangeRequestCommentId, ChangeRequestId, EvaluationVersion, PermissionGroupId, SettingId, TagId,
    WebhookId,
};
use serde::{Deserialize, Serialize};

const KEY_CHARACTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const KEY_PART: usize = 22;

/// Largest number that a seed may assign, so that enough numbers follow it. The API has 32 bits for some of them.
pub const MAX_SEEDED: i64 = 1_000_000_000;

/// Counters with the last numbers that were assigned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    number: i64,
    created: u64,
    audit: i64,
}

impl Ids {
    /// Returns the next number. All numbered entities share one counter, except audit log entries.
    // Assumed: flags, tags, permission groups, webhooks and change requests share one sequence of numbers.
    pub fn number(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    /// Reserves a number that a seed assigns, so that it is not assigned again.
    ///
    /// # Errors
    /// When the number is out of range.
    pub fn reserve(&mut self, field: &str, number: i64) -> Result<(), Problem> {
        in_range(field, number)?;
        self.number = self.number.max(number);
        Ok(())
    }

    /// Reserves the number of an audit log entry.
    ///
    /// # Errors
    /// When the number is out of range.
    pub fn reserve_audit(&mut self, field: &str, number: i64) -> Result<(), Problem> {
        in_range(field, number)?;
        self.audit = self.audit.max(number);
        Ok(())
    }

    /// Sets the last numbers, of entities and of audit log entries.
    ///
    /// # Errors
    /// When a number is out of range.
    pub fn follow(&mut self, number: i64, audit: i64) -> Result<(), Problem> {
        in_range("lastNumber", number.max(1))?;
        in_range("lastAuditLogId", audit.max(1))?;
        (self.number, self.audit) = (number, audit);
        Ok(())
    }

    /// Returns the last number of a numbered entity.
    pub const fn last_number(&self) -> i64 {
        self.number
    }

    /// Returns the number of the last audit log entry.
    pub const fn last_audit(&self) -> i64 {
        self.audit
    }

    /// Returns the last counter for sorting by creation.
    pub const fn last_created(&self) -> u64 {
        self.created
    }

    pub fn setting(&mut self) -> SettingId {
        // The API has 32 bits for it, which are more than a simulation uses.
        SettingId::new(i32::try_from(self.number()).unwrap_or(i32::MAX))
    }

    pub fn tag(&mut self) -> TagId {
        TagId::new(self.number())
    }

    pub fn permission_group(&mut self) -> PermissionGroupId {
        PermissionGroupId::new(self.number())
    }

    pub fn webhook(&mut self) -> WebhookId {
        WebhookId::new(i32::try_from(self.number()).unwrap_or(i32::MAX))
    }

    pub fn change_request(&mut self) -> ChangeRequestId {
        ChangeRequestId::new(self.number())
    }

    pub fn comment(&mut self) -> ChangeRequestCommentId {
        ChangeRequestCommentId::new(self.number())
    }

    /// Returns the number of the next audit log entry.
    pub fn audit_entry(&mut self) -> i64 {
        self.audit += 1;
        self.audit
    }

    /// Returns a counter that is higher than all before it, for sorting by creation.
    pub fn created(&mut self) -> u64 {
        self.created += 1;
        self.created
    }

    /// Returns a position in a list: at the given order, or after the last item.
    // Documented: an item that is created without `order` comes after the last one.
    // Assumed: several items may have the same order.
    pub fn place(&mut self, order: Option<i32>, others: impl Iterator<Item = i32>) -> Place {
        let created = self.created();
        let order = order.unwrap_or_else(|| others.max().map_or(0, |last| last.saturating_add(1)));
        Place { order, created }
    }
}

fn in_range(field: &str, number: i64) -> Result<(), Problem> {
    if (1..=MAX_SEEDED).contains(&number) {
        return Ok(());
    }
    Err(Problem::field(field, format!("It must be a number from 1 to {MAX_SEEDED}.")))
}

/// Returns a random UUID (version 4).
pub fn uuid() -> String {
    let random = (fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{random:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn key_part() -> String {
    let random = || KEY_CHARACTERS.get(fastrand::usize(..KEY_CHARACTERS.len())).copied().unwrap_or(b'A');
    (0..KEY_PART).map(|_| char::from(random())).collect()
}

/// Returns a new SDK key in the format of the config's version.
// Documented: SDK keys of V2 configs are `configcat-sdk-1/`, 22 characters, `/` and 22 characters; those of
// V1 configs lack the prefix.
pub fn sdk_key(version: &EvaluationVersion) -> String {
    let parts = format!("{}/{}", key_part(), key_part());
    if *version == EvaluationVersion::V2 { format!("configcat-sdk-1/{parts}") } else { parts }
}

/// Returns a new key to sign webhook calls.
// Documented: signing keys begin with `configcat_whsk_`.
pub fn signing_key() -> String {
    let random: [u8; 32] = std::array::from_fn(|_| fastrand::u8(..));
    format!("configcat_whsk_{}", STANDARD.encode(random))
}

/// Returns a new secret of a proxy profile.
// Assumed: secrets of proxy profiles begin with `configcat_proxy_`.
pub fn secret() -> String {
    let random: [u8; 32] = std::array::from_fn(|_| fastrand::u8(..));
    format!("configcat_proxy_{}", URL_SAFE_NO_PAD.encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;
    use configcat_management::spec::validate::is_uuid;

    #[test]
    fn uuid_is_random_and_has_version_4() {
        let (a, b) = (uuid(), uuid());
        assert!(is_uuid(&a) && a != b, "{a} {b}");
        assert_eq!(&a[14..15], "4");
        assert!("89ab".contains(&a[19..20]), "{a}");
    }

    #[test]
    fn sdk_key_format_depends_on_config_version() {
        let v1 = sdk_key(&EvaluationVersion::V1);
        assert_eq!(v1.split('/').map(str::len).collect::<Vec<_>>(), [22, 22]);
        let v2 = sdk_key(&EvaluationVersion::V2);
        assert_eq!(v2.split('/').map(str::len).collect::<Vec<_>>(), [15, 22, 22]);
        assert!(v2.starts_with("configcat-sdk-1/"));
    }
}
