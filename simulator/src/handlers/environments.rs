//! Environments.

use crate::assumed::plan;
use crate::call::Call;
use crate::generated::environments::{DeleteQuery, Environments};
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::{Environment, SettingValueState};
use crate::state::{Event, State, ids};
use configcat_management::Timestamp;
use configcat_management::models::{
    self, AuditLogType, CreateEnvironment, EnvironmentId, ProductId, UpdateEnvironment,
};

impl State {
    /// Creates an environment with SDK keys for every config and a value for every flag.
    ///
    /// Assumed: names of environments need not be unique in their product.
    pub(crate) fn create_environment(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        id: Option<EnvironmentId>,
        input: CreateEnvironment,
    ) -> Result<EnvironmentId, Problem> {
        self.product(product)?;
        rules::named("name", &input.name)?;
        let orders: Vec<i32> = self.environments_of(product).iter().map(|e| e.place.order).collect();
        rules::room("name", orders.len(), plan::ENVIRONMENTS)?;
        let id = id.unwrap_or_else(|| EnvironmentId::new(ids::uuid()));
        if self.environments.contains(&id) {
            return Err(Problem::field("environmentId", format!("{id} already exists.")));
        }
        let place = self.ids.place(input.order.value(), orders.into_iter());
        let name = input.name.clone();
        let environment = Environment {
            id: id.clone(),
            product: product.clone(),
            name: input.name,
            color: input.color.value(),
            description: input.description.value(),
            place,
            reason_required: false,
            approve_required: false,
        };
        self.environments.insert(environment);
        self.add_keys_of_environment(product, &id);
        for config in self.configs.of(product) {
            for setting in self.settings.of(&config.id) {
                self.values.insert(SettingValueState::fresh(setting, &config.version, &id));
            }
        }
        self.settle_in_groups(product, &id);
        let event = Event::new(AuditLogType::EnvironmentCreated, product, &name, "Environment created.");
        self.record(now, event.environment(&id));
        Ok(id)
    }
}

impl Environments for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<models::Environment>, Problem> {
        self.product(&product_id)?;
        self.visible_environments(&product_id).into_iter().map(|e| self.view_environment(e)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreateEnvironment,
    ) -> Result<models::Environment, Problem> {
        let id = self.create_environment(call.now, &product_id, None, body)?;
        self.view_environment(self.environment(&id)?)
    }

    fn get(&mut self, _: &Call<'_>, environment_id: EnvironmentId) -> Result<models::Environment, Problem> {
        self.view_environment(self.environment(&environment_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        body: UpdateEnvironment,
    ) -> Result<models::Environment, Problem> {
        let environment = self.environment_mut(&environment_id)?;
        if let Some(name) = body.name.as_ref().value() {
            rules::named("name", name)?;
        }
        rules::keep(&mut environment.name, body.name);
        rules::keep_optional(&mut environment.color, body.color);
        rules::keep_optional(&mut environment.description, body.description);
        rules::keep(&mut environment.place.order, body.order);
        let (product, name) = (environment.product.clone(), environment.name.clone());
        let event = Event::new(AuditLogType::EnvironmentChanged, &product, &name, "Environment changed.");
        self.record(call.now, event.environment(&environment_id));
        self.view_environment(self.environment(&environment_id)?)
    }

    fn delete(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        query: DeleteQuery,
    ) -> Result<(), Problem> {
        let environment = self.environment(&environment_id)?;
        let (product, name) = (environment.product.clone(), environment.name.clone());
        if query.cleanup_audit_logs == Some(true) {
            let entries: Vec<i64> = self
                .audit
                .values()
                .filter(|entry| entry.environment.as_ref() == Some(&environment_id))
                // Documented: `cleanupAuditLogs` keeps the entries about the creation and the deletion.
                .filter(|entry| entry.ty != AuditLogType::EnvironmentCreated)
                .map(|entry| entry.id)
                .collect();
            entries.iter().for_each(|id| drop(self.audit.remove(id)));
        }
        let event = Event::new(AuditLogType::EnvironmentDeleted, &product, &name, "Environment deleted.");
        self.record(call.now, event.environment(&environment_id));
        self.remove_environment(&environment_id);
        Ok(())
    }
}
