//! Contents of a seed, as they are written in its file.

mod change_request;
mod common;
mod config;
mod organization;
mod people;
mod product;
mod root;
mod setting;

pub use change_request::{
    ActivitySeed, ApprovalSeed, ChangeRequestSeed, CommentSeed, DoneSeed, IssueSeed, ProposedChangeSeed,
};
pub use common::Reference;
pub use config::{ConfigSeed, DeletedSettingSeed, SdkKeySeed, SigningKeysSeed, WebhookSeed};
pub use organization::{AuditLogSeed, OrganizationSeed, ProxyProfileSeed, SelectedSdkKeySeed};
pub use people::{CredentialSeed, FirstGroupSeed, InvitationSeed, PermissionGroupSeed, UserSeed};
pub use product::{EnvironmentSeed, IntegrationSeed, ProductSeed, SegmentSeed, TagSeed};
pub use root::{ClockSeed, Seed};
pub use setting::{CodeReferenceSeed, LinkSeed, SettingSeed, SettingTagSeed};
