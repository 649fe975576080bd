//! Requests that create entities: none is created twice, even if a response is lost.

use super::execute::{Executor, REPEATS};
use crate::call::CallInput;
use crate::changes::plan::{Step, same};
use crate::changes::section::Section;
use crate::changes::snapshot::{id, item_of};
use crate::error::{ErrorKind, Result};
use serde_json::{Map, Value, json};

impl Executor<'_> {
    /// Creates an entity, and returns its id. If the response is lost or cannot be read, the entity is looked up before the request
    /// is repeated; if the request is refused, because the entity may exist already.
    pub(super) async fn send_create(
        &self,
        section: &Section,
        step: &Step,
        parent: &str,
        body: Map<String, Value>,
    ) -> Result<Option<String>> {
        let key = body.get(section.key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut repeats = 0;
        loop {
            let mut input = CallInput::new(section.create);
            for parameter in section.create.path_parameters() {
                input.set_parameter(parameter.wire, json!(parent))?;
            }
            input.set_body(Value::Object(body.clone()))?;
            let created = self.reader.call(input).await.and_then(|response| response.decode::<Value>());
            let error = match created {
                Ok(created) => return Ok(created.get(section.id).and_then(id)),
                Err(error) => error,
            };
            let is_lost = error.maybe_applied() && repeats < REPEATS;
            let is_refused = matches!(error.kind(), ErrorKind::BadRequest | ErrorKind::Conflict);
            if !is_lost && !is_refused {
                return Err(error);
            }
            let found = match self.find(section, parent, &key).await {
                // The refusal says more than a failed lookup.
                Err(_) if !is_lost => return Err(error),
                found => found?,
            };
            match found {
                Some(found) if is_lost || self.is_created(section, step, &found) => {
                    return Ok(found.get(section.id).and_then(id));
                }
                _ if is_lost => repeats += 1,
                _ => return Err(error),
            }
        }
    }

    /// Finds an entity by its key.
    async fn find(&self, section: &Section, parent: &str, key: &str) -> Result<Option<Value>> {
        let listed = self.reader.list(section, parent).await?;
        Ok(listed.into_iter().find(|item| item.get(section.key).is_some_and(|other| other == key)))
    }

    /// Whether an entity is as a step creates it. The service may have executed a request of an earlier run, which was killed, after
    /// this run has read the product.
    fn is_created(&self, section: &Section, step: &Step, found: &Value) -> bool {
        let found = item_of(section, found, &self.known.registry());
        let wanted = step.after.as_ref().and_then(Value::as_object).into_iter().flatten();
        let mut wanted = wanted.map(|(name, value)| same(Some(value), found.fields.get(name)));
        wanted.all(|same| same)
    }
}
