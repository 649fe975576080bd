//! Property-based test: random sequences of operations on the simulator and on a simple reference model.

use crate::support::{Caller, names};
use configcat_simulator::Simulator;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    CreateConfig { name: u8, v2: bool },
    DeleteConfig(usize),
    CreateEnvironment(u8),
    DeleteEnvironment(usize),
    CreateFlag { config: usize, key: u8 },
    RenameFlag { flag: usize, name: u8 },
    DeleteFlag(usize),
    SetValue { flag: usize, environment: usize, on: bool },
    CreateTag(u8),
    DeleteTag(usize),
    TagFlag { flag: usize, tag: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..8_usize;
    prop_oneof![
        2 => (any::<u8>(), any::<bool>()).prop_map(|(name, v2)| Step::CreateConfig { name, v2 }),
        1 => at.clone().prop_map(Step::DeleteConfig),
        2 => any::<u8>().prop_map(Step::CreateEnvironment),
        1 => at.clone().prop_map(Step::DeleteEnvironment),
        5 => (at.clone(), 0..6_u8).prop_map(|(config, key)| Step::CreateFlag { config, key }),
        2 => (at.clone(), any::<u8>()).prop_map(|(flag, name)| Step::RenameFlag { flag, name }),
        2 => at.clone().prop_map(Step::DeleteFlag),
        5 => (at.clone(), at.clone(), any::<bool>())
            .prop_map(|(flag, environment, on)| Step::SetValue { flag, environment, on }),
        2 => any::<u8>().prop_map(Step::CreateTag),
        1 => at.clone().prop_map(Step::DeleteTag),
        2 => (at.clone(), at).prop_map(|(flag, tag)| Step::TagFlag { flag, tag }),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Flag {
    id: i64,
    config: String,
    key: String,
    name: String,
    tag: Option<i64>,
    /// By environment.
    values: BTreeMap<String, bool>,
}

/// Expected state. Lists are in the order of creation.
#[derive(Debug, Default)]
struct Model {
    configs: Vec<(String, String, bool)>,
    environments: Vec<(String, String)>,
    tags: Vec<(i64, String)>,
    flags: Vec<Flag>,
    changes: usize,
}

struct Pair {
    caller: Caller,
    product: String,
    model: Model,
}

fn nth<T: Clone>(items: &[T], n: usize) -> Option<T> {
    (!items.is_empty()).then(|| items[n % items.len()].clone())
}

impl Pair {
    fn is_v2(&self, config: &str) -> bool {
        self.model.configs.iter().any(|(id, _, v2)| id == config && *v2)
    }

    async fn create(&self, what: &str, body: Value) -> Value {
        self.caller.call(&format!("POST /v1/products/{}/{what}", self.product), body).await.with(201)
    }

    async fn delete_resource(&mut self, path: &str) {
        assert_eq!(self.caller.status(&format!("DELETE {path}")).await, 204);
        assert_eq!(self.caller.status(&format!("GET {path}")).await, 404, "{path}");
        self.model.changes += 1;
    }

    async fn run(&mut self, step: Step) {
        match step {
            Step::CreateConfig { name, v2 } => self.create_config(name, v2).await,
            Step::DeleteConfig(n) => self.delete_config(n).await,
            Step::CreateEnvironment(name) => self.create_environment(name).await,
            Step::DeleteEnvironment(n) => self.delete_environment(n).await,
            Step::CreateFlag { config, key } => self.create_flag(config, key).await,
            Step::RenameFlag { flag, name } => self.rename_flag(flag, name).await,
            Step::DeleteFlag(n) => self.delete_flag(n).await,
            Step::SetValue { flag, environment, on } => self.set_value(flag, environment, on).await,
            Step::CreateTag(name) => self.create_tag(name).await,
            Step::DeleteTag(n) => self.delete_tag(n).await,
            Step::TagFlag { flag, tag } => self.tag_flag(flag, tag).await,
        }
    }

    async fn create_config(&mut self, name: u8, v2: bool) {
        let name = format!("c{name}");
        let body = json!({ "name": name, "evaluationVersion": if v2 { "v2" } else { "v1" } });
        let made = self.create("configs", body).await;
        self.model.configs.push((made["configId"].as_str().unwrap().into(), name, v2));
        self.model.changes += 1;
    }

    async fn delete_config(&mut self, n: usize) {
        let Some((id, ..)) = nth(&self.model.configs, n) else { return };
        self.delete_resource(&format!("/v1/configs/{id}")).await;
        let below: Vec<Flag> = self.model.flags.iter().filter(|f| f.config == id).cloned().collect();
        for flag in below {
            assert_eq!(self.caller.status(&format!("GET /v1/settings/{}", flag.id)).await, 404);
        }
        self.model.configs.retain(|(config, ..)| *config != id);
        self.model.flags.retain(|flag| flag.config != id);
    }

    async fn create_environment(&mut self, name: u8) {
        let name = format!("e{name}");
        let made = self.create("environments", json!({ "name": name })).await;
        let id: String = made["environmentId"].as_str().unwrap().into();
        for flag in &mut self.model.flags {
            flag.values.insert(id.clone(), false);
        }
        self.model.environments.push((id, name));
        self.model.changes += 1;
    }

    async fn delete_environment(&mut self, n: usize) {
        let Some((id, _)) = nth(&self.model.environments, n) else { return };
        self.delete_resource(&format!("/v1/environments/{id}")).await;
        self.model.environments.retain(|(environment, _)| *environment != id);
        for flag in &mut self.model.flags {
            flag.values.remove(&id);
        }
    }

    async fn rename_flag(&mut self, flag: usize, name: u8) {
        let Some(flag) = nth(&self.model.flags, flag) else { return };
        let name = format!("n{name}");
        let patch = json!([{ "op": "replace", "path": "/name", "value": name }]);
        self.caller.call(&format!("PATCH /v1/settings/{}", flag.id), patch).await.with(200);
        self.model.changes += usize::from(flag.name != name);
        self.flag(flag.id).name = name;
    }

    async fn delete_flag(&mut self, n: usize) {
        let Some(flag) = nth(&self.model.flags, n) else { return };
        self.delete_resource(&format!("/v1/settings/{}", flag.id)).await;
        self.model.flags.retain(|other| other.id != flag.id);
    }

    async fn set_value(&mut self, flag: usize, environment: usize, on: bool) {
        let (Some(flag), Some((environment, _))) =
            (nth(&self.model.flags, flag), nth(&self.model.environments, environment))
        else {
            return;
        };
        let v2 = self.is_v2(&flag.config);
        let (right, wrong) = if v2 { ("v2", "v1") } else { ("v1", "v2") };
        let body = |version: &str| match version {
            "v2" => json!({ "defaultValue": { "boolValue": on } }),
            _ => json!({ "value": on }),
        };
        let path = format!("environments/{environment}/settings/{}/value", flag.id);
        assert_eq!(self.caller.call(&format!("PUT /{wrong}/{path}"), body(wrong)).await.status, 400);
        self.caller.call(&format!("PUT /{right}/{path}"), body(right)).await.with(200);
        self.flag(flag.id).values.insert(environment, on);
        self.model.changes += 1;
    }

    async fn create_tag(&mut self, name: u8) {
        let name = format!("t{name}");
        let made = self.create("tags", json!({ "name": name })).await;
        self.model.tags.push((made["tagId"].as_i64().unwrap(), name));
        self.model.changes += 1;
    }

    async fn delete_tag(&mut self, n: usize) {
        let Some((id, _)) = nth(&self.model.tags, n) else { return };
        self.delete_resource(&format!("/v1/tags/{id}")).await;
        self.model.tags.retain(|(tag, _)| *tag != id);
        self.model.flags.iter_mut().for_each(|flag| flag.tag = flag.tag.filter(|tag| *tag != id));
    }

    async fn tag_flag(&mut self, flag: usize, tag: usize) {
        let (Some(flag), Some((tag, _))) = (nth(&self.model.flags, flag), nth(&self.model.tags, tag)) else {
            return;
        };
        let patch = json!([{ "op": "replace", "path": "/tags", "value": [tag] }]);
        self.caller.call(&format!("PATCH /v1/settings/{}", flag.id), patch).await.with(200);
        // One audit log entry per tag that was added, and one per tag that was removed.
        if flag.tag != Some(tag) {
            self.model.changes += 1 + usize::from(flag.tag.is_some());
        }
        self.flag(flag.id).tag = Some(tag);
    }

    async fn create_flag(&mut self, config: usize, key: u8) {
        let Some((config, ..)) = nth(&self.model.configs, config) else { return };
        let key = format!("k{key}");
        let body = json!({ "key": key, "name": key, "settingType": "boolean" });
        let response = self.caller.call(&format!("POST /v1/configs/{config}/settings"), body).await;
        if self.model.flags.iter().any(|flag| flag.config == config && flag.key == key) {
            assert_eq!(response.status, 400, "the key is taken");
            return;
        }
        let id = response.with(201)["settingId"].as_i64().unwrap();
        let values = self.model.environments.iter().map(|(id, _)| (id.clone(), false)).collect();
        self.model.flags.push(Flag { id, config, name: key.clone(), key, tag: None, values });
        self.model.changes += 1;
    }

    fn flag(&mut self, id: i64) -> &mut Flag {
        self.model.flags.iter_mut().find(|flag| flag.id == id).unwrap()
    }

    /// Asserts that the simulator's lists and single resources agree with the model.
    async fn compare(&self) {
        let (caller, product, model) = (&self.caller, &self.product, &self.model);
        let list = |what: &str| format!("/v1/products/{product}/{what}");
        let configs = caller.get(&list("configs")).await;
        let expected: Vec<&String> = model.configs.iter().map(|(_, name, _)| name).collect();
        assert_eq!(names(&configs, "name").iter().collect::<Vec<_>>(), expected);
        let environments = caller.get(&list("environments")).await;
        let expected: Vec<&String> = model.environments.iter().map(|(_, name)| name).collect();
        assert_eq!(names(&environments, "name").iter().collect::<Vec<_>>(), expected);
        assert_eq!(caller.get(&list("tags")).await.as_array().unwrap().len(), model.tags.len());
        for (config, _, v2) in &model.configs {
            let flags: Vec<&Flag> = model.flags.iter().filter(|flag| flag.config == *config).collect();
            let listed = caller.get(&format!("/v1/configs/{config}/settings")).await;
            assert_eq!(listed.as_array().unwrap().len(), flags.len());
            for (flag, listed) in flags.iter().zip(listed.as_array().unwrap()) {
                assert_eq!((&listed["key"], &listed["name"]), (&json!(flag.key), &json!(flag.name)));
                assert_eq!(
                    listed["tags"].as_array().unwrap().first().map(|t| t["tagId"].as_i64()),
                    flag.tag.map(Some)
                );
                assert_eq!(caller.get(&format!("/v1/settings/{}", flag.id)).await, *listed);
            }
            for (environment, _) in &model.environments {
                let version = if *v2 { "v2" } else { "v1" };
                let all = caller
                    .get(&format!("/{version}/configs/{config}/environments/{environment}/values"))
                    .await;
                let (list, value) = if *v2 {
                    ("settingFormulas", "/defaultValue/boolValue")
                } else {
                    ("settingValues", "/value")
                };
                let values: Vec<Option<bool>> = all[list]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| v.pointer(value).and_then(Value::as_bool))
                    .collect();
                let expected: Vec<Option<bool>> =
                    flags.iter().map(|f| f.values.get(environment).copied()).collect();
                assert_eq!(values, expected);
            }
        }
        let log = caller.get(&format!("/v2/products/{product}/auditlogs?pageSize=1")).await;
        assert_eq!(
            log["paging"]["totalCount"].as_u64().unwrap(),
            model.changes as u64,
            "one entry per change"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn simulator_agrees_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let simulator = Simulator::builder().journal(0).start().await.unwrap();
            let caller = Caller::new(&simulator, "simulator", "simulator");
            let organization = caller.get("/v1/organizations").await[0]["organizationId"].as_str().unwrap().to_owned();
            let line = format!("POST /v1/organizations/{organization}/products");
            let product = caller.call(&line, json!({ "name": "P" })).await.with(201);
            let product = product["productId"].as_str().unwrap().to_owned();
            let mut pair = Pair { caller, product, model: Model { changes: 1, ..Model::default() } };
            for step in steps {
                pair.run(step).await;
            }
            pair.compare().await;
            simulator.restore(simulator.snapshot()).await.unwrap();
            pair.compare().await;
            let path = format!("/v1/products/{}", pair.product);
            pair.delete_resource(&path).await;
            for (config, ..) in &pair.model.configs {
                assert_eq!(pair.caller.status(&format!("GET /v1/configs/{config}")).await, 404);
            }
        });
    }
}
