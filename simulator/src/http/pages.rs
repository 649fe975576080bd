//! Pages for browsers: the OpenAPI document and Swagger UI. Everything is embedded in the program.

use super::respond::HttpResponse;
use http::header::{CONTENT_TYPE, HOST, HeaderValue, LOCATION};
use http::request::Parts;
use serde_json::{Map, Value, json};

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
pub fn response(parts: &Parts) -> Option<HttpResponse> {
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
            let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
            let mut response = HttpResponse::json(200, &spec(host));
            response
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            Some(response)
        }
        _ => None,
    }
}

/// Returns the OpenAPI document with this server's URL.
fn spec(host: &str) -> Value {
    let mut spec: Map<String, Value> = serde_json::from_str(OPENAPI).unwrap_or_default();
    spec.insert("servers".into(), json!([{ "url": format!("http://{host}") }]));
    spec.into()
}
