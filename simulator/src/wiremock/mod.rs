//! Export of the current state as stub mappings for WireMock.

mod targets;
mod templates;

use crate::backend::lock;
use crate::http::router::Router;
use crate::server::Simulator;
use axum::body::Body;
use axum::extract::Request;
use configcat_management::spec::{Http, Location, Operation};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value, json};
use std::io;
use std::path::Path;
use std::sync::Arc;
use targets::Target;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Priorities of the stubs; WireMock tries the lowest number first.
mod priority {
    /// Scenario in which the rate limit is exceeded.
    pub const LIMITED: u32 = 1;
    /// Existing resources.
    pub const FOUND: u32 = 5;
    /// Any other request, with credentials.
    pub const NOT_FOUND: u32 = 8;
    /// Any other request, without credentials.
    pub const STRANGER: u32 = 9;
}

/// Name of the scenario in which the rate limit is exceeded.
const SCENARIO: &str = "rate-limit";
const STARTED: &str = "Started";
const LIMITED: &str = "limited";

/// A response of the simulator.
struct Recorded {
    status: u16,
    media: Option<String>,
    body: Vec<u8>,
}

struct Exporter {
    router: Arc<Router>,
    /// One per stub, in the order of the operations.
    mappings: Vec<Value>,
    files: Vec<(String, Vec<u8>)>,
}

impl Simulator {
    /// Writes the current state as stub mappings for WireMock, and returns their number.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn export_wiremock(&self, folder: &Path) -> io::Result<usize> {
        let mut exporter =
            Exporter { router: Arc::clone(self.router()), mappings: Vec::new(), files: Vec::new() };
        exporter.everything().await;
        exporter.write(folder)
    }
}

impl Exporter {
    async fn everything(&mut self) {
        let targets = targets::readable(&lock(&self.router.backend.state).state);
        for target in targets {
            self.readable(&target).await;
        }
        self.rest();
    }

    async fn get(&self, target: &Target) -> Recorded {
        let (username, password) = &self.router.backend.owner;
        let basic = format!("Basic {}", STANDARD.encode(format!("{username}:{password}")));
        let mut request = Request::builder().uri(&target.path).header(AUTHORIZATION, basic);
        if let Some(key) = &target.sdk_key {
            request = request.header("x-configcat-sdkkey", key);
        }
        let Ok(request) = request.body(Body::empty()) else {
            return Recorded { status: 400, media: None, body: Vec::new() };
        };
        let response = Arc::clone(&self.router).handle(request).await;
        let status = response.status().as_u16();
        let media = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
        Recorded { status, media, body: body.to_vec() }
    }

    fn credentials(&self) -> Value {
        json!({ "username": self.router.backend.owner.0, "password": self.router.backend.owner.1 })
    }

    /// Adds the stubs of a path that has a GET operation: that one, and those that write to the same path.
    async fn readable(&mut self, target: &Target) {
        let recorded = self.get(target).await;
        self.reading(target, &recorded);
        if recorded.status == 200
            && target.sdk_key.is_none()
            && let Ok(current) = serde_json::from_slice::<Value>(&recorded.body)
        {
            for operation in configcat_management::operations::ALL {
                if operation.path == target.operation.path && operation.http != Http::Get {
                    self.writing(operation, target, &current);
                }
            }
        }
    }

    fn request(&self, operation: &Operation, target: &Target) -> Map<String, Value> {
        let mut request = Map::new();
        request.insert("method".into(), operation.http.as_str().into());
        request.insert("urlPath".into(), target.path.clone().into());
        request.insert("basicAuthCredentials".into(), self.credentials());
        if let Some(key) = &target.sdk_key {
            request.insert("headers".into(), json!({ "X-CONFIGCAT-SDKKEY": { "equalTo": key } }));
        }
        request
    }

    fn reading(&mut self, target: &Target, recorded: &Recorded) {
        let mut request = self.request(target.operation, target);
        // The response was recorded without filters, so the stub must not match requests that have some.
        let filters: Map<String, Value> = target
            .operation
            .parameters
            .iter()
            .filter(|p| p.location == Location::Query)
            .map(|p| (p.wire.to_owned(), json!({ "absent": true })))
            .collect();
        if !filters.is_empty() {
            request.insert("queryParameters".into(), filters.into());
        }
        let mut response = Map::new();
        response.insert("status".into(), recorded.status.into());
        if let Some(media) = &recorded.media {
            response.insert("headers".into(), json!({ "Content-Type": media }));
        }
        if !recorded.body.is_empty() {
            let file = format!("{}-{:04}.json", target.operation.id, self.files.len());
            response.insert("bodyFileName".into(), file.clone().into());
            self.files.push((file, recorded.body.clone()));
        }
        self.add(target.operation, priority::FOUND, request, response.into());
    }

    fn writing(&mut self, operation: &'static Operation, target: &Target, current: &Value) {
        let Some(response) = templates::response(operation, current) else { return };
        let mut request = self.request(operation, target);
        if operation.body.is_some() {
            request.insert("headers".into(), json!({ "Content-Type": { "contains": "json" } }));
        }
        self.add(operation, priority::FOUND, request, response);
    }

    fn add(&mut self, operation: &Operation, priority: u32, request: Map<String, Value>, response: Value) {
        self.mappings.push(json!({
            "name": operation.id,
            "priority": priority,
            "request": request,
            "response": response,
            "metadata": { "operationId": operation.operation_id },
        }));
    }

    /// Adds the stubs of all other requests: 429 in its scenario, 404 with credentials, 401 without.
    fn rest(&mut self) {
        let anything = |credentials: Option<&Value>| {
            let mut request = Map::new();
            request.insert("method".into(), "ANY".into());
            request.insert("urlPathPattern".into(), "/v[12]/.*".into());
            if let Some(credentials) = credentials {
                request.insert("basicAuthCredentials".into(), credentials.clone());
            }
            request
        };
        let credentials = self.credentials();
        self.mappings.push(json!({
            "name": "quota used up, once",
            "priority": priority::LIMITED,
            "scenarioName": SCENARIO,
            "requiredScenarioState": LIMITED,
            "newScenarioState": STARTED,
            "request": anything(Some(&credentials)),
            "response": {
                "status": 429,
                "headers": { "Retry-After": "1", "X-Rate-Limit-Remaining": "0", "Content-Type": "text/plain" },
                "body": "The quota of requests is used up, come back later.",
            },
        }));
        self.mappings.push(json!({
            "name": "nothing there",
            "priority": priority::NOT_FOUND,
            "request": anything(Some(&credentials)),
            "response": { "status": 404 },
        }));
        self.mappings.push(json!({
            "name": "no credentials",
            "priority": priority::STRANGER,
            "request": anything(None),
            "response": { "status": 401, "headers": { "WWW-Authenticate": "Basic realm=\"ConfigCat\"" } },
        }));
    }

    fn write(self, folder: &Path) -> io::Result<usize> {
        let (mappings, files) = (folder.join("mappings"), folder.join("__files"));
        std::fs::create_dir_all(&mappings)?;
        std::fs::create_dir_all(&files)?;
        for (name, body) in &self.files {
            std::fs::write(files.join(name), body)?;
        }
        let count = self.mappings.len();
        let text =
            serde_json::to_vec_pretty(&json!({ "mappings": self.mappings })).map_err(io::Error::other)?;
        std::fs::write(mappings.join("configcat.json"), text)?;
        Ok(count)
    }
}
