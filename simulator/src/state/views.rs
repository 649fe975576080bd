//! Conversion of entities to API models.

use super::State;
use super::entities::{
    Config, Environment, IntegrationLink, Organization, PermissionGroup, Product, Segment, Setting, Tag,
    Variation, Webhook,
};
use crate::assumed::{self, plan};
use crate::problem::Problem;
use crate::rules::access::{group_access, group_approval};
use configcat_management::construct;
use configcat_management::models::{self, AccessType, ApprovalPermissionType};

impl State {
    pub(crate) fn view_organization(organization: &Organization) -> models::Organization {
        construct::OrganizationFields {
            organization_id: organization.id.clone(),
            name: organization.name.clone(),
        }
        .into()
    }

    pub(crate) fn view_product(&self, product: &Product) -> Result<models::Product, Problem> {
        Ok(construct::ProductFields {
            organization: Self::view_organization(self.organization(&product.organization)?),
            product_id: product.id.clone(),
            name: product.name.clone(),
            description: product.description.clone(),
            order: product.place.order,
            reason_required: product.reason_required,
            approve_required: product.approve_required,
        }
        .into())
    }

    pub(crate) fn view_preferences(&self, product: &Product) -> models::Preferences {
        let environments = self.environments_of(&product.id);
        construct::PreferencesFields {
            reason_required: product.reason_required,
            key_generation_mode: product.key_generation.clone(),
            show_variation_id: product.show_variation_id,
            reason_required_environments: Some(
                environments
                    .iter()
                    .map(|e| {
                        construct::ReasonRequiredEnvironmentFields {
                            environment_id: e.id.clone(),
                            reason_required: e.reason_required,
                            environment_name: Some(e.name.clone()),
                        }
                        .into()
                    })
                    .collect(),
            ),
            mandatory_setting_hint: product.mandatory_hint,
            approve_required: product.approve_required,
            approve_required_environments: Some(
                environments
                    .iter()
                    .map(|e| {
                        construct::ApproveRequiredEnvironmentFields {
                            environment_id: e.id.clone(),
                            approve_required: e.approve_required,
                            environment_name: Some(e.name.clone()),
                        }
                        .into()
                    })
                    .collect(),
            ),
        }
        .into()
    }

    pub(crate) fn view_config(&self, config: &Config) -> Result<models::Config, Problem> {
        Ok(construct::ConfigFields {
            product: self.view_product(self.product(&config.product)?)?,
            config_id: config.id.clone(),
            name: config.name.clone(),
            description: config.description.clone(),
            order: config.place.order,
            migrated_config_id: None,
            evaluation_version: config.version.clone(),
        }
        .into())
    }

    /// Returns whether changes in an environment need a reason, by the preference of the product or of the environment.
    pub(crate) fn reason_required(&self, environment: &Environment) -> bool {
        environment.reason_required
            || self.products.get(&environment.product).is_some_and(|p| p.reason_required)
    }

    /// Returns whether changes in an environment need an approval, by the preference of the product or of the
    /// environment.
    pub(crate) fn approve_required(&self, environment: &Environment) -> bool {
        environment.approve_required
            || self.products.get(&environment.product).is_some_and(|p| p.approve_required)
    }

    pub(crate) fn view_environment(&self, environment: &Environment) -> Result<models::Environment, Problem> {
        Ok(construct::EnvironmentFields {
            product: self.view_product(self.product(&environment.product)?)?,
            environment_id: environment.id.clone(),
            name: environment.name.clone(),
            color: environment.color.clone(),
            description: environment.description.clone(),
            order: environment.place.order,
            reason_required: self.reason_required(environment),
            approve_required: self.approve_required(environment),
        }
        .into())
    }

    pub(crate) fn view_tag(&self, tag: &Tag) -> Result<models::Tag, Problem> {
        Ok(construct::TagFields {
            product: self.view_product(self.product(&tag.product)?)?,
            tag_id: tag.id,
            name: tag.name.clone(),
            color: tag.color.clone(),
        }
        .into())
    }

    pub(crate) fn view_variation(variation: &Variation) -> models::PredefinedVariation {
        construct::PredefinedVariationFields {
            value: variation.value.clone(),
            name: variation.name.clone(),
            hint: variation.hint.clone(),
            predefined_variation_id: variation.id.clone(),
        }
        .into()
    }

    pub(crate) fn view_setting(&self, setting: &Setting) -> Result<models::Setting, Problem> {
        let tags = setting.tags.iter().map(|attached| self.view_tag(self.tag(attached.tag)?));
        Ok(construct::SettingFields {
            setting_id: setting.id,
            key: setting.key.clone(),
            name: setting.name.clone(),
            hint: setting.hint.clone(),
            order: setting.place.order,
            setting_type: setting.ty.clone(),
            is_json: setting.is_json,
            config_id: setting.config.clone(),
            config_name: self.config(&setting.config)?.name.clone(),
            created_at: Some(setting.created_at),
            tags: tags.collect::<Result<_, _>>()?,
            predefined_variations: setting.variations.iter().map(Self::view_variation).collect(),
        }
        .into())
    }

    pub(crate) fn view_group(&self, group: &PermissionGroup) -> Result<models::PermissionGroup, Problem> {
        let environments = self.environments_of(&group.product);
        let of_type = |custom: bool| environments.iter().filter(move |_| custom);
        let accesses = of_type(group.access == AccessType::Custom).map(|e| {
            construct::PermissionGroupEnvironmentAccessFields {
                environment_id: e.id.clone(),
                name: e.name.clone(),
                color: e.color.clone(),
                description: e.description.clone(),
                order: e.place.order,
                reason_required: self.reason_required(e),
                approve_required: self.approve_required(e),
                environment_access_type: group_access(group, &e.id),
            }
            .into()
        });
        let approvals = of_type(group.approval == ApprovalPermissionType::Custom).map(|e| {
            construct::PermissionGroupEnvironmentApprovalPermissionFields {
                environment_id: e.id.clone(),
                environment_approval_permission_type: group_approval(group, &e.id),
            }
            .into()
        });
        let rights = group.rights;
        Ok(construct::PermissionGroupFields {
            permission_group_id: group.id,
            name: group.name.clone(),
            can_manage_members: rights.can_manage_members,
            can_create_or_update_config: rights.can_create_or_update_config,
            can_delete_config: rights.can_delete_config,
            can_create_or_update_environment: rights.can_create_or_update_environment,
            can_delete_environment: rights.can_delete_environment,
            can_create_or_update_setting: rights.can_create_or_update_setting,
            can_tag_setting: rights.can_tag_setting,
            can_delete_setting: rights.can_delete_setting,
            can_create_or_update_tag: rights.can_create_or_update_tag,
            can_delete_tag: rights.can_delete_tag,
            can_manage_webhook: rights.can_manage_webhook,
            can_use_export_import: rights.can_use_export_import,
            can_manage_product_preferences: rights.can_manage_product_preferences,
            can_manage_integrations: rights.can_manage_integrations,
            can_view_sdk_key: rights.can_view_sdk_key,
            can_rotate_sdk_key: rights.can_rotate_sdk_key,
            can_create_or_update_segments: rights.can_create_or_update_segments,
            can_delete_segments: rights.can_delete_segments,
            can_view_product_audit_log: rights.can_view_product_audit_log,
            can_view_product_statistics: rights.can_view_product_statistics,
            can_disable_2fa: rights.can_disable_2fa,
            access_type: group.access.clone(),
            new_environment_access_type: group.new_access.clone(),
            environment_accesses: accesses.collect(),
            product: self.view_product(self.product(&group.product)?)?,
            approval_permission_type: group.approval.clone(),
            new_environment_approval_permission_type: group.new_approval.clone(),
            environment_approval_permissions: approvals.collect(),
        }
        .into())
    }

    pub(crate) fn view_segment(&self, segment: &Segment) -> Result<models::Segment, Problem> {
        Ok(construct::SegmentFields {
            product: self.view_product(self.product(&segment.product)?)?,
            segment_id: segment.id.clone(),
            name: segment.name.clone(),
            description: segment.description.clone(),
            creator_email: Some(segment.creator.email.clone()),
            creator_full_name: Some(segment.creator.full_name.clone()),
            created_at: segment.created_at,
            last_updater_email: Some(segment.updater.email.clone()),
            last_updater_full_name: Some(segment.updater.full_name.clone()),
            updated_at: segment.updated_at,
            comparison_attribute: segment.attribute.clone(),
            comparator: segment.comparator.clone(),
            comparison_value: segment.comparison.clone(),
        }
        .into())
    }

    pub(crate) fn view_link(link: &IntegrationLink) -> models::IntegrationLink {
        construct::IntegrationLinkFields {
            key: Some(link.key.clone()),
            description: link.description.clone(),
            integration_link_type: link.ty.clone(),
            url: link.url.clone(),
        }
        .into()
    }

    pub(crate) fn view_webhook(&self, webhook: &Webhook) -> Result<models::Webhook, Problem> {
        let headers = webhook.headers.iter().map(|header| {
            construct::WebhookHeaderFields {
                key: header.key.clone(),
                value: if header.secure { assumed::HIDDEN.into() } else { header.value.clone() },
                is_secure: header.secure,
            }
            .into()
        });
        let (config, environment) = self.pair(&webhook.config, &webhook.environment)?;
        Ok(construct::WebhookFields {
            webhook_id: webhook.id,
            url: webhook.url.clone(),
            http_method: webhook.method.clone(),
            content: webhook.content.clone(),
            web_hook_headers: headers.collect(),
            config: construct::WebhookConfigFields {
                name: config.name.clone(),
                config_id: config.id.clone(),
            }
            .into(),
            environment: construct::WebhookEnvironmentFields {
                name: environment.name.clone(),
                environment_id: environment.id.clone(),
            }
            .into(),
        }
        .into())
    }

    pub(crate) fn limitations() -> models::FeatureFlagLimitations {
        construct::FeatureFlagLimitationsFields {
            max_percentage_option_count: plan::PERCENTAGE_OPTIONS,
            max_targeting_rule_count: plan::TARGETING_RULES,
            max_comparison_value_length: plan::COMPARISON_VALUE_LENGTH,
            max_comparison_value_list_length: plan::COMPARISON_LIST_LENGTH,
            max_comparison_value_list_item_length: plan::COMPARISON_ITEM_LENGTH,
            max_string_flag_value_length: plan::TEXT_VALUE_LENGTH,
            max_condition_per_targeting_rule_count: plan::CONDITIONS_PER_RULE,
        }
        .into()
    }
}
