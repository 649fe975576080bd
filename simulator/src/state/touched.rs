//! Which flags the uncommitted changes concern, for readers that show flags.

use super::State;
use configcat_management::models::SettingId;
use std::collections::BTreeSet;

/// Maximum number of flags that are listed one by one.
const LISTED: usize = 500;

/// What changes concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touched {
    /// These flags or their values, and perhaps rows that no flag shows.
    Flags(BTreeSet<SettingId>),
    /// More than can be listed: all flags must be read again.
    All,
}

impl Default for Touched {
    fn default() -> Self {
        Self::Flags(BTreeSet::new())
    }
}

impl Touched {
    fn listed(flags: BTreeSet<SettingId>) -> Self {
        if flags.len() > LISTED { Self::All } else { Self::Flags(flags) }
    }

    /// Returns what either of both concerns.
    pub(crate) fn and(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Flags(mut flags), Self::Flags(more)) => {
                flags.extend(more);
                Self::listed(flags)
            }
            _ => Self::All,
        }
    }
}

impl State {
    /// Returns what the uncommitted changes concern; `None` if there are none.
    pub(crate) fn touched(&self) -> Option<Touched> {
        let structure = self.organizations.is_changed()
            || self.products.is_changed()
            || self.configs.is_changed()
            || self.environments.is_changed();
        if structure {
            return Some(Touched::All);
        }
        let values = self.values.changed().map(|(setting, _)| *setting);
        let flags: BTreeSet<SettingId> = values.chain(self.settings.changed().copied()).collect();
        (!flags.is_empty() || self.has_changes()).then(|| Touched::listed(flags))
    }
}

#[cfg(test)]
mod tests {
    use super::Touched;
    use configcat_management::models::SettingId;

    #[test]
    fn more_flags_than_are_listed_touch_all() {
        let flags = |range: std::ops::Range<i32>| Touched::Flags(range.map(SettingId::new).collect());
        assert_eq!(flags(0..2).and(&flags(1..3)), flags(0..3));
        assert_eq!(flags(0..300).and(&flags(300..600)), Touched::All);
        assert_eq!(flags(0..1).and(&Touched::All), Touched::All);
    }
}
