//! Config files that the service's evaluation SDKs read: the current state of a config in an environment.

mod hashing;
mod v5;
mod v6;

use crate::backend::{Backend, lock};
use crate::http::etag;
use crate::http::respond::HttpResponse;
use crate::state::State;
use crate::state::entities::{Config, Environment};
use configcat_management::models::{ConfigId, EnvironmentId, EvaluationVersion, SettingType};
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::request::Parts;
use serde_json::Value;

const PREFIX: &str = "/configuration-files/";
/// Base URL of the service's own files. SDKs that are configured with another base URL keep theirs.
const CDN: &str = "https://cdn-global.configcat.com";

/// Data that a file is generated from.
struct FlagSource<'a> {
    state: &'a State,
    config: &'a Config,
    environment: &'a Environment,
    salt: String,
}

/// Returns the response to a request for a file, or `None` if it is not a GET request for an existing file.
pub(crate) fn respond(backend: &Backend, parts: &Parts) -> Option<HttpResponse> {
    let rest = parts.uri.path().strip_prefix(PREFIX)?;
    if parts.method != http::Method::GET {
        return None;
    }
    let (key, file) = rest.rsplit_once('/')?;
    let shared = lock(&backend.state);
    let state = &shared.state;
    let (config, environment) = state.by_sdk_key(Some(key)).ok()?;
    let json = match file {
        "config_v6.json" => state.source(&config, &environment, key)?.v6(),
        // Older SDKs cannot evaluate what V2 configs may hold.
        "config_v5.json" if state.configs.get(&config)?.version != EvaluationVersion::V2 => {
            state.source(&config, &environment, key)?.v5()
        }
        _ => return None,
    };
    drop(shared);
    Some(file_response(&json, parts))
}

fn file_response(json: &Value, parts: &Parts) -> HttpResponse {
    let mut response = etag::response(json, parts);
    response.set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}

impl State {
    fn source(&self, config: &ConfigId, environment: &EnvironmentId, key: &str) -> Option<FlagSource<'_>> {
        Some(FlagSource {
            state: self,
            config: self.configs.get(config)?,
            environment: self.environments.get(environment)?,
            salt: hashing::salt(key),
        })
    }
}

/// Returns the number of a setting type in the files.
fn type_number(ty: &SettingType) -> u8 {
    match ty {
        SettingType::String => 1,
        SettingType::Int => 2,
        SettingType::Double => 3,
        _ => 0,
    }
}
