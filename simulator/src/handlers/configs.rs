//! Configs.

use crate::assumed::{self, plan};
use crate::call::Call;
use crate::generated::configs::Configs;
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::Config;
use crate::state::{Event, State, ids};
use configcat_management::Timestamp;
use configcat_management::models::{self, AuditLogType, ConfigId, CreateConfig, ProductId, UpdateConfig};

impl State {
    /// Creates a config with SDK keys for every environment.
    // Documented: the evaluation version of a config is fixed when it is created.
    // Assumed: names of configs need not be unique in their product.
    pub(crate) fn create_config(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        id: Option<ConfigId>,
        input: CreateConfig,
    ) -> Result<ConfigId, Problem> {
        self.product(product)?;
        rules::named("name", &input.name)?;
        let orders: Vec<i32> = self.configs_of(product).iter().map(|c| c.place.order).collect();
        rules::room("name", orders.len(), plan::CONFIGS)?;
        let id = id.unwrap_or_else(|| ConfigId::new(ids::uuid()));
        if self.configs.contains(&id) {
            return Err(Problem::field("configId", format!("{id} already exists.")));
        }
        let place = self.ids.place(input.order.value(), orders.into_iter());
        let name = input.name.clone();
        let config = Config {
            id: id.clone(),
            product: product.clone(),
            name: input.name,
            description: input.description.value(),
            place,
            version: input.evaluation_version.unwrap_or(assumed::EVALUATION_VERSION),
        };
        self.configs.insert(config);
        self.add_keys_of_config(product, &id);
        self.record(
            now,
            Event::new(AuditLogType::ConfigCreated, product, &name, "Config created.").config(&id),
        );
        Ok(id)
    }
}

impl Configs for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<models::Config>, Problem> {
        self.product(&product_id)?;
        self.configs_of(&product_id).into_iter().map(|c| self.view_config(c)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreateConfig,
    ) -> Result<models::Config, Problem> {
        let id = self.create_config(call.now, &product_id, None, body)?;
        self.view_config(self.config(&id)?)
    }

    fn get(&mut self, _: &Call<'_>, config_id: ConfigId) -> Result<models::Config, Problem> {
        self.view_config(self.config(&config_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        body: UpdateConfig,
    ) -> Result<models::Config, Problem> {
        let config = self.config_mut(&config_id)?;
        if let Some(name) = body.name.as_ref().value() {
            rules::named("name", name)?;
        }
        rules::keep(&mut config.name, body.name);
        rules::keep_optional(&mut config.description, body.description);
        rules::keep(&mut config.place.order, body.order);
        let (product, name) = (config.product.clone(), config.name.clone());
        let event =
            Event::new(AuditLogType::ConfigChanged, &product, &name, "Config changed.").config(&config_id);
        self.record(call.now, event);
        self.view_config(self.config(&config_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, config_id: ConfigId) -> Result<(), Problem> {
        let config = self.config(&config_id)?;
        let (product, name) = (config.product.clone(), config.name.clone());
        let event =
            Event::new(AuditLogType::ConfigDeleted, &product, &name, "Config deleted.").config(&config_id);
        self.record(call.now, event);
        self.remove_config(&config_id);
        Ok(())
    }
}
