//! Segments.

use crate::call::Call;
use crate::generated::segments::Segments;
use crate::problem::Problem;
use crate::rules::{self, rollouts::check_comparison};
use crate::state::entities::{Content, Segment};
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, CreateSegment, ProductId, SegmentId, SegmentList, UpdateSegment,
};

impl State {
    /// Checks that no other segment of the product has a name.
    // Assumed: names of segments are unique in their product; a duplicate is refused with 400.
    fn check_segment_name(
        &self,
        product: &ProductId,
        id: Option<&SegmentId>,
        name: &str,
    ) -> Result<(), Problem> {
        rules::named("name", name)?;
        let same = self.segments.find(&(product.clone(), name.to_owned()));
        let others = same.filter(|segment| Some(&segment.id) != id);
        rules::unique("name", name, others.map(|segment| segment.name.as_str()))
    }

    /// Counts the flags whose current or proposed values refer to a segment.
    // Documented: `usage` is the number of flags that use the segment.
    // Assumed: flags count whose values in any environment or whose proposals in an open change request refer
    // to the segment.
    fn segment_usage(&self, segment: &Segment) -> usize {
        let mut users: Vec<_> = self
            .values_in(&segment.product)
            .filter(|value| refers(&value.content, &segment.id))
            .map(|value| value.setting)
            .collect();
        let open = self.change_requests.of(&segment.product).filter(|request| request.is_open());
        for proposal in open.flat_map(|request| &request.proposals) {
            if refers(&Content::V2(proposal.proposed.clone()), &segment.id) {
                users.push(proposal.setting);
            }
        }
        users.sort_unstable();
        users.dedup();
        users.len()
    }
}

/// Returns whether a value refers to a segment.
fn refers(content: &Content, segment: &SegmentId) -> bool {
    match content {
        Content::V1(rollout) => rollout.rules.iter().any(|rule| rule.segment_id.as_ref() == Some(segment)),
        Content::V2(formula) => formula
            .rules
            .iter()
            .flat_map(|rule| &rule.conditions)
            .filter_map(|condition| condition.segment_condition())
            .any(|condition| condition.segment_id == *segment),
    }
}

impl Segments for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<SegmentList>, Problem> {
        self.product(&product_id)?;
        let segments = self.segments_of(&product_id).into_iter().map(|segment| {
            let seen = self.view_segment(segment)?;
            Ok(construct::SegmentListFields {
                product: seen.product,
                segment_id: seen.segment_id,
                name: seen.name,
                description: seen.description,
                creator_email: seen.creator_email,
                creator_full_name: seen.creator_full_name,
                created_at: seen.created_at,
                last_updater_email: seen.last_updater_email,
                last_updater_full_name: seen.last_updater_full_name,
                updated_at: seen.updated_at,
                usage: i32::try_from(self.segment_usage(segment)).unwrap_or(i32::MAX),
            }
            .into())
        });
        segments.collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreateSegment,
    ) -> Result<models::Segment, Problem> {
        let id = self.create_segment(call.now, &product_id, None, body)?;
        self.view_segment(self.segment(&id)?)
    }

    fn get(&mut self, _: &Call<'_>, segment_id: SegmentId) -> Result<models::Segment, Problem> {
        self.view_segment(self.segment(&segment_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        segment_id: SegmentId,
        body: UpdateSegment,
    ) -> Result<models::Segment, Problem> {
        let mut segment = self.segment(&segment_id)?.clone();
        if let Some(name) = body.name.as_ref().value() {
            self.check_segment_name(&segment.product, Some(&segment_id), name)?;
        }
        rules::keep(&mut segment.name, body.name);
        rules::keep_optional(&mut segment.description, body.description);
        rules::keep(&mut segment.attribute, body.comparison_attribute);
        rules::keep(&mut segment.comparator, body.comparator);
        rules::keep(&mut segment.comparison, body.comparison_value);
        check_comparison("comparisonValue", &segment.comparator, &segment.comparison)?;
        segment.updated_at = call.now;
        segment.updater = self.me.clone();
        let (product, name) = (segment.product.clone(), segment.name.clone());
        self.segments.insert(segment);
        self.record(call.now, Event::new(AuditLogType::SegmentChanged, &product, &name, "Segment changed."));
        self.notify_users_of_segment(&product, &segment_id);
        self.view_segment(self.segment(&segment_id)?)
    }

    // Assumed: a segment that is in use cannot be deleted; this is refused with 400.
    fn delete(&mut self, call: &Call<'_>, segment_id: SegmentId) -> Result<(), Problem> {
        let segment = self.segment(&segment_id)?;
        if self.segment_usage(segment) > 0 {
            return Err(Problem::field("segmentId", "Flags refer to the segment."));
        }
        let (product, name) = (segment.product.clone(), segment.name.clone());
        self.record(call.now, Event::new(AuditLogType::SegmentDeleted, &product, &name, "Segment deleted."));
        self.segments.remove(&segment_id);
        Ok(())
    }
}

impl State {
    /// Creates a segment.
    // Assumed: an identifier that a seed states for a segment must be unused.
    pub(crate) fn create_segment(
        &mut self,
        now: configcat_management::Timestamp,
        product: &ProductId,
        id: Option<SegmentId>,
        input: CreateSegment,
    ) -> Result<SegmentId, Problem> {
        self.product(product)?;
        self.check_segment_name(product, None, &input.name)?;
        check_comparison("comparisonValue", &input.comparator, &input.comparison_value)?;
        let id = id.unwrap_or_else(|| SegmentId::new(ids::uuid()));
        if self.segments.contains(&id) {
            return Err(Problem::field("segmentId", format!("{id} already exists.")));
        }
        let name = input.name.clone();
        let segment = Segment {
            id: id.clone(),
            product: product.clone(),
            name: input.name,
            description: input.description.value(),
            created: self.ids.created(),
            created_at: now,
            creator: self.me.clone(),
            updated_at: now,
            updater: self.me.clone(),
            attribute: input.comparison_attribute,
            comparator: input.comparator,
            comparison: input.comparison_value,
        };
        self.segments.insert(segment);
        self.record(now, Event::new(AuditLogType::SegmentCreated, product, &name, "Segment created."));
        Ok(id)
    }

    /// Notifies webhooks of the flags that use a changed segment, because the segment affects what they serve.
    // Assumed: a change of a segment calls the webhooks of the flags that use it.
    fn notify_users_of_segment(&mut self, product: &ProductId, segment: &SegmentId) {
        let users: Vec<_> = self
            .values_in(product)
            .filter(|value| refers(&value.content, segment))
            .filter_map(|value| {
                let setting = self.settings.get(&value.setting)?;
                Some((setting.config.clone(), value.environment.clone(), setting.id, setting.key.clone()))
            })
            .collect();
        for (config, environment, setting, key) in users {
            self.notify(crate::state::notices::Notice {
                config,
                environment,
                setting,
                key,
                details: "Segment changed.".into(),
                why: None,
            });
        }
    }
}
