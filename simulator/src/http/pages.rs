//! Pages for browsers: the OpenAPI document and Swagger UI. Everything is embedded in the program.

use super::respond::{HttpResponse, JSON};
use http::header::{HOST, HeaderValue, LOCATION};
use http::request::Parts;
use http::uri::Authority;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Path of the OpenAPI document.
pub const DESCRIPTION: &str = "/swagger/v1/swagger.json";
const OPENAPI: &str = include_str!("../generated/openapi.json");

/// Routes of Swagger UI's own files and of the page that loads them.
#[cfg(feature = "swagger-ui")]
pub fn routes() -> axum::Router {
    swagger_ui_dist::generate_routes(swagger_ui_dist::ApiDefinition {
        uri_prefix: "/swagger",
        api_definition: swagger_ui_dist::OpenApiSource::Uri(DESCRIPTION),
        title: Some("ConfigCat Public Management API (simulator)"),
    })
}

/// Without Swagger UI: the route of a page that names the path of the OpenAPI document.
#[cfg(not(feature = "swagger-ui"))]
pub fn routes() -> axum::Router {
    const PAGE: &str =
        "This simulator was built without Swagger UI; its description is at /swagger/v1/swagger.json.\n";
    axum::Router::new().route("/swagger", axum::routing::get(|| async { PAGE }))
}

/// Returns the response if the request is for a page of this module; Swagger UI's own files are routed by their crate.
pub fn response(parts: &Parts, scheme: &str) -> Option<HttpResponse> {
    if !matches!(parts.method, http::Method::GET | http::Method::HEAD) {
        return None;
    }
    match parts.uri.path() {
        "/" | "/swagger/" | "/swagger/index.html" => {
            let mut response = HttpResponse::empty(302);
            response.headers.insert(LOCATION, HeaderValue::from_static("/swagger"));
            Some(response)
        }
        // Browsers request it unprompted.
        "/favicon.ico" => Some(HttpResponse::empty(204)),
        DESCRIPTION | "/docs/v1/swagger.json" => {
            // HTTP/2 has the host in the target.
            let target = parts.uri.authority().map(Authority::as_str);
            let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).or(target);
            let host = host.unwrap_or("localhost");
            Some(HttpResponse::new(200, JSON, spec(scheme, host)))
        }
        _ => None,
    }
}

/// The OpenAPI document before and after the server's URL. It is large and needs no credentials, so it is parsed once.
static SPEC: LazyLock<(String, String)> = LazyLock::new(|| {
    const URL: &str = "the server's URL";
    let mut spec: Map<String, Value> = serde_json::from_str(OPENAPI).unwrap_or_default();
    spec.insert("servers".into(), json!([{ "url": URL }]));
    let text = Value::from(spec).to_string();
    let (before, after) = text.split_once(&Value::from(URL).to_string()).unwrap_or_default();
    (before.to_owned(), after.to_owned())
});

/// Returns the OpenAPI document with this server's URL.
fn spec(scheme: &str, host: &str) -> String {
    let (before, after) = &*SPEC;
    format!("{before}{}{after}", Value::from(format!("{scheme}://{host}")))
}
