//! Flags and settings.

use super::member::{Member, Role};
use super::shape::Section;
use crate::operations::settings;

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
