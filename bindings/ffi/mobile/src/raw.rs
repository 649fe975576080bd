//! Requests by method and path.

use crate::client::NativeClient;
use crate::error::ConfigCatError;
use crate::response::ResponseDetails;
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
    /// The value as JSON text; `null` if the body is empty or is not JSON.
    pub value: String,
    /// Status, headers, body and history.
    pub details: ResponseDetails,
}

#[uniffi::export]
impl NativeClient {
    /// Makes a request by method and path. The body is JSON text.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn request(
        &self,
        method: String,
        path: String,
        query: Vec<QueryParameter>,
        body: Option<String>,
    ) -> Result<RawResponse, ConfigCatError> {
        let mut request = self.client().request(method, path).options(self.options().clone());
        for QueryParameter { name, value } in query {
            request = request.query(name, value);
        }
        if let Some(body) = body {
            request = request.json(body.as_bytes());
        }
        let response = self.make(request.into_future()).await?;
        let value = match &response.value {
            value if value.is_null() => "null".to_owned(),
            _ => String::from_utf8_lossy(&response.body).into_owned(),
        };
        Ok(RawResponse { value, details: ResponseDetails::from(&response) })
    }
}
