//! Executes the steps of a plan in their order. Steps that do not depend on each other run concurrently, within the pacing of the
//! client.

use super::body::{complete, fields, patch, variations};
use super::report::{Progress, Report, Status, StepOutcome};
use super::resolve::Known;
use crate::call::CallInput;
use crate::changes::json::{items, set, text};
use crate::changes::plan::{Action, PREFERENCES_SECTION, Plan, PlannedRequest, Step, VARIATIONS_SECTION};
use crate::changes::section::{PRODUCT, Section, VALUES, named};
use crate::changes::snapshot::{CONCURRENCY, Reader, Snapshot, id};
use crate::error::{Error, Result};
use crate::operations::{predefined_variations, products};
use crate::spec::{Operation, Type};
use futures_util::future::{Either, FutureExt as _, select};
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value, json};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::task::yield_now;

/// How often a request is sent again of which the response was lost.
pub(super) const REPEATS: usize = 2;

/// Section of permission groups.
const GROUPS: &str = "permissionGroups";

/// Is called after each request of which the steps are completed.
pub(crate) type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Executes a plan.
pub(crate) struct Executor<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) snapshot: &'a Snapshot,
    pub(super) plan: &'a Plan,
    pub(super) known: Known,
    progress: OnProgress<'a>,
    completed: AtomicUsize,
    stopped: AtomicBool,
}

impl<'a> Executor<'a> {
    pub(crate) fn new(
        reader: &'a Reader<'a>,
        snapshot: &'a Snapshot,
        plan: &'a Plan,
        progress: OnProgress<'a>,
    ) -> Self {
        Self {
            reader,
            snapshot,
            plan,
            known: Known::new(snapshot),
            progress,
            completed: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Executes the steps until `stop` completes; those that are left are skipped. `before` are outcomes of steps that are not
    /// executed.
    pub(crate) async fn run_until(
        &self,
        before: Vec<StepOutcome>,
        stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Report {
        match select(pin!(self.run(before)), stop).await {
            Either::Left((report, _)) => report,
            Either::Right(((), run)) => {
                self.stopped.store(true, Ordering::Relaxed);
                run.await
            }
        }
    }

    /// Executes all steps.
    async fn run(&self, before: Vec<StepOutcome>) -> Report {
        let mut outcomes = Vec::new();
        for requests in self.ranks() {
            if outcomes.iter().any(|outcome: &StepOutcome| !outcome.status.is_success()) {
                // Preferences that come last refuse changes, also those of the next run that continues this one.
                let of_preferences: Vec<usize> = self.preferences_in(&requests);
                if !of_preferences.is_empty() {
                    let message = "it is set when all other steps have succeeded";
                    outcomes.extend(
                        of_preferences.iter().map(|at| StepOutcome::failed(*at, Status::Skipped, message)),
                    );
                    continue;
                }
            }
            // Collected, because a stream that makes them would not be `Send` for every lifetime.
            let started: Vec<_> = requests.into_iter().map(|request| self.execute(request).boxed()).collect();
            let executed: Vec<_> = stream::iter(started).buffer_unordered(CONCURRENCY).collect().await;
            outcomes.extend(executed.into_iter().flatten());
        }
        outcomes.extend(before);
        let requests = self.reader.requests();
        Report::new(self.plan.clone(), outcomes, requests)
    }

    /// Positions of the steps of requests that change preferences.
    fn preferences_in(&self, requests: &[&PlannedRequest]) -> Vec<usize> {
        let steps = requests.iter().flat_map(|request| request.steps.iter().copied());
        let is_preferences =
            |at: &usize| self.plan.steps.get(*at).is_some_and(|step| step.section == PREFERENCES_SECTION);
        steps.filter(is_preferences).collect()
    }

    /// Groups the requests by the rank of their steps.
    fn ranks(&self) -> Vec<Vec<&'a PlannedRequest>> {
        let mut groups: Vec<Vec<&PlannedRequest>> = Vec::new();
        let mut last: Option<(&str, Action)> = None;
        for request in &self.plan.requests {
            let Some(step) = request.steps.first().and_then(|&at| self.plan.steps.get(at)) else { continue };
            let is_delete = step.action == Action::Delete;
            let is_deleted = matches!(step.action, Action::Delete | Action::Replace);
            // Deletions of flags are executed one by one: one may be a prerequisite of another. So are creations of what has no
            // position of its own, so that it stays in the order of the document.
            let has_order = named(&step.section).is_none_or(|section| section.member("order").is_some());
            let alone = (is_deleted && step.section == VALUES.parent)
                || (step.action == Action::Create && !has_order);
            let same = last.is_some_and(|(section, action)| {
                let same_kind = (action == Action::Delete) == is_delete && action != Action::Replace;
                section == step.section && same_kind && !alone
            });
            match groups.last_mut().filter(|_| same) {
                Some(group) => group.push(request),
                None => groups.push(vec![request]),
            }
            last = Some((&step.section, step.action));
        }
        groups
    }

    async fn execute(&self, request: &PlannedRequest) -> Vec<StepOutcome> {
        if self.stopped.load(Ordering::Relaxed) {
            let skipped = |&at: &usize| StepOutcome::failed(at, Status::Skipped, "applying was stopped");
            return request.steps.iter().map(skipped).collect();
        }
        let steps = request.steps.iter().filter_map(|&at| Some((at, self.plan.steps.get(at)?)));
        let is_values = steps.clone().any(|(_, step)| step.section == VALUES.name);
        let outcomes = if is_values {
            self.write_values(request).await
        } else {
            let mut outcomes = Vec::new();
            for (at, step) in steps {
                outcomes.push(self.execute_step(at, step).await);
            }
            outcomes
        };
        let completed = self.completed.fetch_add(outcomes.len(), Ordering::Relaxed) + outcomes.len();
        (self.progress)(Progress { completed, total: self.plan.steps.len() });
        // A caller that stops now can drop the future before another request begins.
        yield_now().await;
        outcomes
    }

    async fn execute_step(&self, at: usize, step: &Step) -> StepOutcome {
        match self.step(step).await {
            Ok(Ok(id)) => StepOutcome { id, ..StepOutcome::new(at, Status::Done) },
            Ok(Err(missing)) => StepOutcome::failed(at, Status::Skipped, missing),
            Err(error) => StepOutcome::of_call(at, Status::Failed, &error),
        }
    }

    /// Executes a step that is a request of its own. Returns the id of a new entity, or what the step needs and does not exist.
    async fn step(&self, step: &Step) -> Result<Result<Option<String>, String>> {
        match step.section.as_str() {
            PREFERENCES_SECTION => return self.preferences(step).await,
            VARIATIONS_SECTION => return self.variations(step).await,
            _ => {}
        }
        let Some(section) = named(&step.section) else {
            return Err(Error::bad_request(format!(
                "the plan has a section {:?}, which this version does not know",
                step.section
            )));
        };
        match step.action {
            Action::Create => self.create(section, step).await,
            Action::Update => self.update(section, step).await,
            Action::Delete => self.delete(section, step).await,
            Action::Replace => match self.delete(section, step).await? {
                Ok(_) => self.create(section, step).await,
                Err(missing) => Ok(Err(missing)),
            },
        }
    }

    async fn create(&self, section: &'static Section, step: &Step) -> Result<Result<Option<String>, String>> {
        if section.name == GROUPS && self.known.id(section.name, &step.path).is_some() {
            return self.update(section, step).await;
        }
        let after = step.after.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        let mut body = match fields(section, &after, &self.known) {
            Ok(body) => body,
            Err(missing) => return Ok(Err(missing)),
        };
        complete(section, &mut body);
        let Some(parent) = self.parent(section, &step.path) else {
            let above = step.path.iter().rev().nth(1).cloned().unwrap_or_default();
            return Ok(Err(format!("{above} does not exist")));
        };
        let id = self.send_create(section, step, &parent, body).await?;
        if let Some(id) = &id {
            self.known.registry().remove(section.name, &step.path);
            self.known.registry().add(section, &step.path, id);
        }
        if section.name == PRODUCT.name {
            self.add_first_groups().await?;
        }
        if let ([config, flag], Some(ty)) =
            (step.path.as_slice(), after.get("settingType").and_then(Value::as_str))
        {
            self.known.set_type(config, flag, ty.into());
        }
        Ok(Ok(id))
    }

    /// Registers the permission groups that a new product has, if the plan has groups: one of them may have the same name.
    async fn add_first_groups(&self) -> Result<()> {
        let (Some(section), true) =
            (named(GROUPS), self.plan.steps.iter().any(|step| step.section == GROUPS))
        else {
            return Ok(());
        };
        let product = self.known.id(PRODUCT.name, &[]).unwrap_or_default();
        for group in self.reader.list(section, &product).await? {
            let name = text(&group, section.key).to_owned();
            let own = group.get(section.id).and_then(id).unwrap_or_default();
            self.known.registry().add(section, &[name], &own);
        }
        Ok(())
    }

    async fn update(&self, section: &'static Section, step: &Step) -> Result<Result<Option<String>, String>> {
        let Some(own) = self.known.id(section.name, &step.path) else { return Ok(Err(missing(step))) };
        let after = step.after.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        let body = match fields(section, &after, &self.known) {
            Ok(body) => body,
            Err(missing) => return Ok(Err(missing)),
        };
        let mut input = CallInput::new(section.update);
        input.set_parameter(section.id, json!(own))?;
        match section.update.body {
            Some(Type::Patch(_)) => input.set_body(patch(&body))?,
            _ => input.set_body(Value::Object(self.required(section, section.update, step, body)))?,
        }
        self.reader.call(input).await?;
        Ok(Ok(None))
    }

    /// Adds the fields that an update requires, although they stay as they are.
    fn required(
        &self,
        section: &'static Section,
        operation: &'static Operation,
        step: &Step,
        mut body: Map<String, Value>,
    ) -> Map<String, Value> {
        let Some(Type::Object(schema)) = operation.body else { return body };
        let actual = step.path.first().and_then(|name| self.snapshot.product.as_ref()?.find(section, name));
        for field in schema.fields.iter().filter(|field| field.required) {
            if body.contains_key(field.wire) {
                continue;
            }
            let member = section.fields.iter().find(|member| member.wire() == field.wire);
            let name = member.map_or(field.wire, |member| member.name);
            let Some(value) = actual.and_then(|actual| actual.fields.get(name)) else { continue };
            let one = Map::from_iter([(name.to_owned(), value.clone())]);
            body.extend(fields(section, &one, &self.known).unwrap_or_default());
        }
        body
    }

    async fn delete(&self, section: &'static Section, step: &Step) -> Result<Result<Option<String>, String>> {
        let Some(own) = self.known.id(section.name, &step.path) else { return Ok(Err(missing(step))) };
        let mut input = CallInput::new(section.delete);
        input.set_parameter(section.id, json!(own))?;
        self.reader.call(input).await?;
        self.known.registry().remove(section.name, &step.path);
        Ok(Ok(None))
    }

    async fn preferences(&self, step: &Step) -> Result<Result<Option<String>, String>> {
        let Some(product) = self.known.id(PRODUCT.name, &[]) else { return Ok(Err(missing(step))) };
        let mut body = step.after.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        let environments = body.remove("environments").unwrap_or_default();
        let lists = [
            ("reasonRequired", "reasonRequiredEnvironments"),
            ("approveRequired", "approveRequiredEnvironments"),
        ];
        for (preference, list) in lists {
            let mut items = Vec::new();
            for (name, preferences) in environments.as_object().into_iter().flatten() {
                let Some(value) = preferences.get(preference) else { continue };
                let Some(environment) = self.known.id("environments", std::slice::from_ref(name)) else {
                    return Ok(Err(format!("the environment {name} does not exist")));
                };
                items.push(json!({ "environmentId": environment, preference: value }));
            }
            if !items.is_empty() {
                body.insert(list.to_owned(), items.into());
            }
        }
        let mut input = CallInput::new(&products::UPDATE_PREFERENCES);
        input.set_parameter(PRODUCT.id, json!(product))?;
        input.set_body(Value::Object(body))?;
        let mut repeats = 0;
        loop {
            match self.reader.call(input.clone()).await {
                Ok(_) => return Ok(Ok(None)),
                // Setting the same preferences again is harmless.
                Err(error) if error.maybe_applied() && repeats < REPEATS => repeats += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn variations(&self, step: &Step) -> Result<Result<Option<String>, String>> {
        let Some(setting) = self.known.id(VALUES.parent, &step.path) else { return Ok(Err(missing(step))) };
        let [config, flag] = step.path.as_slice() else { return Ok(Err(missing(step))) };
        let ty = self.known.type_of(config, flag);
        let wanted = step.after.as_ref().map(|after| &after[VARIATIONS_SECTION]).cloned().unwrap_or_default();
        let mut list = variations(&wanted, ty.as_ref().map_or("", |ty| ty.as_str()));
        // Variations that stay keep their ids.
        let now = self.reader.get(&predefined_variations::GET, &[("settingId", &setting)]).await?;
        for variation in list.as_array_mut().into_iter().flatten() {
            let found = items(&now, VARIATIONS_SECTION)
                .find(|other| crate::changes::plan::same(Some(&other["value"]), Some(&variation["value"])));
            if let Some(id) =
                found.map(|found| found["predefinedVariationId"].clone()).filter(Value::is_string)
            {
                set(variation, "predefinedVariationId", id);
            }
        }
        let mut input = CallInput::new(&predefined_variations::UPDATE);
        input.set_parameter("settingId", json!(setting))?;
        input.set_body(json!({ VARIATIONS_SECTION: list }))?;
        self.reader.call(input).await?;
        Ok(Ok(None))
    }

    /// Returns the id of the parent of an entity: of the organization, the product or the config.
    fn parent(&self, section: &Section, path: &[String]) -> Option<String> {
        if section.name == PRODUCT.name {
            return self.snapshot.organization.clone();
        }
        match path.split_last() {
            Some((_, [])) => self.known.id(PRODUCT.name, &[]),
            Some((_, above)) => self.known.id("configs", above),
            None => None,
        }
    }
}

/// What a step needs and does not exist.
fn missing(step: &Step) -> String {
    format!("{} does not exist", step.path.last().map_or("the product", String::as_str))
}

/// Compares the steps of a saved plan with those that are needed now. Returns the outcomes of those that are not executed.
pub(crate) fn conflicts(saved: &Plan, now: &Plan) -> Vec<StepOutcome> {
    let needed = now.by_entity();
    let outcome = |(at, step): (usize, &Step)| {
        let Some(found) = needed.get(&step.entity()) else {
            return Some(StepOutcome::new(at, Status::AlreadyDone));
        };
        // Another action too: an entity that was deleted meanwhile would have to be created.
        if found.is_same(step) {
            return None;
        }
        let message = "it has been changed since the plan was made";
        Some(StepOutcome {
            theirs: found.before.clone(),
            ..StepOutcome::failed(at, Status::Conflict, message)
        })
    };
    saved.steps.iter().enumerate().filter_map(outcome).collect()
}
