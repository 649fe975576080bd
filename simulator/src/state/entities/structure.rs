//! Entities that flags belong to: organizations, products, configs, environments, tags.

use crate::state::table::row;
use configcat_management::models::{
    ConfigId, CreateTag, EnvironmentId, EvaluationVersion, KeyGenerationMode, OrganizationId, ProductId,
    TagId,
};
use serde::{Deserialize, Serialize};

/// Position in a list: sorted by `order`, then by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub order: i32,
    pub created: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub created: u64,
}
row!(Organization, OrganizationId, |o| o.id.clone(), (), |_o| ());

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub id: ProductId,
    pub organization: OrganizationId,
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    pub reason_required: bool,
    pub approve_required: bool,
    pub key_generation: KeyGenerationMode,
    pub show_variation_id: bool,
    pub mandatory_hint: bool,
}
row!(Product, ProductId, |p| p.id.clone(), OrganizationId, |p| p.organization.clone());

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    pub id: ConfigId,
    pub product: ProductId,
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    pub version: EvaluationVersion,
}
row!(Config, ConfigId, |c| c.id.clone(), ProductId, |c| c.product.clone());

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    pub id: EnvironmentId,
    pub product: ProductId,
    pub name: String,
    pub color: Option<String>,
    pub description: Option<String>,
    pub place: Place,
    /// Preference of this environment, in addition to that of the product.
    pub reason_required: bool,
    pub approve_required: bool,
}
row!(Environment, EnvironmentId, |e| e.id.clone(), ProductId, |e| e.product.clone());

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    pub id: TagId,
    pub product: ProductId,
    pub name: String,
    pub color: Option<String>,
}

impl Tag {
    /// Creates a tag of a product from a request body.
    pub fn new(id: TagId, product: ProductId, body: CreateTag) -> Self {
        Self { id, product, name: body.name, color: body.color.value() }
    }
}
row!(Tag, TagId, |t| t.id, ProductId, |t| t.product.clone(), (ProductId, String), |t| vec![(
    t.product.clone(),
    t.name.clone()
)]);

/// The SDK keys of a config in an environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyPair {
    pub config: ConfigId,
    pub environment: EnvironmentId,
    pub primary: String,
    pub secondary: Option<String>,
}
row!(
    KeyPair,
    (ConfigId, EnvironmentId),
    |k| (k.config.clone(), k.environment.clone()),
    EnvironmentId,
    |k| k.environment.clone(),
    String,
    |k| std::iter::once(&k.primary).chain(&k.secondary).cloned().collect()
);
