//! Counters: the next number of each must be free.

use super::super::State;
use super::super::ids::MAX_SEEDED;

/// Returns an error unless a number was assigned before a counter got its value.
fn before(counter: &str, last: i64, numbers: impl Iterator<Item = i64>) -> Result<(), String> {
    // Far from the end of its type, so that it never wraps.
    if !(0..=MAX_SEEDED * 2).contains(&last) {
        return Err(format!("meta.ids.{counter}: {last} is not a number from 0 to {}", MAX_SEEDED * 2));
    }
    match numbers.into_iter().find(|number| !(1..=last).contains(number)) {
        Some(number) => {
            Err(format!("meta.ids.{counter}: a row has number {number}, and the counter is {last}"))
        }
        None => Ok(()),
    }
}

impl State {
    /// Returns the numbers of all numbered entities.
    fn numbers(&self) -> impl Iterator<Item = i64> {
        let requests = || self.change_requests.values();
        (self.tags.values().map(|tag| tag.id.get()))
            .chain(self.settings.values().map(|setting| setting.id.get().into()))
            .chain(self.settings.values().flat_map(|setting| setting.tags.iter().map(|tag| tag.id)))
            .chain(self.deleted_settings.values().map(|setting| setting.id.get().into()))
            .chain(self.permission_groups.values().map(|group| group.id.get()))
            .chain(self.webhooks.values().map(|webhook| webhook.id.get().into()))
            .chain(requests().map(|request| request.id.get()))
            .chain(requests().flat_map(|request| request.comments.iter().map(|comment| comment.id.get())))
            .chain(requests().flat_map(|request| request.approvals.iter().map(|approval| approval.id)))
            .chain(requests().flat_map(|request| request.activities.iter().map(|activity| activity.id)))
            .chain(requests().flat_map(|request| request.issues.iter().map(|issue| issue.id)))
    }

    /// Returns the largest number of a numbered entity, or 0.
    pub(crate) fn highest_number(&self) -> i64 {
        self.numbers().max().unwrap_or_default()
    }

    /// Returns the largest number of an audit log entry, or 0.
    pub(crate) fn highest_audit(&self) -> i64 {
        self.audit.values().map(|entry| entry.id).max().unwrap_or_default()
    }

    pub(super) fn check_numbers(&self) -> Result<(), String> {
        before("number", self.ids.last_number(), self.numbers())?;
        before("audit", self.ids.last_audit(), self.audit.values().map(|entry| entry.id))?;
        let created = (self.organizations.values().map(|row| row.created))
            .chain(self.products.values().map(|row| row.place.created))
            .chain(self.configs.values().map(|row| row.place.created))
            .chain(self.environments.values().map(|row| row.place.created))
            .chain(self.settings.values().map(|row| row.place.created))
            .chain(self.segments.values().map(|row| row.created))
            .chain(self.invitations.values().map(|row| row.created))
            .chain(self.integrations.values().map(|row| row.created))
            .chain(self.proxy_profiles.values().map(|row| row.created))
            .chain(self.code_reports.values().map(|row| row.created));
        let number = |created: u64| i64::try_from(created).unwrap_or(i64::MAX);
        before("created", number(self.ids.last_created()), created.map(number))
    }
}
