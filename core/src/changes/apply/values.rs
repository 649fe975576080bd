//! Requests that write values.

use super::execute::Executor;
use super::report::{Status, StepOutcome};
use super::resolve::ConfigIds;
use crate::call::CallInput;
use crate::changes::flag::FlagState;
use crate::changes::json::set;
use crate::changes::plan::{Approval, PlannedRequest, Step};
use crate::changes::section::VALUES;
use crate::error::{Error, ErrorKind, Result};
use crate::operations::{change_requests, flag_values, values};
use serde_json::{Map, Value, json};

impl Executor<'_> {
    /// Writes the values of one request, and returns the results of its steps.
    pub(super) async fn write_values(&self, request: &PlannedRequest) -> Vec<StepOutcome> {
        let steps: Vec<(usize, &Step)> =
            request.steps.iter().filter_map(|&at| Some((at, self.plan.steps.get(at)?))).collect();
        let Some(&(_, first)) = steps.first() else { return Vec::new() };
        let [config, _, environment] = first.path.as_slice() else { return Vec::new() };
        let v1 = first.evaluation_version.as_deref() == Some("v1");
        let (mut bodies, mut outcomes) = (Vec::new(), Vec::new());
        for (at, step) in steps {
            match self.value_body(config, step, v1) {
                Ok(body) => bodies.push((at, step, body)),
                Err(missing) => outcomes.push(StepOutcome::failed(at, Status::Skipped, missing)),
            }
        }
        if bodies.is_empty() {
            return outcomes;
        }
        let written = self.send_values(request, config, environment, &bodies).await;
        for (at, step, _) in &bodies {
            outcomes.push(match &written {
                Ok(id) => {
                    let status = if id.is_some() { Status::Requested } else { Status::Done };
                    StepOutcome { id: id.clone(), ..StepOutcome::new(*at, status) }
                }
                Err(error) if error.kind() == ErrorKind::Conflict => {
                    let theirs = self.current_value(config, environment, step).await;
                    StepOutcome { theirs, ..StepOutcome::of_call(*at, Status::Conflict, error) }
                }
                Err(error) => StepOutcome::of_call(*at, Status::Failed, error),
            });
        }
        outcomes
    }

    /// Returns the body of a value, with the number of its flag.
    fn value_body(&self, config: &str, step: &Step, v1: bool) -> Result<Map<String, Value>, String> {
        let [_, flag, _] = step.path.as_slice() else {
            return Err("the path is not that of a value".to_owned());
        };
        let path = [config.to_owned(), flag.clone()];
        let id =
            self.known.id(VALUES.parent, &path).ok_or_else(|| format!("the flag {flag} does not exist"))?;
        let state = step.after.clone().map(FlagState::from_json);
        let mut state = match state {
            Some(Ok(state)) => state,
            Some(Err(violation)) => return Err(violation.message),
            None => return Err("the step has no value".to_owned()),
        };
        if let Some(ty) = self.known.type_of(config, flag) {
            state.convert_to(&ty).map_err(|violation| violation.message)?;
        }
        let ids = ConfigIds { known: &self.known, config };
        let body = if v1 {
            state.to_v1(&ids).map(serde_json::to_value)
        } else {
            state.to_v2(&ids).map(serde_json::to_value)
        };
        let body = body.map_err(|violation| format!("{}: {}", violation.path, violation.message))?;
        let Ok(Value::Object(mut body)) = body else { return Err("the value cannot be written".to_owned()) };
        body.insert("settingId".to_owned(), id.parse::<i64>().unwrap_or_default().into());
        Ok(body)
    }

    /// Sends values. Returns the id of the change request, if one was created.
    async fn send_values(
        &self,
        request: &PlannedRequest,
        config: &str,
        environment: &str,
        bodies: &[(usize, &Step, Map<String, Value>)],
    ) -> Result<Option<String>> {
        let missing = |name: &str| Error::bad_request(format!("{name} does not exist"));
        let config_id = self.known.id("configs", &[config.to_owned()]).ok_or_else(|| missing(config))?;
        let environment_id =
            self.known.id("environments", &[environment.to_owned()]).ok_or_else(|| missing(environment))?;
        let requested = request.operation == change_requests::CREATE.id;
        let mut attempts = 0;
        loop {
            let input = if requested {
                self.change_request(&config_id, &environment_id, config, environment, bodies)?
            } else {
                self.values_input(request, &config_id, &environment_id, bodies)?
            };
            match self.reader.call(input).await {
                Ok(response) if requested => {
                    let created: Value = response.decode()?;
                    return Ok(created.get("changeRequestId").and_then(crate::changes::snapshot::id));
                }
                Ok(_) => return Ok(None),
                // Writing the same values again is harmless; a second change request is not.
                Err(error) if error.maybe_applied() && !requested && attempts < 2 => attempts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn values_input(
        &self,
        request: &PlannedRequest,
        config: &str,
        environment: &str,
        bodies: &[(usize, &Step, Map<String, Value>)],
    ) -> Result<CallInput> {
        let v1 = request.operation.starts_with("values.");
        let single = bodies.first().filter(|_| bodies.len() == 1 && request.steps.len() == 1);
        let mut input = match (single, v1) {
            (Some(_), false) => CallInput::new(&flag_values::REPLACE),
            (Some(_), true) => CallInput::new(&values::REPLACE),
            (None, false) => CallInput::new(&flag_values::REPLACE_MANY),
            (None, true) => CallInput::new(&values::REPLACE_MANY),
        };
        input.set_parameter("environmentId", json!(environment))?;
        if let Some((_, step, body)) = single {
            let mut body = body.clone();
            input.set_parameter("settingId", body.remove("settingId").unwrap_or_default())?;
            if let Some(version) = step.version.as_ref().filter(|_| !v1) {
                input.set_parameter("latestVersionId", json!(version))?;
            }
            input.set_body(Value::Object(body))?;
        } else {
            input.set_parameter("configId", json!(config))?;
            let list: Vec<&Map<String, Value>> = bodies.iter().map(|(_, _, body)| body).collect();
            let member = if v1 { "settingValues" } else { "updateFormulas" };
            input.set_body(json!({ member: list }))?;
        }
        if let Some(reason) = &self.plan.options.reason {
            input.set_parameter("reason", json!(reason))?;
        }
        if self.plan.options.approval == Approval::Bypass && !v1 {
            input.set_parameter("bypassApproval", json!(true))?;
        }
        Ok(input)
    }

    fn change_request(
        &self,
        config_id: &str,
        environment_id: &str,
        config: &str,
        environment: &str,
        bodies: &[(usize, &Step, Map<String, Value>)],
    ) -> Result<CallInput> {
        let changes = bodies.iter().map(|(_, step, body)| {
            let mut formula = body.clone();
            if let Some(version) = &step.version {
                formula.insert("latestVersionId".to_owned(), json!(version));
            }
            json!({ "proposedChange": formula })
        });
        let changes: Vec<Value> = changes.collect();
        let count =
            if changes.len() == 1 { "1 value".to_owned() } else { format!("{} values", changes.len()) };
        let mut body =
            json!({ "title": format!("{count} of {config} in {environment}"), "proposedChanges": changes });
        if let Some(reason) = &self.plan.options.reason {
            set(&mut body, "reason", reason.as_str());
        }
        let mut input = CallInput::new(&change_requests::CREATE);
        input.set_parameter("configId", json!(config_id))?;
        input.set_parameter("environmentId", json!(environment_id))?;
        input.set_body(body)?;
        Ok(input)
    }

    /// Returns the value that a flag has now.
    async fn current_value(&self, config: &str, environment: &str, step: &Step) -> Option<Value> {
        let snapshot = self.snapshot.product.as_ref()?;
        let find = |section: &str, name: &str| {
            let section = crate::changes::section::named(section)?;
            snapshot.find(section, name)
        };
        let (config, environment) = (find("configs", config)?, find("environments", environment)?);
        let registry = self.known.registry().clone();
        let cell =
            crate::changes::snapshot::Cell::read(self.reader, &registry, config, environment).await.ok()?;
        serde_json::to_value(cell.values.get(step.path.get(1)?)?.state.as_ref()?).ok()
    }
}
