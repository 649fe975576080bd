//! Operations by name.

use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::raw::RawResponse;
use crate::response::ResponseDetails;
use crate::tools::json;
use configcat_management::call::CallInput;
use configcat_management::{CallResponse, Error, JsonValue, Result as CallResult, operations};
use std::collections::HashMap;

#[uniffi::export]
impl NativeClient {
    /// Calls an operation by name, with the parameters and the fields of the body by name.
    ///
    /// # Errors
    /// If there is no such operation, an argument is invalid, or the call fails.
    pub async fn call_named(
        &self,
        operation: String,
        arguments: HashMap<String, JsonValue>,
    ) -> Result<RawResponse, ConfigCatError> {
        let input = input(&operation, arguments)?;
        let (client, options) = (self.client().clone(), self.options().clone());
        self.make(async move {
            let response = client.call(input, options).await?;
            let (response, value) = response.decoded(value).await?;
            Ok(RawResponse { value, details: ResponseDetails::from(&response) })
        })
        .await
    }
}

fn input(name: &str, arguments: HashMap<String, JsonValue>) -> CallResult<CallInput> {
    let operation = operations::find(name).ok_or_else(|| {
        let message = format!("unknown operation {name:?}; operations have names such as \"products.list\"");
        Error::bad_request(message)
    })?;
    let arguments = arguments.into_iter().map(|(name, value)| {
        let value = json(&name, value)?;
        Ok((name, value))
    });
    CallInput::named(operation, arguments.collect::<CallResult<_>>()?)
}

/// Returns the value of a response; null if it has none.
fn value(response: &CallResponse) -> CallResult<JsonValue> {
    if response.value_type().is_none() || response.body().is_empty() {
        return Ok(JsonValue::Null);
    }
    Ok(response.decode::<serde_json::Value>()?.into())
}
