//! Integrations.

use super::member::{Member, Role};
use super::shape::Section;
use crate::operations::integrations;

pub(super) static INTEGRATIONS: Section = Section {
    name: "integrations",
    singular: "integration",
    key: "name",
    id: "integrationId",
    list: &integrations::LIST,
    items: Some("integrations"),
    get: None,
    create: &integrations::CREATE,
    update: &integrations::UPDATE,
    delete: &integrations::DELETE,
    fields: &[
        Member::fixed("integrationType"),
        Member { name: "parameters", role: Role::Secrets },
        Member {
            name: "environments",
            role: Role::Names {
                section: "environments",
                response: "environmentIds",
                request: "environmentIds",
            },
        },
        Member {
            name: "configs",
            role: Role::Names { section: "configs", response: "configIds", request: "configIds" },
        },
    ],
    children: &[],
};
