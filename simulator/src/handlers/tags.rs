//! Tags.

use crate::call::Call;
use crate::generated::tags::Tags;
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::Tag;
use crate::state::lookup::sorted;
use crate::state::{Event, State};
use configcat_management::models::{self, AuditLogType, CreateTag, ProductId, TagId, UpdateTag};

// Assumed: names of tags need not be unique in their product.
impl Tags for State {
    // Assumed: tags are listed in the order in which they were created.
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<models::Tag>, Problem> {
        self.product(&product_id)?;
        self.tags.of(&product_id).map(|t| self.view_tag(t)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreateTag,
    ) -> Result<models::Tag, Problem> {
        self.product(&product_id)?;
        rules::named("name", &body.name)?;
        let id = self.ids.tag();
        let name = body.name.clone();
        self.tags.insert(Tag::new(id, product_id.clone(), body));
        self.record(call.now, Event::new(AuditLogType::TagAdded, &product_id, &name, "Tag created."));
        self.view_tag(self.tag(id)?)
    }

    fn get(&mut self, _: &Call<'_>, tag_id: TagId) -> Result<models::Tag, Problem> {
        self.view_tag(self.tag(tag_id)?)
    }

    fn update(&mut self, call: &Call<'_>, tag_id: TagId, body: UpdateTag) -> Result<models::Tag, Problem> {
        let tag = self.tag_mut(tag_id)?;
        if let Some(name) = body.name.as_ref().value() {
            rules::named("name", name)?;
        }
        rules::keep(&mut tag.name, body.name);
        rules::keep_optional(&mut tag.color, body.color);
        let (product, name) = (tag.product.clone(), tag.name.clone());
        self.record(call.now, Event::new(AuditLogType::TagChanged, &product, &name, "Tag changed."));
        self.view_tag(self.tag(tag_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, tag_id: TagId) -> Result<(), Problem> {
        let tag = self.tag(tag_id)?;
        let (product, name) = (tag.product.clone(), tag.name.clone());
        self.record(call.now, Event::new(AuditLogType::TagRemoved, &product, &name, "Tag deleted."));
        self.remove_tag(tag_id);
        Ok(())
    }

    fn list_settings(&mut self, _: &Call<'_>, tag_id: TagId) -> Result<Vec<models::Setting>, Problem> {
        self.tag(tag_id)?;
        sorted(self.tagged(tag_id), |s| s.place).into_iter().map(|s| self.view_setting(s)).collect()
    }
}
