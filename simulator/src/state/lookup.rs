//! Lookups that return a 404 problem if an entity does not exist.

use super::State;
use super::entities::{
    ChangeRequest, Config, Environment, Integration, Organization, PermissionGroup, Person, Product,
    ProxyProfile, Segment, Setting, SettingIndex, SettingValueState, Tag, User, Webhook,
};
use crate::problem::Problem;
use configcat_management::models::{
    ChangeRequestId, ConfigId, EnvironmentId, IntegrationId, OrganizationId, PermissionGroupId, ProductId,
    ProxyProfileId, SegmentId, SettingId, TagId, UserId, WebhookId,
};

// Documented: what does not exist is reported with 404.
// Assumed: a 404 has no body.
fn found<T>(thing: Option<T>) -> Result<T, Problem> {
    thing.ok_or_else(Problem::not_found)
}

impl State {
    pub(crate) fn organization(&self, id: &OrganizationId) -> Result<&Organization, Problem> {
        found(self.organizations.get(id))
    }

    pub(crate) fn product(&self, id: &ProductId) -> Result<&Product, Problem> {
        found(self.products.get(id))
    }

    pub(crate) fn product_mut(&mut self, id: &ProductId) -> Result<&mut Product, Problem> {
        found(self.products.get_mut(id))
    }

    pub(crate) fn config(&self, id: &ConfigId) -> Result<&Config, Problem> {
        found(self.configs.get(id))
    }

    pub(crate) fn config_mut(&mut self, id: &ConfigId) -> Result<&mut Config, Problem> {
        found(self.configs.get_mut(id))
    }

    pub(crate) fn environment(&self, id: &EnvironmentId) -> Result<&Environment, Problem> {
        found(self.environments.get(id))
    }

    pub(crate) fn environment_mut(&mut self, id: &EnvironmentId) -> Result<&mut Environment, Problem> {
        found(self.environments.get_mut(id))
    }

    pub(crate) fn tag(&self, id: TagId) -> Result<&Tag, Problem> {
        found(self.tags.get(&id))
    }

    pub(crate) fn tag_mut(&mut self, id: TagId) -> Result<&mut Tag, Problem> {
        found(self.tags.get_mut(&id))
    }

    pub(crate) fn setting(&self, id: SettingId) -> Result<&Setting, Problem> {
        found(self.settings.get(&id))
    }

    pub(crate) fn setting_mut(&mut self, id: SettingId) -> Result<&mut Setting, Problem> {
        found(self.settings.get_mut(&id))
    }

    pub(crate) fn segment(&self, id: &SegmentId) -> Result<&Segment, Problem> {
        found(self.segments.get(id))
    }

    pub(crate) fn webhook(&self, id: WebhookId) -> Result<&Webhook, Problem> {
        found(self.webhooks.get(&id))
    }

    pub(crate) fn integration(&self, id: &IntegrationId) -> Result<&Integration, Problem> {
        found(self.integrations.get(id))
    }

    pub(crate) fn permission_group(&self, id: PermissionGroupId) -> Result<&PermissionGroup, Problem> {
        found(self.permission_groups.get(&id))
    }

    pub(crate) fn proxy_profile(&self, id: &ProxyProfileId) -> Result<&ProxyProfile, Problem> {
        found(self.proxy_profiles.get(id))
    }

    pub(crate) fn proxy_profile_mut(&mut self, id: &ProxyProfileId) -> Result<&mut ProxyProfile, Problem> {
        found(self.proxy_profiles.get_mut(id))
    }

    pub(crate) fn change_request(&self, id: ChangeRequestId) -> Result<&ChangeRequest, Problem> {
        found(self.change_requests.get(&id))
    }

    pub(crate) fn change_request_mut(&mut self, id: ChangeRequestId) -> Result<&mut ChangeRequest, Problem> {
        found(self.change_requests.get_mut(&id))
    }

    pub(crate) fn user(&self, id: &UserId) -> Result<&User, Problem> {
        found(self.users.get(id))
    }

    /// Returns the products of an organization, in list order.
    pub(crate) fn products_of(&self, organization: &OrganizationId) -> Vec<&Product> {
        sorted(self.products.of(organization), |p| p.place)
    }

    /// Returns the configs of a product, in list order.
    pub(crate) fn configs_of(&self, product: &ProductId) -> Vec<&Config> {
        sorted(self.configs.of(product), |c| c.place)
    }

    /// Returns the environments of a product, in list order.
    pub(crate) fn environments_of(&self, product: &ProductId) -> Vec<&Environment> {
        sorted(self.environments.of(product), |e| e.place)
    }

    /// Returns the flags of a config, in list order.
    pub(crate) fn settings_of(&self, config: &ConfigId) -> Vec<&Setting> {
        sorted(self.settings.of(config), |s| s.place)
    }

    /// Returns the segments of a product, oldest first.
    pub(crate) fn segments_of(&self, product: &ProductId) -> Vec<&Segment> {
        sorted(self.segments.of(product), |s| s.created)
    }

    /// Returns the values of a flag in all environments.
    pub(crate) fn values_of(&self, setting: SettingId) -> impl Iterator<Item = &SettingValueState> {
        let first = (setting, EnvironmentId::new(""));
        self.values.range(first..).take_while(move |value| value.setting == setting)
    }

    /// Returns all values of a product: only these may refer to entities of the product.
    pub(crate) fn values_in(&self, product: &ProductId) -> impl Iterator<Item = &SettingValueState> {
        self.environments.of(product).flat_map(|environment| self.values.of(&environment.id))
    }

    /// Returns the flags that have a tag.
    pub(crate) fn tagged(&self, tag: TagId) -> impl Iterator<Item = &Setting> {
        let product = self.tags.get(&tag).map(|tag| &tag.product);
        product
            .into_iter()
            .flat_map(|product| self.configs.of(product))
            .flat_map(|config| self.settings.of(&config.id))
            .filter(move |setting| setting.tags.iter().any(|attached| attached.tag == tag))
    }

    /// Returns the person with an e-mail address, ignoring case.
    pub(crate) fn by_email(&self, email: &str) -> Option<&Person> {
        self.users.find(&email.to_ascii_lowercase()).map(|user| &user.person).next()
    }

    /// Returns the person record of a user.
    pub(crate) fn person(&self, id: &UserId) -> Option<&Person> {
        self.users.get(id).map(|user| &user.person)
    }

    /// Returns a config and an environment of the same product. An environment of another product is reported as not
    /// found.
    // Assumed: a config and an environment of different products are reported with 404.
    pub(crate) fn pair(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> Result<(&Config, &Environment), Problem> {
        let (config, environment) = (self.config(config)?, self.environment(environment)?);
        if config.product == environment.product {
            Ok((config, environment))
        } else {
            Err(Problem::not_found())
        }
    }

    /// Returns a flag, its config, and an environment of the same product.
    pub(crate) fn flag_in(
        &self,
        environment: &EnvironmentId,
        setting: SettingId,
    ) -> Result<(&Setting, &Config, &Environment), Problem> {
        let setting = self.setting(setting)?;
        let (config, environment) = self.pair(&setting.config, environment)?;
        Ok((setting, config, environment))
    }

    /// Returns the config and environment that an SDK key belongs to.
    // Documented: the operations by SDK key take it in the header `X-CONFIGCAT-SDKKEY`, in addition to the credentials.
    // Assumed: a missing SDK key is refused with 400, an unknown one with 404.
    pub(crate) fn by_sdk_key(&self, key: Option<&str>) -> Result<(ConfigId, EnvironmentId), Problem> {
        let key =
            key.ok_or_else(|| Problem::field("X-CONFIGCAT-SDKKEY", "The SDK key header is required."))?;
        found(
            self.sdk_keys
                .find(&key.to_owned())
                .next()
                .map(|pair| (pair.config.clone(), pair.environment.clone())),
        )
    }

    /// Returns the flag of a config with this key.
    pub(crate) fn by_key(&self, config: &ConfigId, key: &str) -> Option<&Setting> {
        self.settings.find(&SettingIndex::Key(config.clone(), key.to_owned())).next()
    }

    /// Returns the order of the last flag of a config.
    pub(crate) fn last_order(&self, config: &ConfigId) -> Option<i32> {
        let at = |order| SettingIndex::Order(config.clone(), order);
        match self.settings.last_index(at(i32::MIN)..=at(i32::MAX))? {
            SettingIndex::Order(_, order) => Some(order),
            SettingIndex::Key(..) => None,
        }
    }

    /// Returns the tag of a product with this name.
    pub(crate) fn tag_named(&self, product: &ProductId, name: &str) -> Option<&Tag> {
        self.tags.find(&(product.clone(), name.to_owned())).next()
    }

    /// Returns the flag of a config with this key, or else with this numeric identifier.
    // Documented: a flag is named by its key or its identifier.
    // Assumed: if one flag has a key that is the identifier of another, the key applies.
    pub(crate) fn by_key_or_id(&self, config: &ConfigId, key_or_id: &str) -> Result<SettingId, Problem> {
        let by_id = || {
            let setting = self.settings.get(&key_or_id.parse().ok()?)?;
            (setting.config == *config && setting.id.to_string() == key_or_id).then_some(setting)
        };
        found(self.by_key(config, key_or_id).or_else(by_id).map(|setting| setting.id))
    }
}

// Assumed: lists are sorted by `order`, then by creation.
// Assumed: lists without an order, such as segments and invitations, are sorted by creation.
pub(crate) fn sorted<'a, T: 'a, K: Ord>(
    things: impl Iterator<Item = &'a T>,
    key: impl Fn(&T) -> K,
) -> Vec<&'a T> {
    let mut things: Vec<&T> = things.collect();
    things.sort_by_key(|thing| key(thing));
    things
}
