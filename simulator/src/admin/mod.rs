//! The admin path: HTTP endpoints with which tests control and inspect the simulator.

mod console;
mod events;
mod guard;
mod index;
mod request;
mod resources;

use crate::backend::{Backend, lock};
use crate::http::body::BodyReader;
use crate::http::respond::HttpResponse;
use crate::problem::Problem;
use axum::body::Body;
use axum::response::Response;
pub(crate) use guard::Guard;
use http::Method;
use http::request::Parts;
use index::INDEX;
use request::{AdminRequest, read};
use resources::{clock, credentials, done, faults, invitations, journal, webhooks};
use serde_json::{Value, json};
use std::sync::Arc;

/// Prefix of every path here.
pub const PREFIX: &str = "/__simulator";
/// Maximum size of a body, in bytes: enough for a snapshot of a large state.
const MAX_BODY: usize = 256 << 20;

/// Responds to a request to the admin path.
pub(crate) async fn respond(
    backend: &Arc<Backend>,
    bodies: &BodyReader,
    parts: &Parts,
    path: &str,
    body: Body,
) -> Response {
    if parts.method == Method::GET && path.trim_matches('/') == "events" {
        return events::stream(backend, parts);
    }
    let response = match bodies.read(&parts.headers, body, MAX_BODY).await {
        Ok(body) => respond_whole(backend, &parts.method, path, parts.uri.query(), &body.bytes).await,
        Err(problem) => problem.into(),
    };
    response.into()
}

/// Responds to a request to the admin path whose body has been read.
pub(crate) async fn respond_whole(
    backend: &Backend,
    method: &Method,
    path: &str,
    query: Option<&str>,
    body: &[u8],
) -> HttpResponse {
    let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let request =
        AdminRequest { method: method.as_str(), path: &path, query: query.unwrap_or_default(), body };
    route(backend, &request).await.unwrap_or_else(Into::into)
}

async fn route(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    match (request.method, request.path) {
        ("GET", []) => {
            let index: Vec<Value> =
                INDEX.iter().map(|(call, what)| json!({ "call": call, "what": what })).collect();
            Ok(HttpResponse::json(200, &index))
        }
        ("GET", ["health"]) => {
            Ok(HttpResponse::json(200, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })))
        }
        ("POST", ["reset"]) => {
            backend.reset().await?;
            done()
        }
        ("GET", ["snapshot"]) => Ok(HttpResponse::json(200, &lock(&backend.state).state.snapshot())),
        ("PUT", ["snapshot"]) => {
            backend.restore(read(request.body)?).settled().await?;
            done()
        }
        ("GET", ["seed"]) => {
            let seed = lock(&backend.state).state.to_seed(&backend.owner.0);
            Ok(HttpResponse::json(200, &seed))
        }
        ("POST", ["seed"]) => {
            backend.plant(&read(request.body)?).settled().await?;
            done()
        }
        (_, ["console", ..]) => console::console(backend, request),
        (_, ["journal", ..]) => journal(backend, request),
        (_, ["faults", ..]) => faults(backend, request),
        (_, ["clock", ..]) => clock(backend, request).await,
        (_, ["credentials", ..]) => credentials(backend, request).await,
        (_, ["invitations", ..]) => invitations(backend, request).await,
        (_, ["webhooks", ..]) => webhooks(backend, request).await,
        _ => Err(Problem::not_found()),
    }
}
