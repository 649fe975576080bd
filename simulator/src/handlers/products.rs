//! Products and their preferences.

use crate::assumed::{self, plan};
use crate::call::Call;
use crate::generated::products::Products;
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::{Member, PermissionGroup, Product, Rights};
use crate::state::lookup::sorted;
use crate::state::{Event, State, ids};
use configcat_management::Timestamp;
use configcat_management::models::{
    self, AccessType, ApprovalPermissionType, AuditLogType, CreateProduct, EnvironmentAccessType,
    EnvironmentApprovalPermissionType, KeyGenerationMode, OrganizationId, Preferences, ProductId,
    UpdatePreferences, UpdateProduct,
};

impl State {
    /// Creates a product with its first permission group.
    // Documented: a new product has one permission group with all permissions.
    // Assumed: the user who creates a product is in its first permission group.
    // Documented: the preferences of a new product require neither a reason nor a hint, and do not show
    // variation identifiers.
    // Assumed: names of products need not be unique in their organization.
    pub(crate) fn create_product(
        &mut self,
        now: Timestamp,
        organization: &OrganizationId,
        id: Option<ProductId>,
        input: CreateProduct,
    ) -> Result<ProductId, Problem> {
        self.organization(organization)?;
        rules::named("name", &input.name)?;
        let others = || self.products.of(organization);
        rules::room("name", others().count(), plan::PRODUCTS)?;
        let id = id.unwrap_or_else(|| ProductId::new(ids::uuid()));
        if self.products.contains(&id) {
            return Err(Problem::field("productId", format!("{id} already exists.")));
        }
        let orders: Vec<i32> = others().map(|p| p.place.order).collect();
        let place = self.ids.place(input.order.value(), orders.into_iter());
        let name = input.name.clone();
        let product = Product {
            id: id.clone(),
            organization: organization.clone(),
            name: input.name,
            description: input.description.value(),
            place,
            reason_required: false,
            approve_required: false,
            key_generation: assumed::KEY_GENERATION,
            show_variation_id: false,
            mandatory_hint: false,
        };
        self.products.insert(product);
        let group = self.ids.permission_group();
        self.permission_groups.insert(PermissionGroup {
            id: group,
            product: id.clone(),
            name: assumed::FIRST_GROUP.into(),
            rights: Rights::ALL,
            access: AccessType::Full,
            new_access: EnvironmentAccessType::Full,
            approval: ApprovalPermissionType::CanBypassApproval,
            new_approval: EnvironmentApprovalPermissionType::CanBypassApproval,
            environments: Vec::new(),
        });
        self.members.insert(Member { product: id.clone(), user: self.me.id.clone(), group });
        self.record(now, Event::new(AuditLogType::ProductCreated, &id, &name, "Product created."));
        Ok(id)
    }
}

impl Products for State {
    // Assumed: organization administrators see all products of the organization; other users see those that
    // they are members of.
    fn list(&mut self, _: &Call<'_>) -> Result<Vec<models::Product>, Problem> {
        let visible = self.products.values().filter(|product| self.sees(&product.id));
        sorted(visible, |p| p.place).into_iter().map(|p| self.view_product(p)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
        body: CreateProduct,
    ) -> Result<models::Product, Problem> {
        let id = self.create_product(call.now, &organization_id, None, body)?;
        self.view_product(self.product(&id)?)
    }

    fn get(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<models::Product, Problem> {
        self.view_product(self.product(&product_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: UpdateProduct,
    ) -> Result<models::Product, Problem> {
        let product = self.product_mut(&product_id)?;
        if let Some(name) = body.name.as_ref().value() {
            rules::named("name", name)?;
        }
        rules::keep(&mut product.name, body.name);
        rules::keep_optional(&mut product.description, body.description);
        rules::keep(&mut product.place.order, body.order);
        let name = product.name.clone();
        self.record(
            call.now,
            Event::new(AuditLogType::ProductChanged, &product_id, &name, "Product changed."),
        );
        self.view_product(self.product(&product_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, product_id: ProductId) -> Result<(), Problem> {
        let name = self.product(&product_id)?.name.clone();
        self.record(
            call.now,
            Event::new(AuditLogType::ProductDeleted, &product_id, &name, "Product deleted."),
        );
        self.remove_product(&product_id);
        Ok(())
    }

    fn get_preferences(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Preferences, Problem> {
        Ok(self.view_preferences(self.product(&product_id)?))
    }

    // Documented: reasons and approvals can be required for the whole product or for single environments.
    // Assumed: an environment of another product is refused with 400, and then nothing is changed.
    fn update_preferences(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: UpdatePreferences,
    ) -> Result<Preferences, Problem> {
        self.product(&product_id)?;
        let reasons = body.reason_required_environments.value().unwrap_or_default();
        let approvals = body.approve_required_environments.value().unwrap_or_default();
        // Check all environments before anything changes.
        let named =
            reasons.iter().map(|e| &e.environment_id).chain(approvals.iter().map(|e| &e.environment_id));
        for id in named.flatten() {
            if self.environments.get(id).is_none_or(|e| e.product != product_id) {
                return Err(Problem::field("environmentId", format!("The product has no environment {id}.")));
            }
        }
        if let Some(KeyGenerationMode::Unknown(mode)) = body.key_generation_mode.as_ref().value() {
            return Err(Problem::field("keyGenerationMode", format!("'{mode}' is not known.")));
        }
        let product = self.product_mut(&product_id)?;
        rules::keep(&mut product.reason_required, body.reason_required);
        rules::keep(&mut product.key_generation, body.key_generation_mode);
        rules::keep(&mut product.show_variation_id, body.show_variation_id);
        rules::keep(&mut product.mandatory_hint, body.mandatory_setting_hint);
        rules::keep(&mut product.approve_required, body.approve_required);
        let name = product.name.clone();
        for input in reasons {
            if let (Some(id), Some(required)) = (input.environment_id, input.reason_required) {
                self.environment_mut(&id)?.reason_required = required;
            }
        }
        for input in approvals {
            if let (Some(id), Some(required)) = (input.environment_id, input.approve_required) {
                self.environment_mut(&id)?.approve_required = required;
            }
        }
        let event =
            Event::new(AuditLogType::ProductPreferencesUpdated, &product_id, &name, "Preferences changed.");
        self.record(call.now, event);
        Ok(self.view_preferences(self.product(&product_id)?))
    }
}
