//! Applies a seed to a state through the same functions as requests, so that a seed obeys the same rules.

use super::{
    ConfigSeed, CredentialSeed, EnvironmentSeed, OrganizationSeed, PermissionGroupSeed, ProductSeed, Seed,
    SettingSeed,
};
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::{Content, Credential, KeyPair, Member, Organization, Person, Tag, User};
use crate::state::{State, ids};
use configcat_management::models::{
    AccessType, ConfigId, CreateConfig, CreateEnvironment, CreateProduct, CreateSetting,
    EnvironmentAccessInput, EnvironmentId, EvaluationVersion, OrganizationId, ProductId, SettingId,
    UpdateEvaluationFormula, UpdateSettingValue, UserId,
};
use configcat_management::spec::validate::{self, Enums};
use configcat_management::spec::{Schema, Type};
use configcat_management::{Field, Timestamp, schema};
use serde::Serialize;
use serde_json::{Value, json};

/// Applies a seed to a state. Entities and audit log entries get `now` as their timestamp.
struct Planter<'a> {
    state: &'a mut State,
    now: Timestamp,
}

/// Adds the position in the seed to a problem.
trait At<T> {
    fn at(self, path: impl FnOnce() -> String) -> Result<T, Problem>;
}

impl<T> At<T> for Result<T, Problem> {
    fn at(self, path: impl FnOnce() -> String) -> Self {
        self.map_err(|problem| problem.below(&path()))
    }
}

impl Seed {
    pub(crate) fn plant(&self, state: &mut State) -> Result<(), Problem> {
        let now = state.clock.now();
        let owner = state.me.clone();
        let mut planter = Planter { state, now };
        for (i, user) in self.users.iter().enumerate() {
            planter.user(user).at(|| format!("users[{i}]"))?;
        }
        for (i, organization) in self.organizations.iter().enumerate() {
            planter.organization(organization, &owner).at(|| format!("organizations[{i}]"))?;
        }
        for (i, credential) in self.credentials.iter().enumerate() {
            planter.credential(credential).at(|| format!("credentials[{i}]"))?;
        }
        Ok(())
    }
}

impl Planter<'_> {
    fn user(&mut self, seed: &super::UserSeed) -> Result<(), Problem> {
        if self.person(&seed.email).is_ok() {
            return Err(Problem::field("email", format!("{} already exists.", seed.email)));
        }
        let id = seed.user_id.clone().unwrap_or_else(|| UserId::new(ids::uuid()));
        if self.state.users.contains(&id) {
            return Err(Problem::field("userId", format!("{id} already exists.")));
        }
        let person = Person { id, email: seed.email.clone(), full_name: seed.full_name.clone() };
        self.state.users.insert(User { person, two_factor: seed.two_factor_enabled });
        Ok(())
    }

    fn person(&self, email: &str) -> Result<Person, Problem> {
        self.state
            .by_email(email)
            .cloned()
            .ok_or_else(|| Problem::field("email", format!("The seed has no user {email}.")))
    }

    fn credential(&mut self, seed: &CredentialSeed) -> Result<(), Problem> {
        let user = self.person(&seed.user).at(|| "user".into())?.id;
        if self.state.credentials.contains(&seed.username) {
            return Err(Problem::field("username", format!("{} already exists.", seed.username)));
        }
        if seed.username.contains(':') {
            return Err(Problem::field("username", "A user name has no colon."));
        }
        self.state.credentials.insert(Credential {
            username: seed.username.clone(),
            password: seed.password.clone(),
            user,
            rate_limit: seed.rate_limit,
        });
        Ok(())
    }

    fn organization(&mut self, seed: &OrganizationSeed, owner: &Person) -> Result<(), Problem> {
        let id = seed.organization_id.clone().unwrap_or_else(|| OrganizationId::new(ids::uuid()));
        rules::named("name", &seed.name)?;
        if self.state.organizations.contains(&id) {
            return Err(Problem::field("organizationId", format!("{id} already exists.")));
        }
        let created = self.state.ids.created();
        self.state.organizations.insert(Organization { id: id.clone(), name: seed.name.clone(), created });
        if seed.owned {
            self.state.set_roles(self.now, &id, &owner.id, Some(true), None)?;
        }
        for (i, email) in seed.admins.iter().enumerate() {
            let person = self.person(email).at(|| format!("admins[{i}]"))?;
            self.state.set_roles(self.now, &id, &person.id, Some(true), None)?;
        }
        for (i, email) in seed.billing_managers.iter().enumerate() {
            let person = self.person(email).at(|| format!("billingManagers[{i}]"))?;
            self.state.set_roles(self.now, &id, &person.id, None, Some(true))?;
        }
        // The first administrator creates the products if the owner does not administer the organization.
        self.state.me = match seed.admins.first() {
            Some(email) if !seed.owned => self.person(email)?,
            _ => owner.clone(),
        };
        for (i, product) in seed.products.iter().enumerate() {
            self.product(product, &id).at(|| format!("products[{i}]"))?;
        }
        self.state.me = owner.clone();
        Ok(())
    }

    fn product(&mut self, seed: &ProductSeed, organization: &OrganizationId) -> Result<(), Problem> {
        let mut body = CreateProduct::new(&*seed.name);
        body.description = Field::from(seed.description.clone());
        check_body(&body, &schema::products::CREATE_PRODUCT)?;
        let id = self.state.create_product(self.now, organization, seed.product_id.clone(), body)?;
        for (i, environment) in seed.environments.iter().enumerate() {
            self.environment(environment, &id).at(|| format!("environments[{i}]"))?;
        }
        for (i, group) in seed.permission_groups.iter().enumerate() {
            self.group(group, &id).at(|| format!("permissionGroups[{i}]"))?;
        }
        for (email, group) in &seed.members {
            self.member(email, group, &id).at(|| format!("members.{email}"))?;
        }
        for (i, tag) in seed.tags.iter().enumerate() {
            check_body(&tag.tag, &schema::tags::CREATE_TAG).at(|| format!("tags[{i}]"))?;
            rules::named("name", &tag.tag.name).at(|| format!("tags[{i}]"))?;
            if let Some(id) = tag.tag_id {
                self.state.ids.reserve("tagId", id.get()).at(|| format!("tags[{i}]"))?;
            }
            let id_of_tag = tag.tag_id.unwrap_or_else(|| self.state.ids.tag());
            if self.state.tags.contains(&id_of_tag) {
                return Err(Problem::field(format!("tags[{i}].tagId"), "It already exists."));
            }
            self.state.tags.insert(Tag::new(id_of_tag, id.clone(), tag.tag.clone()));
        }
        for (i, segment) in seed.segments.iter().enumerate() {
            let (body, wanted) = (segment.segment.clone(), segment.segment_id.clone());
            check_body(&body, &schema::segments::CREATE_SEGMENT).at(|| format!("segments[{i}]"))?;
            self.state.create_segment(self.now, &id, wanted, body).at(|| format!("segments[{i}]"))?;
        }
        for (i, config) in seed.configs.iter().enumerate() {
            self.config(config, &id).at(|| format!("configs[{i}]"))?;
        }
        // Set last: the rules about reasons and approvals apply only to changes after the seed.
        let product = self.state.product_mut(&id)?;
        product.reason_required = seed.reason_required;
        product.approve_required = seed.approve_required;
        for environment in &seed.environments {
            let at = self.named_environment(&id, &environment.name)?;
            let planted = self.state.environment_mut(&at)?;
            planted.reason_required = environment.reason_required;
            planted.approve_required = environment.approve_required;
        }
        Ok(())
    }

    fn environment(&mut self, seed: &EnvironmentSeed, product: &ProductId) -> Result<(), Problem> {
        let mut body = CreateEnvironment::new(&*seed.name);
        body.color = Field::from(seed.color.clone());
        body.description = Field::from(seed.description.clone());
        check_body(&body, &schema::environments::CREATE_ENVIRONMENT)?;
        self.state.create_environment(self.now, product, seed.environment_id.clone(), body).map(drop)
    }

    fn named_environment(&self, product: &ProductId, name: &str) -> Result<EnvironmentId, Problem> {
        let found = self.state.environments.of(product).find(|environment| environment.name == name);
        let found = found.map(|environment| environment.id.clone());
        found.ok_or_else(|| Problem::field("environment", format!("The product has no environment {name}.")))
    }

    fn group(&mut self, seed: &PermissionGroupSeed, product: &ProductId) -> Result<(), Problem> {
        let mut body = seed.group.clone();
        body.access_type = seed.access_type.clone().or(body.access_type);
        if !seed.environments.is_empty() {
            body.access_type = Some(AccessType::Custom);
            let mut accesses = Vec::new();
            for (name, access) in &seed.environments {
                let environment =
                    self.named_environment(product, name).at(|| format!("environments.{name}"))?;
                let mut input = EnvironmentAccessInput::new();
                input.environment_id = Some(environment);
                input.environment_access_type = Some(access.clone());
                accesses.push(input);
            }
            body.environment_accesses = Field::Value(accesses);
        }
        check_body(&body, &schema::permission_groups::CREATE_PERMISSION_GROUP)?;
        self.state.create_permission_group(self.now, product, seed.permission_group_id, body).map(drop)
    }

    fn member(&mut self, email: &str, group: &str, product: &ProductId) -> Result<(), Problem> {
        let user = self.person(email)?.id;
        let found = self.state.group_named(product, group).map(|group| group.id);
        let group = found.ok_or_else(|| {
            Problem::field("group", format!("The product has no permission group {group}."))
        })?;
        self.state.members.insert(Member { product: product.clone(), user, group });
        Ok(())
    }

    fn config(&mut self, seed: &ConfigSeed, product: &ProductId) -> Result<(), Problem> {
        let version = seed.evaluation_version.clone().unwrap_or(EvaluationVersion::V2);
        let mut body = CreateConfig::new(&*seed.name).evaluation_version(version.clone());
        body.description = Field::from(seed.description.clone());
        check_body(&body, &schema::configs::CREATE_CONFIG)?;
        let id = self.state.create_config(self.now, product, seed.config_id.clone(), body)?;
        for (name, key) in &seed.sdk_keys {
            let environment = self.named_environment(product, name).at(|| format!("sdkKeys.{name}"))?;
            if self.state.by_sdk_key(Some(key)).is_ok() {
                return Err(Problem::field(format!("sdkKeys.{name}"), "The key already exists."));
            }
            let pair = KeyPair { config: id.clone(), environment, primary: key.clone(), secondary: None };
            self.state.sdk_keys.insert(pair);
        }
        // Create all flags first, because values may refer to any of them.
        let mut planted = Vec::new();
        for (i, setting) in seed.settings.iter().enumerate() {
            planted.push(self.setting(setting, &id, product).at(|| format!("settings[{i}]"))?);
        }
        for (i, (setting, at)) in seed.settings.iter().zip(&planted).enumerate() {
            for (name, value) in &setting.values {
                let path = || format!("settings[{i}].values.{name}");
                let environment = self.named_environment(product, name).at(path)?;
                self.value(*at, &environment, &version, value).at(path)?;
            }
        }
        self.refuse_cycles(&planted, product)?;
        for (name, webhooks) in &seed.webhooks {
            let environment = self.named_environment(product, name).at(|| format!("webhooks.{name}"))?;
            for (i, webhook) in webhooks.iter().enumerate() {
                let planted = check_body(webhook, &schema::webhooks::WEBHOOK_INPUT)
                    .and_then(|()| self.state.create_webhook(self.now, &id, &environment, webhook.clone()));
                planted.at(|| format!("webhooks.{name}[{i}]"))?;
            }
        }
        Ok(())
    }

    /// Rejects prerequisites that form a cycle. All values are checked at once, because they may form a long chain.
    fn refuse_cycles(&self, planted: &[SettingId], product: &ProductId) -> Result<(), Problem> {
        for environment in self.state.environments_of(product) {
            let Some(cycle) = self.state.stored_cycle(planted.iter().copied(), &environment.id) else {
                continue;
            };
            let at = planted.iter().position(|id| cycle.first() == Some(id)).unwrap_or_default();
            let path = format!("settings[{at}].values.{}.targetingRules", environment.name);
            return Err(self.state.circular(path, cycle, |_| true));
        }
        Ok(())
    }

    fn setting(
        &mut self,
        seed: &SettingSeed,
        config: &ConfigId,
        product: &ProductId,
    ) -> Result<SettingId, Problem> {
        let mut body = CreateSetting::new(&*seed.name, &*seed.key, seed.setting_type.clone());
        body.hint = Field::from(seed.hint.clone());
        let mut tags = Vec::new();
        for (i, name) in seed.tags.iter().enumerate() {
            let tag = self.state.tag_named(product, name).map(|tag| tag.id);
            let message = format!("The product has no tag {name}.");
            tags.push(tag.ok_or_else(|| Problem::field(format!("tags[{i}]"), message))?);
        }
        body.tags = Field::Value(tags);
        check_body(&body, &schema::settings::CREATE_SETTING)?;
        self.state.create_setting(self.now, config, seed.setting_id, body)
    }

    fn value(
        &mut self,
        setting: SettingId,
        environment: &EnvironmentId,
        version: &EvaluationVersion,
        value: &Value,
    ) -> Result<(), Problem> {
        let (flag, config, _) = self.state.flag_in(environment, setting)?;
        let unreadable = |error| Problem::unreadable(&error);
        let content = if *version == EvaluationVersion::V2 {
            let json = match value {
                Value::Object(_) => value.clone(),
                plain => json!({ "defaultValue": plain_value(plain) }),
            };
            check_body(&json, &schema::flag_values::UPDATE_EVALUATION_FORMULA)?;
            let body: UpdateEvaluationFormula = serde_path_to_error::deserialize(json).map_err(unreadable)?;
            Content::V2(self.state.formula(flag, config, body)?)
        } else {
            let json = match value {
                Value::Object(_) => value.clone(),
                plain => json!({ "value": plain }),
            };
            check_body(&json, &schema::values::UPDATE_SETTING_VALUE)?;
            let body: UpdateSettingValue = serde_path_to_error::deserialize(json).map_err(unreadable)?;
            Content::V1(self.state.rollout(flag, body)?)
        };
        self.state.store(self.now, environment, setting, content, None)
    }
}

/// Checks a part of the seed against the spec, like the body of a request.
fn check_body(body: &impl Serialize, schema: &'static Schema) -> Result<(), Problem> {
    let json = serde_json::to_value(body).map_err(|error| Problem::field("", error.to_string()))?;
    let found = validate::check(&json, &Type::Object(schema), Enums::Closed);
    Problem::violations(found).map_or(Ok(()), Err)
}

/// Converts a plain value to the value of a V2 flag. Validation converts numbers to the flag's type.
fn plain_value(value: &Value) -> Value {
    match value {
        Value::Bool(_) => json!({ "boolValue": value }),
        Value::Number(number) if number.is_i64() => json!({ "intValue": value }),
        Value::Number(_) => json!({ "doubleValue": value }),
        _ => json!({ "stringValue": value }),
    }
}
