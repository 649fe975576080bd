//! Proxy profiles, and a proxy's requests.

use super::*;

/// Creates a proxy profile and returns it with its path.
pub async fn profile(owner: &Caller, body: Value) -> (Value, String) {
    let line = format!("POST /v1/organizations/{ORGANIZATION}/proxy-profiles");
    let profile = owner.call(&line, body).await.with(201);
    let path = format!("/v1/proxy-profiles/{}", profile["proxyProfileId"].as_str().unwrap());
    (profile, path)
}

/// A proxy that runs with a profile.
pub struct Proxy {
    caller: Caller,
    /// Path of its config.
    pub path: String,
    pub secret: String,
    /// Value of `If-None-Match`.
    pub tag: String,
}

impl Proxy {
    /// Makes a proxy with a new secret of a profile, which has the path of an operation.
    pub async fn new(owner: &Caller, profile: &str) -> Self {
        let made = owner.call(&format!("POST {profile}/secret"), Value::Null).await.with(200);
        Self {
            caller: Caller { address: owner.address, basic: String::new() },
            path: profile.replace("/v1/proxy-profiles/", "/v1/proxy/config/"),
            secret: made["secretToken"].as_str().unwrap().to_owned(),
            // As a proxy's first request.
            tag: "initial".into(),
        }
    }

    /// Requests the config, as the proxy does at each poll.
    pub async fn poll(&mut self) -> Response {
        let headers = format!("authorization: Bearer {}\r\nif-none-match: {}\r\n", self.secret, self.tag);
        let response = self.caller.send(&format!("GET {}", self.path), &headers, "").await;
        if response.status == 200 {
            self.tag = response.header("etag").unwrap().to_owned();
        }
        response
    }

    /// Requests it with other headers.
    pub async fn send(&self, line: &str, headers: &str) -> Response {
        self.caller.send(line, headers, "").await
    }
}
