//! The config of a proxy that runs with a profile: the SDK keys that it serves, and its options.

use crate::assumed;
use crate::backend::Backend;
use crate::http::respond::HttpResponse;
use crate::http::{auth, etag};
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::ProxyProfile;
use configcat_management::models::ProxyProfileId;
use http::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

// Observed (proxy): a proxy in profile mode requests the path `/v1/proxy/config/{proxyProfileId}`.
const PREFIX: &str = "/v1/proxy/config/";

/// Returns the response to a request for the config of a proxy, or `None` for other paths. Sets the position in the order
/// of all transactions.
pub(crate) async fn respond(
    backend: &Backend,
    parts: &Parts,
    order: &mut Option<u64>,
) -> Option<HttpResponse> {
    let id = parts.uri.path().strip_prefix(PREFIX)?;
    let id = id.strip_suffix('/').unwrap_or(id);
    if id.is_empty() || id.contains('/') {
        return None;
    }
    if parts.method != http::Method::GET {
        let mut response: HttpResponse = Problem::method_not_allowed().into();
        response.set(ALLOW, "GET");
        return Some(response);
    }
    let id = ProxyProfileId::new(percent_decode_str(id).decode_utf8_lossy());
    let secret = auth::bearer(&parts.headers).unwrap_or_default();
    let transaction = backend.transact(None, |state| state.proxy_config(&id, secret));
    *order = Some(transaction.order);
    Some(match transaction.settled().await {
        Ok(config) => etag::response(&config, parts),
        Err(problem) => {
            let unauthorized = problem.status == 401;
            let mut response: HttpResponse = problem.into();
            if unauthorized {
                response.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
    })
}

impl State {
    // Observed (proxy): a proxy sends the secret of its profile as a bearer token, and no Basic credentials.
    // Assumed: an unknown profile gets the same response as a wrong secret, which does not reveal which profiles exist.
    // Assumed: every request with the right secret counts as an access to the profile, also if nothing has changed.
    /// Returns the config of a proxy, and notes the access.
    fn proxy_config(&mut self, id: &ProxyProfileId, secret: &[u8]) -> Result<Value, Problem> {
        let known = self.proxy_profiles.get(id).and_then(|profile| profile.secret.as_deref());
        if !known.is_some_and(|known| !known.is_empty() && bool::from(known.as_bytes().ct_eq(secret))) {
            return Err(Problem::unauthorized());
        }
        let now = self.clock.now();
        let profile = self.proxy_profile_mut(id)?;
        profile.last_accessed = Some(now);
        let profile = self.proxy_profile(id)?;
        Ok(self.view_proxy_config(profile))
    }

    // Observed (proxy): `Key2` is an empty string if an SDK key has no secondary.
    fn view_proxy_config(&self, profile: &ProxyProfile) -> Value {
        let keys: Map<String, Value> = self
            .served(profile)
            .into_iter()
            .filter_map(|pair| {
                let keys = self.sdk_keys.get(&pair)?;
                let secondary = keys.secondary.as_deref().unwrap_or_default();
                let id = assumed::sdk_id(&pair.0, &pair.1);
                Some((id, json!({ "Key1": keys.primary, "Key2": secondary })))
            })
            .collect();
        let options = json!({
            "PollInterval": profile.poll_interval,
            "DataGovernance": assumed::PROXY_DATA_GOVERNANCE,
        });
        json!({ "SDKs": keys, "Options": options })
    }
}
