//! Requests by method and path.

use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::response::ResponseDetails;
use crate::tools::json;
use configcat_management::JsonValue;
use std::future::IntoFuture;

/// Parameter of a query.
#[derive(Debug, Clone, uniffi::Record)]
pub struct QueryParameter {
    /// Name, which is encoded.
    pub name: String,
    /// Value, which is encoded.
    pub value: String,
}

/// Response to a request by method and path.
#[derive(Debug, Clone, uniffi::Record)]
pub struct RawResponse {
    /// The value; null if the body is empty or is not JSON.
    pub value: JsonValue,
    /// Status, headers, body and history.
    pub details: ResponseDetails,
}

#[uniffi::export]
impl NativeClient {
    /// Makes a request by method and path.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn request(
        &self,
        method: String,
        path: String,
        query: Vec<QueryParameter>,
        body: Option<JsonValue>,
    ) -> Result<RawResponse, ConfigCatError> {
        let mut request = self.client().request(method, path).options(self.options().clone());
        for QueryParameter { name, value } in query {
            request = request.query(name, value);
        }
        if let Some(body) = body {
            request = request.body(json("body", body)?);
        }
        let response = self.make(request.into_future()).await?;
        let details = ResponseDetails::from(&response);
        Ok(RawResponse { value: response.value.into(), details })
    }
}
