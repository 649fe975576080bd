//! Decides who may use the admin path: programs of this machine and callers with the token, but no web page.

use crate::http::auth::bearer;
use crate::http::origin::ServerNames;
use crate::http::respond::HttpResponse;
use crate::problem::Problem;
use axum::body::{Body, HttpBody as _};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, Method};
use subtle::ConstantTimeEq as _;

const TOKEN: HeaderName = HeaderName::from_static("x-simulator-token");

/// Checks requests to the admin path.
pub struct Guard {
    pub names: ServerNames,
    /// Token that requests must have.
    pub token: Option<String>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Guard {
    /// Checks a request to a path below the prefix, before its body is read. Returns the response if the request must not
    /// be executed.
    pub fn refuse(&self, parts: &Parts, path: &str, body: &Body) -> Option<HttpResponse> {
        let problem = self.check(parts, path, body).err()?;
        let unauthorized = problem.status == 401;
        let mut response: HttpResponse = problem.into();
        if unauthorized {
            response.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Some(response)
    }

    fn check(&self, parts: &Parts, path: &str, body: &Body) -> Result<(), Problem> {
        if self.names.are_called_cross_origin(parts) {
            return Err(Problem::forbidden("The admin path is closed to web pages of other origins."));
        }
        let known = self.token.as_deref().is_some_and(|token| has_token(&parts.headers, token));
        // A page cannot know the token, so with it any name is accepted, such as that of a container.
        if !known && !self.names.are_addressed(parts) {
            return Err(Problem::forbidden(
                "The admin path is served to localhost and to this server's IP address: the Host header has another name.",
            ));
        }
        let public = parts.method == Method::GET && path.trim_matches('/') == "health";
        if self.token.is_some() && !known && !public {
            return Err(Problem::text(
                401,
                "The admin path requires a token: send \"Authorization: Bearer TOKEN\" or \"X-Simulator-Token: TOKEN\".",
            ));
        }
        // A page of another origin can send this type only after a preflight request, which fails.
        if !body.is_end_stream() && !is_json(&parts.headers) {
            return Err(Problem::text(415, "The body must be application/json."));
        }
        Ok(())
    }
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let sent = bearer(headers).or_else(|| headers.get(TOKEN).map(HeaderValue::as_bytes));
    sent.is_some_and(|sent| bool::from(sent.ct_eq(token.as_bytes())))
}

/// Whether the content type is `application/json`, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
