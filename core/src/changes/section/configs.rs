//! Configs.

use super::member::Member;
use super::settings;
use super::shape::Section;
use crate::operations::configs;

pub(super) static CONFIGS: Section = Section {
    name: "configs",
    singular: "config",
    key: "name",
    id: "configId",
    list: &configs::LIST,
    items: None,
    get: None,
    create: &configs::CREATE,
    update: &configs::UPDATE,
    delete: &configs::DELETE,
    fields: &[Member::plain("description"), Member::ORDER, Member::fixed("evaluationVersion")],
    children: &[&settings::SETTINGS],
};
