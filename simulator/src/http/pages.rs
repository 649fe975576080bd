//! Pages for browsers: the console, the OpenAPI document and Swagger UI. Everything is embedded in the program.

use super::respond::{HttpResponse, JSON};
use configcat_management::operations;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::uri::Authority;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Path of the OpenAPI document.
pub const DESCRIPTION: &str = "/swagger/v1/swagger.json";
const OPENAPI: &str = include_str!("../generated/openapi.json");

/// What the console may load and call: this server only.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HTML: &str = "text/html; charset=utf-8";

/// Files of the console, with their paths and media types.
const CONSOLE: [(&str, &str, &str); 6] = [
    ("/", HTML, include_str!("../../console/index.html")),
    ("/console/console.css", "text/css; charset=utf-8", include_str!("../../console/console.css")),
    ("/console/console.js", SCRIPT, include_str!("../../console/console.js")),
    ("/console/grid.js", SCRIPT, include_str!("../../console/grid.js")),
    ("/console/journal.js", SCRIPT, include_str!("../../console/journal.js")),
    ("/console/panels.js", SCRIPT, include_str!("../../console/panels.js")),
];
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Page that loads Swagger UI: with a filter, operations in groups, and without a request to a validator elsewhere.
#[cfg(feature = "swagger-ui")]
const SWAGGER: &str = include_str!("../../console/swagger.html");

/// Routes of Swagger UI's own files and of the page that loads them.
#[cfg(feature = "swagger-ui")]
pub fn routes<H: axum::handler::Handler<T, ()>, T: 'static>(others: H) -> axum::Router {
    let files = swagger_ui_dist::generate_routes(swagger_ui_dist::ApiDefinition {
        uri_prefix: "/swagger",
        api_definition: swagger_ui_dist::OpenApiSource::Uri(DESCRIPTION),
        title: None::<&str>,
    });
    let page = axum::routing::get(|| async { axum::response::Html(SWAGGER) });
    // The crate's own page has no options.
    axum::Router::new()
        .route("/swagger", page.clone())
        .route("/swagger/", page)
        .fallback_service(files.fallback(others))
}

/// Without Swagger UI: the route of a page that names the path of the OpenAPI document.
#[cfg(not(feature = "swagger-ui"))]
pub fn routes<H: axum::handler::Handler<T, ()>, T: 'static>(others: H) -> axum::Router {
    const PAGE: &str =
        "This simulator was built without Swagger UI; its description is at /swagger/v1/swagger.json.\n";
    axum::Router::new().route("/swagger", axum::routing::get(|| async { PAGE })).fallback(others)
}

/// Returns the response if the request is for a page of this module; Swagger UI's own files are routed by their crate. The
/// console needs the admin path.
pub fn response(parts: &Parts, scheme: &str, has_admin: bool) -> Option<HttpResponse> {
    if !matches!(parts.method, http::Method::GET | http::Method::HEAD) {
        return None;
    }
    let path = parts.uri.path();
    if has_admin && let Some((_, media, text)) = CONSOLE.iter().find(|(known, ..)| *known == path) {
        return Some(console(media, text));
    }
    match path {
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

fn console(media: &'static str, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(200, media, text);
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, CONSOLE_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // Another version of the simulator may use the same port.
        (CACHE_CONTROL, "no-store"),
    ] {
        response.headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The OpenAPI document before and after the server's URL. It is large and needs no credentials, so it is parsed once.
static SPEC: LazyLock<(String, String)> = LazyLock::new(|| {
    const URL: &str = "the server's URL";
    let mut spec: Map<String, Value> = serde_json::from_str(OPENAPI).unwrap_or_default();
    spec.insert("servers".into(), json!([{ "url": URL }]));
    if let Some(title) = spec.get_mut("info").and_then(|info| info.get_mut("title")) {
        *title = "ConfigCat Public Management API (simulator)".into();
    }
    group_by_resource(&mut spec);
    let text = Value::from(spec).to_string();
    let (before, after) = text.split_once(&Value::from(URL).to_string()).unwrap_or_default();
    (before.to_owned(), after.to_owned())
});

/// Gives each operation the tag of its resource, by which Swagger UI groups them.
fn group_by_resource(spec: &mut Map<String, Value>) {
    let title = |resource: &str| {
        let words = resource.replace('_', " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    let mut tags: Vec<String> = Vec::new();
    for operation in operations::ALL {
        let tag: String = title(operation.resource);
        let method = operation.http.as_str().to_ascii_lowercase();
        let item = spec.get_mut("paths").and_then(|paths| paths.get_mut(operation.path));
        let Some(item) = item.and_then(|item| item.get_mut(&method)).and_then(Value::as_object_mut) else {
            continue;
        };
        item.insert("tags".into(), json!([tag]));
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let tags: Vec<Value> = tags.into_iter().map(|name| json!({ "name": name })).collect();
    spec.insert("tags".into(), tags.into());
}

/// Returns the OpenAPI document with this server's URL.
fn spec(scheme: &str, host: &str) -> String {
    let (before, after) = &*SPEC;
    format!("{before}{}{after}", Value::from(format!("{scheme}://{host}")))
}
