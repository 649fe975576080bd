//! Operations by name.

use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::raw::RawResponse;
use crate::response::ResponseDetails;
use configcat_management::call::CallInput;
use configcat_management::{CallResponse, Error, Result as CallResult, operations};
use serde_json::{Map, Value};

#[uniffi::export]
impl NativeClient {
    /// Calls an operation by name. The arguments are a JSON object with parameters and fields of the body by name.
    ///
    /// # Errors
    /// If there is no such operation, an argument is invalid, or the call fails.
    pub async fn call_named(
        &self,
        operation: String,
        arguments: Option<String>,
    ) -> Result<RawResponse, ConfigCatError> {
        let input = input(&operation, arguments.as_deref())?;
        let (client, options) = (self.client().clone(), self.options().clone());
        self.make(async move {
            let response = client.call(input, options).await?;
            let (response, value) = response.decoded(value).await?;
            Ok(RawResponse { value, details: ResponseDetails::from(&response) })
        })
        .await
    }
}

fn input(name: &str, arguments: Option<&str>) -> CallResult<CallInput> {
    let operation = operations::find(name).ok_or_else(|| {
        let message = format!("unknown operation {name:?}; operations have names such as \"products.list\"");
        Error::bad_request(message)
    })?;
    match arguments.map(serde_json::from_str).transpose() {
        Ok(None) => CallInput::named(operation, Map::new()),
        Ok(Some(Value::Object(arguments))) => CallInput::named(operation, arguments),
        Ok(Some(_)) => Err(Error::bad_request(format!("{name}: the arguments are not a JSON object"))),
        Err(error) => Err(Error::bad_request(format!("{name}: the arguments are not JSON: {error}"))),
    }
}

/// Returns the value of a response as JSON text.
fn value(response: &CallResponse) -> CallResult<String> {
    if response.value_type().is_none() || response.body().is_empty() {
        return Ok("null".to_owned());
    }
    // Only to report what is not JSON.
    response.decode::<Value>()?;
    Ok(String::from_utf8_lossy(response.body()).into_owned())
}
