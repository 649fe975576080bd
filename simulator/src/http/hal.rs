//! `application/hal+json` as the service produced it until the end of 2023: parents under `_embedded`, URLs of related
//! resources under `_links`. Links are plain strings, as in the OpenAPI document of that time.

use super::respond::{HAL, HttpResponse};
use crate::call::HandlerResponse;
use configcat_management::spec::{Operation, Type};
use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Map, Value};

/// Whether the `Accept` header of a request prefers HAL to plain JSON.
// Documented: `Accept: application/hal+json` selects HAL, which the service dropped in 2024.
// Assumed: plain JSON is sent unless `Accept` prefers HAL to it.
pub fn wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut best: Option<(bool, f32)> = None;
    for range in accepted.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0_f32);
        let is_hal = match media.as_str() {
            "application/hal+json" => true,
            "application/json" | "application/*" | "*/*" => false,
            _ => continue,
        };
        if best.is_none_or(|(_, most)| weight > most) {
            best = Some((is_hal, weight));
        }
    }
    best.is_some_and(|(is_hal, weight)| is_hal && weight > 0.0)
}

/// Converts a response to HAL. Schemas that never had a HAL form stay plain JSON.
pub fn response(operation: &Operation, response: HandlerResponse) -> HttpResponse {
    let Some(bytes) = &response.body else { return response.into() };
    let (Some(name), Ok(mut value)) = (schema(operation), serde_json::from_slice::<Value>(bytes)) else {
        return response.into();
    };
    match &mut value {
        Value::Array(items) => items.iter_mut().for_each(|item| add_hal(name, item)),
        item => add_hal(name, item),
    }
    HttpResponse::new(response.status, HAL, serde_json::to_vec(&value).unwrap_or_default())
}

fn schema(operation: &Operation) -> Option<&'static str> {
    match operation.response? {
        Type::Object(schema) => Some(schema.name),
        Type::List(Type::Object(schema)) => Some(schema.name),
        _ => None,
    }
}

/// The schemas with a HAL form.
// Documented: 13 schemas have a HAL form, with links and embedded parents, in the OpenAPI document of
// December 2023.
const SCHEMAS: [&str; 13] = [
    "Organization",
    "Product",
    "Config",
    "Environment",
    "PermissionGroup",
    "Segment",
    "SegmentList",
    "Setting",
    "Tag",
    "SettingValueDetails",
    "SettingFormula",
    "ConfigSettingValues",
    "ConfigSettingFormulas",
];

fn has_hal(name: &str) -> bool {
    SCHEMAS.contains(&name)
}

/// Moves parents under `_embedded`, and adds links, down to the organization.
fn add_hal(name: &str, value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    if !has_hal(name) {
        return;
    }
    let links = links(name, object);
    let mut embedded = Map::new();
    for (field, schema) in parents(name) {
        let Some(mut parent) = object.remove(*field) else { continue };
        match &mut parent {
            Value::Array(items) => items.iter_mut().for_each(|item| add_hal(schema, item)),
            item => add_hal(schema, item),
        }
        embedded.insert((*field).into(), parent);
    }
    if !embedded.is_empty() {
        object.insert("_embedded".into(), embedded.into());
    }
    object.insert("_links".into(), links.into());
}

/// Fields that move under `_embedded`, with their schemas.
fn parents(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        "Product" => &[("organization", "Organization")],
        "Config" | "Environment" | "PermissionGroup" | "Segment" | "SegmentList" | "Tag" => {
            &[("product", "Product")]
        }
        "Setting" => &[("tags", "Tag")],
        "SettingValueDetails" | "SettingFormula" => &[
            ("setting", "SettingData"),
            ("config", "Config"),
            ("environment", "Environment"),
            ("integrationLinks", "IntegrationLink"),
            ("settingTags", "SettingTag"),
        ],
        "ConfigSettingValues" | "ConfigSettingFormulas" => {
            &[("config", "Config"), ("environment", "Environment")]
        }
        _ => &[],
    }
}

// Documented: links in HAL are strings, as in the OpenAPI document of December 2023.
fn links(name: &str, object: &Map<String, Value>) -> Map<String, Value> {
    let id = |field: &str| as_string(object.get(field));
    let inner =
        |parent: &str, field: &str| as_string(object.get(parent).and_then(|parent| parent.get(field)));
    let below = |base: String, names: &[(&str, &str)]| {
        let more = names.iter().map(|(name, path)| ((*name).to_owned(), format!("{base}/{path}")));
        std::iter::once(("self".to_owned(), base.clone())).chain(more).collect::<Vec<_>>()
    };
    let links = match name {
        "Organization" => {
            let base = format!("/v1/organizations/{}", id("organizationId"));
            vec![("products".into(), "/v1/products".into()), ("members".into(), format!("{base}/members"))]
        }
        "Product" => below(
            format!("/v1/products/{}", id("productId")),
            &[
                ("configs", "configs"),
                ("environments", "environments"),
                ("tags", "tags"),
                ("permission-groups", "permissions"),
                ("members", "members"),
                ("segments", "segments"),
            ],
        ),
        "Config" => below(format!("/v1/configs/{}", id("configId")), &[("settings", "settings")]),
        "Environment" => below(format!("/v1/environments/{}", id("environmentId")), &[]),
        "PermissionGroup" => below(format!("/v1/permissions/{}", id("permissionGroupId")), &[]),
        "Segment" | "SegmentList" => below(format!("/v1/segments/{}", id("segmentId")), &[]),
        "Setting" => below(format!("/v1/settings/{}", id("settingId")), &[]),
        "Tag" => below(format!("/v1/tags/{}", id("tagId")), &[]),
        "SettingValueDetails" | "SettingFormula" => {
            let version = if name == "SettingFormula" { "v2" } else { "v1" };
            let (environment, setting) =
                (inner("environment", "environmentId"), inner("setting", "settingId"));
            below(format!("/{version}/environments/{environment}/settings/{setting}/value"), &[])
        }
        _ => {
            let version = if name == "ConfigSettingFormulas" { "v2" } else { "v1" };
            let (config, environment) = (inner("config", "configId"), inner("environment", "environmentId"));
            below(format!("/{version}/configs/{config}/environments/{environment}/values"), &[])
        }
    };
    links.into_iter().map(|(name, address)| (name, Value::String(address))).collect()
}

fn as_string(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn accept_header_selects_hal_only_if_preferred() {
        for (accept, hal) in [
            ("application/hal+json", true),
            ("application/json", false),
            ("*/*", false),
            ("application/json, application/hal+json", false),
            ("application/hal+json, application/json", true),
            ("application/json;q=0.5, application/hal+json", true),
            ("application/hal+json;q=0", false),
            ("text/html", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(wanted(&headers), hal, "{accept}");
        }
        assert!(!wanted(&HeaderMap::new()));
    }
}
