//! What is read can be written back, and changes nothing: for every resource, in random states.

use crate::support::scene::text;
use crate::support::shaken::{shaken, states};
use crate::support::*;
use configcat_management::operations;
use configcat_management::spec::{Schema, Type};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Number of random states.
const STATES: u64 = 20;

/// Approvals and reasons that some environments require.
const TERMS: &str = "?reason=x&bypassApproval=true";

/// Takes the fields of a request body from a response.
fn as_body(response: &Value, ty: &Type) -> Value {
    match (ty, response) {
        (Type::Object(schema), Value::Object(_)) => fields(response, schema),
        (Type::List(item), Value::Array(items)) => items.iter().map(|value| as_body(value, item)).collect(),
        // Tags are read as objects and written as numbers.
        (Type::Integer { .. }, Value::Object(tag)) => tag["tagId"].clone(),
        _ => response.clone(),
    }
}

fn fields(response: &Value, schema: &Schema) -> Value {
    let fields = schema.fields.iter();
    let members = fields
        .filter_map(|field| Some((field.wire.to_owned(), as_body(response.get(field.wire)?, &field.ty))));
    Value::Object(members.collect())
}

/// Writes back what it has read.
struct Writer<'a> {
    owner: &'a Caller,
    /// Number of requests by operation.
    written: BTreeMap<&'static str, usize>,
}

impl Writer<'_> {
    async fn put(&mut self, id: &'static str, path: &str, read: &Value) {
        let operation = operations::find(id).unwrap_or_else(|| panic!("{id}"));
        let body = as_body(read, operation.body.as_ref().unwrap());
        let line = format!("{} {path}", operation.http.as_str());
        let response = self.owner.call(&line, body.clone()).await;
        assert!(response.status < 300, "{id}: {} {} for {body}", response.status, response.body);
        *self.written.entry(id).or_default() += 1;
    }

    async fn everything(&mut self) {
        for product in self.owner.get("/v1/products").await.as_array().unwrap() {
            let path = format!("/v1/products/{}", text(&product["productId"]));
            self.put("products.update", &path, product).await;
            let preferences = format!("{path}/preferences");
            let read = self.owner.get(&preferences).await;
            self.put("products.update_preferences", &preferences, &read).await;
            self.parts(&path).await;
            self.settings(&path).await;
            self.change_requests(&path.replace("/v1/", "/v2/")).await;
        }
        let profiles = self.owner.get(&format!("/v1/organizations/{ORGANIZATION}/proxy-profiles")).await;
        for profile in profiles["profiles"].as_array().unwrap() {
            let path = format!("/v1/proxy-profiles/{}", text(&profile["proxyProfileId"]));
            self.put("proxy_profiles.replace", &path, profile).await;
        }
        self.members().await;
    }

    /// Writes the parts of a product that have the same form when they are read.
    async fn parts(&mut self, product: &str) {
        for (list, items, id, path, operation) in [
            ("configs", "", "configId", "/v1/configs", "configs.update"),
            ("environments", "", "environmentId", "/v1/environments", "environments.update"),
            ("tags", "", "tagId", "/v1/tags", "tags.update"),
            ("segments", "", "segmentId", "/v1/segments", "segments.update"),
            ("permissions", "", "permissionGroupId", "/v1/permissions", "permission_groups.update"),
            ("webhooks", "", "webhookId", "/v1/webhooks", "webhooks.replace"),
            ("integrations", "/integrations", "integrationId", "/v1/integrations", "integrations.update"),
        ] {
            let listed = self.owner.get(&format!("{product}/{list}")).await;
            for item in listed.pointer(items).and_then(Value::as_array).unwrap() {
                let path = format!("{path}/{}", text(&item[id]));
                let read = self.owner.get(&path).await;
                self.put(operation, &path, &read).await;
            }
        }
    }

    async fn settings(&mut self, product: &str) {
        let environments = self.owner.get(&format!("{product}/environments")).await;
        let environments = names(&environments, "environmentId");
        for config in self.owner.get(&format!("{product}/configs")).await.as_array().unwrap() {
            let id = text(&config["configId"]);
            let v2 = config["evaluationVersion"] == "v2";
            let settings = self.owner.get(&format!("/v1/configs/{id}/settings")).await;
            for setting in settings.as_array().unwrap() {
                let path = format!("/v1/settings/{}", setting["settingId"]);
                self.put("settings.replace", &path, setting).await;
                if v2 {
                    let path = format!("{path}/predefined-variations");
                    let read = self.owner.get(&path).await;
                    self.put("predefined_variations.update", &path, &read).await;
                }
                for environment in &environments {
                    self.value(v2, environment, &setting["settingId"]).await;
                }
            }
            for environment in &environments {
                self.values(v2, &id, environment).await;
            }
        }
    }

    async fn value(&mut self, v2: bool, environment: &str, setting: &Value) {
        let (version, operation) = if v2 { ("v2", "flag_values.replace") } else { ("v1", "values.replace") };
        let path = format!("/{version}/environments/{environment}/settings/{setting}/value");
        let read = self.owner.get(&path).await;
        self.put(operation, &format!("{path}{TERMS}"), &read).await;
        for link in read["integrationLinks"].as_array().unwrap() {
            let (ty, key) = (text(&link["integrationLinkType"]), text(&link["key"]));
            let path =
                format!("/v1/environments/{environment}/settings/{setting}/integrationLinks/{ty}/{key}");
            self.put("integration_links.add_or_update", &path, link).await;
        }
    }

    /// Writes the values of a config as a batch.
    async fn values(&mut self, v2: bool, config: &str, environment: &str) {
        let (version, operation, list, items) = if v2 {
            ("v2", "flag_values.replace_many", "settingFormulas", "updateFormulas")
        } else {
            ("v1", "values.replace_many", "settingValues", "settingValues")
        };
        let path = format!("/{version}/configs/{config}/environments/{environment}/values");
        let mut read = self.owner.get(&path).await;
        for value in read[list].as_array_mut().unwrap() {
            value["settingId"] = value["setting"]["settingId"].clone();
        }
        let body = json!({ items: read[list] });
        self.put(operation, &format!("{path}{TERMS}"), &body).await;
    }

    async fn change_requests(&mut self, product: &str) {
        let open = self.owner.get(&format!("{product}/change-requests?changeRequestStatusFilter=open")).await;
        for request in open["changeRequests"]["data"].as_array().unwrap() {
            let path = format!("/v2/change-requests/{}", request["changeRequestId"]);
            let read = self.owner.get(&path).await;
            self.put("change_requests.update", &path, &read).await;
            let path = format!("{path}/proposed-changes");
            let mut read = self.owner.get(&path).await;
            for change in read["proposedChanges"].as_array_mut().unwrap() {
                change["settingId"] = change["setting"]["settingId"].clone();
            }
            self.put("change_requests.update_proposed_changes", &path, &read).await;
        }
    }

    async fn members(&mut self) {
        let members = self.owner.get(&format!("/v2/organizations/{ORGANIZATION}/members")).await;
        let has = |list: &str, id: &Value| {
            members[list].as_array().unwrap().iter().any(|member| member["userId"] == *id)
        };
        for member in members["members"].as_array().unwrap() {
            let id = &member["userId"];
            let groups: Value = member["permissions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|permission| permission["permissionGroup"]["permissionGroupId"].clone())
                .collect();
            let read = json!({
                "permissionGroupIds": groups, "isAdmin": has("admins", id),
                "isBillingManager": has("billingManagers", id), "removeFromPermissionGroupsWhereIdNotSet": true,
            });
            let path = format!("/v1/organizations/{ORGANIZATION}/members/{}", text(id));
            self.put("members.add_to_group", &path, &read).await;
        }
    }
}

/// Removes what every write changes: times, versions, logs.
fn stable(mut state: Value) -> Value {
    fn remove(row: &mut Value, fields: &[&str]) {
        let row: &mut Map<String, Value> = row.as_object_mut().unwrap();
        row.retain(|name, _| !fields.contains(&name.as_str()));
    }
    let tables = state["tables"].as_object_mut().unwrap();
    tables.remove("audit");
    for (table, fields) in [
        ("values", &["version", "updated", "updater"][..]),
        ("segments", &["updatedAt", "updater"]),
        ("change_requests", &["activities"]),
    ] {
        tables[table].as_array_mut().unwrap().iter_mut().for_each(|row| remove(row, fields));
    }
    for request in tables["change_requests"].as_array_mut().unwrap() {
        // Writing a proposal bases it on the current value.
        let proposals = request["proposals"].as_array_mut().unwrap();
        proposals.iter_mut().for_each(|row| remove(row, &["base", "original"]));
        // A proposal is in conflict while its value is written.
        request["issues"].as_array_mut().unwrap().retain(|issue| issue["type"] != "settingConflict");
    }
    state["tables"].take()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_can_be_written_back_unchanged() {
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in states(STATES) {
        let scene = shaken(seed).await;
        let before = stable(scene.state());
        let mut writer = Writer { owner: &scene.owner, written: BTreeMap::new() };
        writer.everything().await;
        for (id, count) in writer.written {
            *written.entry(id).or_default() += count;
        }
        let after = stable(scene.state());
        for (table, rows) in before.as_object().unwrap() {
            for (one, other) in rows.as_array().unwrap().iter().zip(after[table].as_array().unwrap()) {
                assert_eq!(one, other, "RANDOM_SEED={seed}: {table}");
            }
            assert_eq!(rows.as_array().map(Vec::len), after[table].as_array().map(Vec::len), "{table}");
        }
    }
    assert!(
        written.len() == 20 || states(STATES).count() < 20,
        "operations that wrote something back: {written:?}"
    );
}
