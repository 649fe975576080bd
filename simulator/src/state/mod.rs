//! What the simulator knows: plain types behind one lock. No HTTP here.

pub(crate) mod audit;
mod cascade;
pub(crate) mod entities;
pub(crate) mod ids;
pub(crate) mod lookup;
mod views;
pub(crate) mod views_values;

use crate::problem::Problem;
use crate::seed::Seed;
use configcat_management::models::{
    ConfigId, EnvironmentId, OrganizationId, PermissionGroupId, ProductId, SettingId, TagId,
};
use entities::{
    AuditEntry, Config, DeletedSetting, Environment, KeyPair, Member, Organization, PermissionGroup, Product,
    Setting, SettingValueState, Tag, User,
};
use ids::Ids;
use std::collections::BTreeMap;

pub(crate) use audit::Event;

/// Everything.
#[derive(Debug, Default)]
pub struct State {
    pub(crate) ids: Ids,
    /// Whoever calls: the owner of the credentials.
    pub(crate) me: User,
    pub(crate) organizations: BTreeMap<OrganizationId, Organization>,
    pub(crate) products: BTreeMap<ProductId, Product>,
    pub(crate) configs: BTreeMap<ConfigId, Config>,
    pub(crate) environments: BTreeMap<EnvironmentId, Environment>,
    pub(crate) tags: BTreeMap<TagId, Tag>,
    pub(crate) settings: BTreeMap<SettingId, Setting>,
    pub(crate) values: BTreeMap<(SettingId, EnvironmentId), SettingValueState>,
    pub(crate) sdk_keys: BTreeMap<(ConfigId, EnvironmentId), KeyPair>,
    pub(crate) deleted_settings: Vec<DeletedSetting>,
    pub(crate) permission_groups: BTreeMap<PermissionGroupId, PermissionGroup>,
    pub(crate) members: Vec<Member>,
    pub(crate) audit: Vec<AuditEntry>,
}

impl State {
    /// The state that a seed describes.
    ///
    /// # Errors
    /// The first rule that the seed breaks.
    pub fn from_seed(seed: &Seed) -> Result<Self, Problem> {
        let mut state = Self {
            me: User {
                id: "simulator-user".into(),
                email: "simulator@example.com".into(),
                full_name: "Simulator User".into(),
            },
            ..Self::default()
        };
        seed.plant(&mut state)?;
        Ok(state)
    }
}
