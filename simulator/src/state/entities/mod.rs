//! Entities of the state: plain rows that can be serialized and deserialized.

mod change_requests;
mod flags;
mod hooks;
mod people;
mod reports;
mod structure;

pub use change_requests::{Activity, Approval, ChangeRequest, Comment, Issue, Proposal};
pub use flags::{
    AttachedTag, Content, DeletedSetting, Formula, Rollout, Segment, Setting, SettingIndex,
    SettingValueState, Variation,
};
pub(crate) use flags::{formula_prerequisites, prerequisites};
pub use hooks::{Header, Integration, IntegrationLink, JiraConnection, ProxyProfile, ProxyWebhook, Webhook};
pub use people::{
    Credential, EnvironmentRight, Invitation, Member, OrganizationRole, PermissionGroup, Person, Rights, User,
};
pub use reports::{AuditEntry, CodeReport};
pub use structure::{Config, Environment, KeyPair, Organization, Place, Product, Tag};
