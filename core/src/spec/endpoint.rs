//! What a call addresses: an operation of the spec, or an endpoint that the spec does not have.

use super::operation::{Http, Operation};
use super::schema::Type;
use std::sync::Arc;

/// What a call addresses. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Endpoint {
    /// An operation of the spec.
    Operation(&'static Operation),
    /// A method and a path that the spec may not have.
    Raw(Arc<RawEndpoint>),
}

/// A method and a path, chosen by the caller.
#[derive(Debug)]
pub struct RawEndpoint {
    http: Http,
    /// Method and path, separated by a space.
    id: String,
}

impl Endpoint {
    /// Creates an endpoint from a method and a path without query.
    #[must_use]
    pub fn raw(http: Http, path: &str) -> Self {
        Self::Raw(Arc::new(RawEndpoint { http, id: format!("{} {path}", http.as_str()) }))
    }

    /// The operation of the spec, if it is one.
    #[must_use]
    pub const fn operation(&self) -> Option<&'static Operation> {
        match self {
            Self::Operation(operation) => Some(operation),
            Self::Raw(_) => None,
        }
    }

    /// Name in errors, logs and events: `configs.create`, or `GET /v1/products` for a raw request.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Operation(operation) => operation.id,
            Self::Raw(raw) => &raw.id,
        }
    }

    /// HTTP method.
    #[must_use]
    pub fn http(&self) -> Http {
        match self {
            Self::Operation(operation) => operation.http,
            Self::Raw(raw) => raw.http,
        }
    }

    /// Path with `{parameters}`; that of a raw request is complete.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Operation(operation) => operation.path,
            Self::Raw(raw) => raw.id.split_once(' ').map_or("", |(_, path)| path),
        }
    }

    /// Whether a request may be sent twice. For a raw request, its method decides.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        match self {
            Self::Operation(operation) => operation.is_repeatable(),
            Self::Raw(raw) => raw.http.is_repeatable(),
        }
    }

    /// Type of the response body, if there is one: any JSON for a raw request.
    #[must_use]
    pub fn response(&self) -> Option<&'static Type> {
        match self {
            Self::Operation(operation) => operation.response.as_ref(),
            Self::Raw(_) => Some(&Type::Any),
        }
    }
}

impl From<&'static Operation> for Endpoint {
    fn from(operation: &'static Operation) -> Self {
        Self::Operation(operation)
    }
}

impl From<&Self> for Endpoint {
    fn from(endpoint: &Self) -> Self {
        endpoint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_decides_whether_a_raw_request_repeats() {
        let repeatable = Http::ALL.into_iter().filter(|http| Endpoint::raw(*http, "/v1/x").is_repeatable());
        assert_eq!(repeatable.map(Http::as_str).collect::<Vec<_>>(), ["GET", "PUT", "DELETE"]);
        let endpoint = Endpoint::raw(Http::Put, "/v1/a b");
        assert_eq!((endpoint.id(), endpoint.path()), ("PUT /v1/a b", "/v1/a b"));
    }
}
