//! Every path of the current state that has a GET operation.

use crate::state::State;
use configcat_management::operations;
use configcat_management::spec::{Http, Operation};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A path of an operation, with concrete parameters.
#[derive(Debug, Clone)]
pub struct Target {
    pub operation: &'static Operation,
    pub path: String,
    /// Only for operations that identify a flag by SDK key, which belongs to a config and an environment.
    pub sdk_key: Option<String>,
}

/// Returns the paths of all GET operations.
pub fn readable(state: &State) -> Vec<Target> {
    let mut targets = Vec::new();
    for operation in operations::ALL.iter().filter(|operation| operation.http == Http::Get) {
        let names: Vec<&str> = operation.path_parameters().map(|p| p.wire).collect();
        for values in combinations(state, &names) {
            let (sdk_key, values) = match names.as_slice() {
                ["settingKeyOrId"] => (values.first().cloned(), values.get(1..).unwrap_or_default().to_vec()),
                _ => (None, values),
            };
            let path = names.iter().zip(&values).fold(operation.path.to_owned(), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), &utf8_percent_encode(value, UNRESERVED).to_string())
            });
            targets.push(Target { operation, path, sdk_key });
        }
    }
    targets
}

const UNRESERVED: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Returns all combinations of values of a path's parameters. For operations by SDK key, the key is the first value.
fn combinations(state: &State, names: &[&str]) -> Vec<Vec<String>> {
    fn each<T: ToString>(ids: impl Iterator<Item = T>) -> Vec<Vec<String>> {
        ids.map(|id| vec![id.to_string()]).collect()
    }
    match names {
        [] => vec![Vec::new()],
        ["organizationId"] => each(state.organizations.values().map(|o| &o.id)),
        ["productId"] => each(state.products.values().map(|p| &p.id)),
        ["configId"] => each(state.configs.values().map(|c| &c.id)),
        ["environmentId"] => each(state.environments.values().map(|e| &e.id)),
        ["settingId"] => each(state.settings.values().map(|s| s.id)),
        ["tagId"] => each(state.tags.values().map(|t| t.id)),
        ["segmentId"] => each(state.segments.values().map(|s| &s.id)),
        ["permissionGroupId"] => each(state.permission_groups.values().map(|g| g.id)),
        ["integrationId"] => each(state.integrations.values().map(|i| &i.id)),
        ["webhookId"] => each(state.webhooks.values().map(|w| w.id)),
        ["proxyProfileId"] => each(state.proxy_profiles.values().map(|p| &p.id)),
        ["changeRequestId"] => each(state.change_requests.values().map(|c| c.id)),
        ["configId", "environmentId"] => state
            .sdk_keys
            .values()
            .map(|pair| vec![pair.config.to_string(), pair.environment.to_string()])
            .collect(),
        ["environmentId", "settingId"] => state
            .values
            .values()
            .map(|value| vec![value.environment.to_string(), value.setting.to_string()])
            .collect(),
        ["settingKeyOrId"] => state
            .sdk_keys
            .values()
            .flat_map(|pair| {
                state.settings.of(&pair.config).map(|s| vec![pair.primary.clone(), s.key.clone()])
            })
            .collect(),
        ["integrationLinkType", "key"] => {
            let mut cards: Vec<_> = state
                .integration_links
                .values()
                .map(|link| vec![link.ty.as_str().to_owned(), link.key.clone()])
                .collect();
            cards.sort();
            cards.dedup();
            cards
        }
        _ => Vec::new(),
    }
}
