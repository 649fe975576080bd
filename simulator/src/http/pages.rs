//! Pages for people: the description, and Swagger UI to try it out. Everything comes from the program itself.

use super::respond::Reply;
use http::header::{CONTENT_TYPE, HOST, HeaderValue, LOCATION};
use http::request::Parts;
use serde_json::{Map, Value, json};

/// Where the description is.
pub const DESCRIPTION: &str = "/swagger/v1/swagger.json";
const OPENAPI: &str = include_str!("../generated/openapi.json");

/// Swagger UI's own files, and the page that loads them.
#[cfg(feature = "swagger-ui")]
pub fn routes() -> axum::Router {
    swagger_ui_dist::generate_routes(swagger_ui_dist::ApiDefinition {
        uri_prefix: "/swagger",
        api_definition: swagger_ui_dist::OpenApiSource::Uri(DESCRIPTION),
        title: Some("ConfigCat Public Management API (simulator)"),
    })
}

/// Built without Swagger UI, there is a page that says where the description is.
#[cfg(not(feature = "swagger-ui"))]
pub fn routes() -> axum::Router {
    const PAGE: &str =
        "This simulator was built without Swagger UI; its description is at /swagger/v1/swagger.json.\n";
    axum::Router::new().route("/swagger", axum::routing::get(|| async { PAGE }))
}

/// The answer to a request for a page that is made here; Swagger UI's own files are routed by their crate.
pub fn answer(parts: &Parts) -> Option<Reply> {
    if !matches!(parts.method, http::Method::GET | http::Method::HEAD) {
        return None;
    }
    match parts.uri.path() {
        "/" | "/swagger/" | "/swagger/index.html" => {
            let mut reply = Reply::empty(302);
            reply.headers.insert(LOCATION, HeaderValue::from_static("/swagger"));
            Some(reply)
        }
        // Browsers ask for it by themselves.
        "/favicon.ico" => Some(Reply::empty(204)),
        DESCRIPTION | "/docs/v1/swagger.json" => {
            let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
            let mut reply = Reply::json(200, &description(host));
            reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            Some(reply)
        }
        _ => None,
    }
}

/// The description with this server's address.
fn description(host: &str) -> Value {
    let mut description: Map<String, Value> = serde_json::from_str(OPENAPI).unwrap_or_default();
    description.insert("servers".into(), json!([{ "url": format!("http://{host}") }]));
    description.into()
}
