//! A product as the seed of a simulator: the document, with ids, versions and SDK keys.

use super::document::{Item, to_value};
use super::json::{below, set, text};
use super::planning::{self, VERSIONS};
use super::section::{PRODUCT, Section, VALUES, named};
use super::snapshot::{Reader, in_order};
use crate::error::{ErrorKind, Result};
use crate::operations;
use futures_util::future::FutureExt as _;
use serde_json::{Map, Value, json};

/// Stands for a secret that cannot be read.
const PLACEHOLDER: &str = "placeholder";

/// Reads a product as a seed with one organization.
pub(super) async fn export(reader: &Reader<'_>, product: &str) -> Result<Value> {
    let (document, snapshot) = planning::export(reader, product, None).await?;
    let mut seed = seed_of(&PRODUCT, &document.root);
    let keys = sdk_keys(reader, &document.root).await?;
    for (config, environment, key) in keys {
        let configs = seed.get_mut("configs").and_then(Value::as_array_mut).into_iter().flatten();
        for found in configs.filter(|other| text(other, "configId") == config) {
            if let Some(keys) = below(found, "sdkKeys") {
                set(keys, &environment, key.clone());
            }
        }
    }
    for (config, environment, webhook) in webhooks(reader, &document.root).await? {
        let configs = seed.get_mut("configs").and_then(Value::as_array_mut).into_iter().flatten();
        for found in
            configs.filter(|other| other.get("configId") == Some(&config)).filter_map(Value::as_object_mut)
        {
            let of_config = found.entry("webhooks").or_insert_with(|| json!({})).as_object_mut();
            let listed = of_config.map(|webhooks| webhooks.entry(&*environment).or_insert_with(|| json!([])));
            listed.and_then(Value::as_array_mut).into_iter().for_each(|list| list.push(webhook.clone()));
        }
    }
    first_group(&mut seed);
    let id = snapshot.organization.unwrap_or_default();
    let organizations = reader.get(&operations::organizations::LIST, &[]).await?;
    let name = organizations.as_array().into_iter().flatten().find(|other| other["organizationId"] == *id);
    let name = name.and_then(|organization| organization["name"].as_str()).unwrap_or("Organization");
    Ok(json!({ "organizations": [{ "organizationId": id, "name": name, "products": [seed] }] }))
}

/// Returns an entity with its ids.
fn seed_of(section: &'static Section, item: &Item) -> Value {
    let mut flat = item.clone();
    let children = std::mem::take(&mut flat.children);
    let Value::Object(mut seed) = to_value(section, &flat) else { return Value::Null };
    if let Some(id) = &item.id {
        // Tags, flags and permission groups have numbers.
        let id = id.parse::<i64>().map_or_else(|_| Value::from(id.as_str()), Value::from);
        seed.insert(section.id.to_owned(), id);
    }
    seed.retain(|_, value| !value.is_null());
    for (name, items) in children {
        let Some(child) = section.child(name) else { continue };
        seed.insert(name.to_owned(), items.iter().map(|item| seed_of(child, item)).collect());
    }
    for (name, value) in &item.hidden {
        if name == VERSIONS {
            add_versions(&mut seed, value);
        } else {
            seed.insert(name.clone(), value.clone());
        }
    }
    seed.into()
}

/// Adds the versions to values, which become objects.
fn add_versions(seed: &mut Map<String, Value>, versions: &Value) {
    let values = seed.get_mut(VALUES.name).and_then(Value::as_object_mut);
    for (environment, value) in values.into_iter().flatten() {
        let Some(version) = versions.get(environment) else { continue };
        if !value.is_object() {
            *value = json!({ "default": value.take() });
        }
        set(value, "lastVersionId", version.clone());
    }
}

/// The first permission group exists as soon as the product does.
fn first_group(seed: &mut Value) {
    let groups = seed.get_mut("permissionGroups").and_then(Value::as_array_mut);
    let Some(groups) = groups.filter(|groups| !groups.is_empty()) else { return };
    let first = groups.remove(0);
    set(seed, "firstPermissionGroup", first);
}

/// Returns a response, or null if the credentials lack the right to read it.
fn permitted(response: Result<Value>) -> Result<Value> {
    match response {
        Err(error) if error.kind() == ErrorKind::Permission => Ok(Value::Null),
        response => response,
    }
}

/// Reads the SDK keys of each config and environment. Credentials without the right to read them get none.
async fn sdk_keys(reader: &Reader<'_>, product: &Item) -> Result<Vec<(String, String, Value)>> {
    let (Some(configs), Some(environments)) = (named("configs"), named("environments")) else {
        return Ok(Vec::new());
    };
    let pairs = product.below(configs.name).iter().flat_map(|config| {
        product.below(environments.name).iter().map(move |environment| (config, environment))
    });
    let pairs: Vec<_> = pairs.collect();
    let read = pairs.into_iter().map(|(config, environment)| {
        async move {
            let id = |item: &Item| item.id.clone().unwrap_or_default();
            let (config, name) = (id(config), (id(environment), environment.key(environments).to_owned()));
            let path = [("configId", config.as_str()), ("environmentId", name.0.as_str())];
            let keys = permitted(reader.get(&operations::sdk_keys::GET, &path).await)?;
            let primary = keys.get("primary").cloned().unwrap_or_default();
            let key = match keys.get("secondary").filter(|key| !key.is_null()) {
                None => primary,
                Some(secondary) => json!({ "primary": primary, "secondary": secondary }),
            };
            Ok((config, name.1, key))
        }
        .boxed()
    });
    let read = in_order(read).await?;
    Ok(read.into_iter().filter(|(_, _, key)| !key.is_null()).collect())
}

/// Reads the webhooks, each with the id of its config and the name of its environment. Secrets, which cannot be read, are
/// placeholders. Credentials without the right to read webhooks get none.
async fn webhooks(reader: &Reader<'_>, product: &Item) -> Result<Vec<(Value, String, Value)>> {
    let id = product.id.as_deref().unwrap_or_default();
    let listed = permitted(reader.get(&operations::webhooks::LIST, &[("productId", id)]).await)?;
    let webhook = |read: &Value| {
        let config = read.pointer("/config/configId")?.clone();
        let environment = read.pointer("/environment/name")?.as_str()?.to_owned();
        let mut seed = Map::new();
        for name in ["webhookId", "url", "httpMethod", "content", "webHookHeaders"] {
            if let Some(value) = read.get(name).filter(|value| !value.is_null()) {
                seed.insert(name.to_owned(), value.clone());
            }
        }
        let headers = seed.get_mut("webHookHeaders").and_then(Value::as_array_mut).into_iter().flatten();
        let secure = headers.filter(|header| header.get("isSecure") == Some(&Value::Bool(true)));
        for header in secure.filter_map(Value::as_object_mut) {
            header.insert("value".to_owned(), PLACEHOLDER.into());
        }
        Some((config, environment, Value::Object(seed)))
    };
    Ok(listed.as_array().into_iter().flatten().filter_map(webhook).collect())
}
