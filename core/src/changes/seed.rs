//! A product as the seed of a simulator: the document, with ids, versions and SDK keys.

use super::document::{Item, to_value};
use super::json::{below, set, text};
use super::planning::{self, VERSIONS};
use super::section::{PRODUCT, Section, VALUES, named};
use super::snapshot::{Reader, in_order};
use crate::error::Result;
use crate::operations;
use futures_util::future::FutureExt as _;
use serde_json::{Map, Value, json};

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

/// Reads the SDK keys of each config and environment.
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
            let keys = reader.get(&operations::sdk_keys::GET, &path).await?;
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
