//! Flags and settings, and their values.

use super::{Member, Role, Section};
use crate::operations::settings;

/// Values of flags, which are no entities: they exist wherever a flag and an environment do.
pub(crate) struct ValuesSection {
    /// Member of the flag in documents.
    pub(crate) name: &'static str,
    /// Section of the flag.
    pub(crate) parent: &'static str,
}

/// Values of flags.
pub(crate) const VALUES: ValuesSection = ValuesSection { name: "values", parent: "settings" };

pub(super) static SETTINGS: Section = Section {
    name: "settings",
    singular: "flag",
    key: "key",
    id: "settingId",
    list: &settings::LIST,
    items: None,
    get: None,
    create: &settings::CREATE,
    update: &settings::PATCH,
    delete: &settings::DELETE,
    fields: &[
        Member::plain("name"),
        Member::fixed("settingType"),
        Member::plain("hint"),
        Member::ORDER,
        Member::plain("isJson"),
        Member { name: "tags", role: Role::Names { section: "tags", response: "tags", request: "tags" } },
        Member { name: "predefinedVariations", role: Role::Variations },
    ],
    children: &[],
};
