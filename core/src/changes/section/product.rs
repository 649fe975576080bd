//! The product itself, and its preferences.

use super::member::Member;
use super::shape::Section;
use super::{configs, environments, integrations, permission_groups, segments, tags};
use crate::operations::products;

/// Preferences that an environment has beside those of its product.
pub(crate) const ENVIRONMENT_PREFERENCES: [&str; 2] = ["reasonRequired", "approveRequired"];

/// Preferences of a product.
pub(crate) const PREFERENCES: [&str; 5] =
    ["reasonRequired", "approveRequired", "keyGenerationMode", "showVariationId", "mandatorySettingHint"];

/// The product.
pub(crate) static PRODUCT: Section = Section {
    name: "products",
    singular: "product",
    key: "name",
    id: "productId",
    list: &products::LIST,
    items: None,
    get: None,
    create: &products::CREATE,
    update: &products::UPDATE,
    delete: &products::DELETE,
    fields: &[
        Member::plain("description"),
        Member::preference("reasonRequired"),
        Member::preference("approveRequired"),
        Member::preference("keyGenerationMode"),
        Member::preference("showVariationId"),
        Member::preference("mandatorySettingHint"),
    ],
    children: &[
        &environments::ENVIRONMENTS,
        &permission_groups::PERMISSION_GROUPS,
        &tags::TAGS,
        &segments::SEGMENTS,
        &configs::CONFIGS,
        &integrations::INTEGRATIONS,
    ],
};
