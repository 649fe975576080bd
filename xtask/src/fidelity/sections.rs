//! Which section of the page the rules of a file belong to.

use crate::model::Api;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeSet;

/// Section of the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Name of a resource.
    Resource(String),
    /// Position in [`TOPICS`].
    Topic(usize),
}

/// Topics that concern several resources, in the order of the page.
pub const TOPICS: &[&str] = &[
    "Requests and responses",
    "Rate limit",
    "Visibility and rights",
    "Names, limits and updates",
    "Lists and pages",
    "Values of flags",
    "JSON Patch",
    "Deletions",
    "Identifiers and keys",
    "Defaults",
    "Webhook calls",
    "Config JSON",
    "HAL",
    "Seeds",
];

/// Place of the rules of a file.
enum Place {
    Topic(&'static str),
    Resource(&'static str),
    /// Concerns the simulator only: there are no rules of the service in it.
    Nowhere,
}

use Place::{Nowhere, Resource, Topic};

/// Place of each file in `simulator/src`, or of a directory with all its files. The longest entry applies. The rules of
/// `handlers/tags.rs` belong to the resource `tags`.
const PLACES: &[(&str, Place)] = &[
    ("admin/", Nowhere),
    ("assumed.rs", Topic("Defaults")),
    ("backend/", Nowhere),
    ("call.rs", Topic("Requests and responses")),
    ("canonical.rs", Topic("Requests and responses")),
    ("command_line.rs", Nowhere),
    ("command_line/", Nowhere),
    ("config_json/", Topic("Config JSON")),
    ("delivery/", Topic("Webhook calls")),
    ("glob.rs", Nowhere),
    ("handlers/mod.rs", Nowhere),
    ("http/auth.rs", Topic("Requests and responses")),
    ("http/body.rs", Topic("Requests and responses")),
    ("http/connection.rs", Topic("Requests and responses")),
    ("http/etag.rs", Topic("Requests and responses")),
    ("http/hal.rs", Topic("HAL")),
    ("http/listener.rs", Nowhere),
    ("http/mod.rs", Nowhere),
    ("http/observer.rs", Nowhere),
    ("http/origin.rs", Topic("Requests and responses")),
    ("http/pages.rs", Nowhere),
    ("http/query.rs", Topic("Requests and responses")),
    ("http/respond.rs", Topic("Requests and responses")),
    ("http/router.rs", Topic("Requests and responses")),
    ("http/routes.rs", Topic("Requests and responses")),
    ("http/tls.rs", Nowhere),
    ("lib.rs", Nowhere),
    ("main.rs", Nowhere),
    ("mirror.rs", Nowhere),
    ("problem.rs", Topic("Requests and responses")),
    ("proxy_config.rs", Resource("proxy_profiles")),
    ("rate_limit.rs", Topic("Rate limit")),
    ("rules/access.rs", Topic("Visibility and rights")),
    ("rules/change_requests.rs", Resource("change_requests")),
    ("rules/comparators.rs", Resource("flag_values")),
    ("rules/formulas.rs", Resource("flag_values")),
    ("rules/json_equality.rs", Topic("JSON Patch")),
    ("rules/mod.rs", Topic("Names, limits and updates")),
    ("rules/paging.rs", Topic("Lists and pages")),
    ("rules/patching.rs", Topic("JSON Patch")),
    ("rules/people.rs", Resource("members")),
    ("rules/proposals.rs", Resource("change_requests")),
    ("rules/requirement.rs", Topic("Visibility and rights")),
    ("rules/rollouts.rs", Resource("values")),
    ("rules/urls.rs", Topic("Names, limits and updates")),
    ("rules/values.rs", Topic("Values of flags")),
    ("seed/", Topic("Seeds")),
    ("server/", Nowhere),
    ("state/audit.rs", Resource("audit_logs")),
    ("state/cascade.rs", Topic("Deletions")),
    ("state/check/", Nowhere),
    ("state/clock.rs", Nowhere),
    ("state/entities/", Nowhere),
    ("state/ids.rs", Topic("Identifiers and keys")),
    ("state/lookup.rs", Topic("Requests and responses")),
    ("state/mod.rs", Nowhere),
    ("state/notices.rs", Topic("Webhook calls")),
    ("state/notify.rs", Topic("Webhook calls")),
    ("state/proxies.rs", Resource("proxy_profiles")),
    ("state/sdk_keys.rs", Resource("sdk_keys")),
    ("state/snapshot.rs", Nowhere),
    ("state/strict.rs", Nowhere),
    ("state/table.rs", Nowhere),
    ("state/tables.rs", Nowhere),
    ("state/touched.rs", Nowhere),
    ("state/views.rs", Topic("Names, limits and updates")),
    ("state/views_change_requests.rs", Resource("change_requests")),
    ("state/views_values.rs", Topic("Values of flags")),
    ("store/", Nowhere),
    ("testing/", Nowhere),
    ("wiremock/", Nowhere),
];

/// Resources without a handler file of their own, and the resource in whose file their handlers are.
pub const SHARED: &[(&str, &str)] = &[
    ("flag_values_by_sdk_key", "flag_values"),
    ("jira", "integration_links"),
    ("values_by_sdk_key", "values"),
];

/// Returns the section of a file in `simulator/src`; `None` if it has no rules of the service.
pub fn of(file: &str, api: &Api) -> Result<Option<Section>> {
    let known = |name: &str| api.resources.iter().any(|resource| resource.name.snake() == name);
    let resource = |name: &str| -> Result<Option<Section>> {
        if !known(name) {
            bail!("simulator/src/{file}: the spec has no resource {name}");
        }
        Ok(Some(Section::Resource(name.to_owned())))
    };
    let entries =
        PLACES.iter().filter(|(entry, _)| *entry == file || entry.ends_with('/') && file.starts_with(entry));
    match entries.max_by_key(|(entry, _)| entry.len()).map(|(_, place)| place) {
        Some(Nowhere) => Ok(None),
        Some(Resource(name)) => resource(name),
        Some(Topic(title)) => {
            let position = TOPICS.iter().position(|topic| topic == title);
            Ok(Some(Section::Topic(position.with_context(|| format!("{title} is not in TOPICS"))?)))
        }
        None => match file.strip_prefix("handlers/").and_then(|name| name.strip_suffix(".rs")) {
            Some(name) => resource(name),
            None => bail!("simulator/src/{file}: give it a section in xtask/src/fidelity/sections.rs"),
        },
    }
}

/// Fails if a resource has neither a handler file nor an entry in [`SHARED`], or both.
pub fn check_resources(api: &Api, files: &BTreeSet<String>) -> Result<()> {
    for resource in &api.resources {
        let name = resource.name.snake();
        let own = files.contains(&format!("handlers/{name}.rs"));
        let shared = SHARED.iter().any(|(resource, _)| *resource == name);
        if own == shared {
            bail!(
                "{name}: xtask/src/fidelity/sections.rs must name the file of its rules if it is not handlers/{name}.rs"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build;

    fn api() -> Api {
        let spec =
            std::fs::read_to_string(crate::support::workspace::root().join("api/openapi.yaml")).unwrap();
        build::read(&spec, "api/openapi.yaml").unwrap().1
    }

    #[test]
    fn files_without_a_section_are_refused() {
        let api = api();
        let section = |file: &str| of(file, &api);
        assert_eq!(section("handlers/tags.rs").unwrap(), Some(Section::Resource("tags".into())));
        assert_eq!(section("rate_limit.rs").unwrap(), Some(Section::Topic(1)));
        assert_eq!(section("state/check/links.rs").unwrap(), None);
        for unknown in ["handlers/clouds.rs", "rules/clouds.rs", "clouds/mod.rs", "state/check.rs"] {
            assert!(section(unknown).is_err(), "{unknown}");
        }
        for (_, place) in PLACES {
            if let Topic(title) = place {
                assert!(TOPICS.contains(title), "{title}");
            }
        }
    }
}
