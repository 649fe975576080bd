//! What is there from the start, as a JSON file.

use crate::problem::Problem;
use crate::rules;
use crate::state::State;
use crate::state::entities::Organization;
use configcat_management::Timestamp;
use configcat_management::models::{
    ConfigId, CreateConfig, CreateEnvironment, CreateProduct, CreateSetting, EnvironmentId,
    EvaluationVersion, OrganizationId, ProductId, SettingId, SettingType,
};
use serde::{Deserialize, Serialize};

/// What is there from the start. Identifiers that are left out are made up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    /// Organizations with everything in them.
    pub organizations: Vec<OrganizationSeed>,
}

impl Default for Seed {
    fn default() -> Self {
        let organization =
            OrganizationSeed { name: "Simulated Organization".into(), ..OrganizationSeed::default() };
        Self { organizations: vec![organization] }
    }
}

/// An organization of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganizationSeed {
    /// Identifier.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// Name.
    pub name: String,
    /// Products.
    #[serde(default)]
    pub products: Vec<ProductSeed>,
}

/// A product of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductSeed {
    /// Identifier.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// Name.
    pub name: String,
    /// Environments.
    #[serde(default)]
    pub environments: Vec<EnvironmentSeed>,
    /// Configs.
    #[serde(default)]
    pub configs: Vec<ConfigSeed>,
}

/// An environment of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentSeed {
    /// Identifier.
    #[serde(default)]
    pub environment_id: Option<EnvironmentId>,
    /// Name.
    pub name: String,
}

/// A config of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigSeed {
    /// Identifier.
    #[serde(default)]
    pub config_id: Option<ConfigId>,
    /// Name.
    pub name: String,
    /// Evaluation rules.
    #[serde(default)]
    pub evaluation_version: Option<EvaluationVersion>,
    /// Flags.
    #[serde(default)]
    pub settings: Vec<SettingSeed>,
}

/// A flag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingSeed {
    /// Identifier.
    #[serde(default)]
    pub setting_id: Option<SettingId>,
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Type of the values.
    pub setting_type: SettingType,
}

impl Seed {
    /// Reads a seed from JSON.
    ///
    /// # Errors
    /// Where the text is not a seed, with line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub(crate) fn plant(&self, state: &mut State) -> Result<(), Problem> {
        let now = Timestamp::now();
        for organization in &self.organizations {
            let id = organization.organization_id.clone();
            let id = id.unwrap_or_else(|| OrganizationId::new(crate::state::ids::uuid()));
            rules::named("organizations.name", &organization.name)?;
            if state.organizations.contains_key(&id) {
                return Err(Problem::field("organizationId", format!("{id} is there twice.")));
            }
            let planted = Organization { id: id.clone(), name: organization.name.clone() };
            state.organizations.insert(id.clone(), planted);
            for product in &organization.products {
                product.plant(state, &id, now)?;
            }
        }
        Ok(())
    }
}

impl ProductSeed {
    fn plant(&self, state: &mut State, organization: &OrganizationId, now: Timestamp) -> Result<(), Problem> {
        let id = state.create_product(
            now,
            organization,
            self.product_id.clone(),
            CreateProduct::new(&*self.name),
        )?;
        for environment in &self.environments {
            let wish = CreateEnvironment::new(&*environment.name);
            state.create_environment(now, &id, environment.environment_id.clone(), wish)?;
        }
        for config in &self.configs {
            let version = config.evaluation_version.clone().unwrap_or(EvaluationVersion::V2);
            let wish = CreateConfig::new(&*config.name).evaluation_version(version);
            let at = state.create_config(now, &id, config.config_id.clone(), wish)?;
            for setting in &config.settings {
                let wish = CreateSetting::new(&*setting.name, &*setting.key, setting.setting_type.clone());
                state.create_setting(now, &at, setting.setting_id, wish)?;
            }
        }
        Ok(())
    }
}
