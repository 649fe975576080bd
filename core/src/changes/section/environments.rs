//! Environments.

use super::member::Member;
use super::shape::Section;
use crate::operations::environments;

pub(super) static ENVIRONMENTS: Section = Section {
    name: "environments",
    singular: "environment",
    key: "name",
    id: "environmentId",
    list: &environments::LIST,
    items: None,
    get: None,
    create: &environments::CREATE,
    update: &environments::UPDATE,
    delete: &environments::DELETE,
    fields: &[
        Member::plain("color"),
        Member::plain("description"),
        Member::ORDER,
        Member::preference("reasonRequired"),
        Member::preference("approveRequired"),
    ],
    children: &[],
};
