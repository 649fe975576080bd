//! Operations by name.

use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::raw::RawResponse;
use crate::response::ResponseDetails;
use crate::tools::json;
use configcat_management::call::{CallInput, NameSearch};
use configcat_management::spec::{Operation, Type};
use configcat_management::{
    CallResponse, Error, JsonValue, Result as CallResult, operations, unknown_operation,
};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::collections::HashMap;

#[uniffi::export]
impl NativeClient {
    /// Calls an operation by name, with the parameters and the fields of the body by name. `settings.find` and the like find the
    /// only item of a list with a name.
    ///
    /// # Errors
    /// If there is no such operation, an argument is invalid, the call fails, or a search finds not exactly one item.
    pub async fn call_named(
        &self,
        operation: String,
        arguments: HashMap<String, JsonValue>,
    ) -> Result<RawResponse, ConfigCatError> {
        let (input, search) = prepared(&operation, arguments)?;
        let (client, options) = (self.client().clone(), self.options().clone());
        self.make(async move {
            let response = client.call(input, options).await?;
            let (response, value) = response.decoded(move |response| value(response, search)).await?;
            Ok(RawResponse { value, details: ResponseDetails::from(&response) })
        })
        .await
    }
}

/// Checks the arguments of a call, and separates the name that a search looks for.
fn prepared(
    name: &str,
    arguments: HashMap<String, JsonValue>,
) -> CallResult<(CallInput, Option<NameSearch>)> {
    let arguments = arguments.into_iter().map(|(name, value)| {
        let value = json(&name, value)?;
        Ok((name, value))
    });
    let mut arguments: Map<String, Json> = arguments.collect::<CallResult<_>>()?;
    let (operation, search) = match operations::searched_by(name) {
        Some(list) => (list, Some(search(list, &mut arguments)?)),
        None => (operations::find(name).ok_or_else(|| unknown_operation(name))?, None),
    };
    Ok((CallInput::named(operation, arguments)?, search))
}

/// Takes the name to look for out of the arguments. Like that of a parameter, the name of the argument may be in camel case.
fn search(list: &'static Operation, arguments: &mut Map<String, Json>) -> CallResult<NameSearch> {
    let (call, argument) = list.find.map_or((list.id, "name"), |find| (find.call, find.argument));
    let camel = camel(argument);
    let refuse = |what: &str| Error::bad_request(format!("{call}: {camel}: {what}"));
    match arguments.remove(argument).or_else(|| arguments.remove(&camel)) {
        Some(Json::String(wanted)) => NameSearch::new(list, wanted),
        Some(_) => Err(refuse("must be a string")),
        None => Err(refuse("is required")),
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let mut letters = word.chars();
        text.chars().chain(letters.next().map(|letter| letter.to_ascii_uppercase())).chain(letters).collect()
    })
}

/// Returns the value of a response, or the item of its list that a search finds; null if it has none.
fn value(response: &CallResponse, search: Option<NameSearch>) -> CallResult<JsonValue> {
    if response.value_type().is_none() || response.body().is_empty() {
        return Ok(JsonValue::Null);
    }
    let value = response.decode::<Json>()?;
    match (search, value) {
        (Some(search), Json::Array(mut items)) => {
            let text = |index: usize, field| text(items.get(index)?, wire(&search, field)?);
            let found = search.pick(response, items.len(), text)?;
            Ok(items.swap_remove(found).into())
        }
        (_, value) => Ok(value.into()),
    }
}

/// Returns the name that a field of the listed items has on the wire.
fn wire(search: &NameSearch, name: &str) -> Option<&'static str> {
    let Some(Type::List(Type::Object(schema))) = search.operation().response else { return None };
    schema.fields.iter().find(|field| field.name == name).map(|field| field.wire)
}

fn text<'a>(item: &'a Json, member: &str) -> Option<Cow<'a, str>> {
    match item.get(member)? {
        Json::String(text) => Some(text.into()),
        Json::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}
