//! Random states: the demo data, changed by random operations.

use super::random::{Random, writes};
use super::scene::Scene;
use super::*;

/// Number of operations that change the demo data.
const OPERATIONS: usize = 16;

/// Returns the seeds of random states: `count`, unless `RANDOM_STATES` says otherwise, from `RANDOM_SEED` on.
pub fn states(count: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = number("RANDOM_SEED").unwrap_or(1);
    first..first + number("RANDOM_STATES").unwrap_or(count)
}

/// Returns a random state. The same seed returns the same state, apart from identifiers and times.
pub async fn shaken(seed: u64) -> Scene {
    let scene = Scene::new().await;
    let mut random = Random(seed);
    let writes = writes();
    for _ in 0..OPERATIONS {
        let operation = *random.pick(&writes);
        // Some are refused, because they depend on others.
        let _ = scene.succeed(operation, random.below(9)).await;
    }
    create_groups(&scene, &mut random).await;
    create_hooks(&scene, &mut random).await;
    create_flags(&scene, &mut random).await;
    remove_some(&scene, &mut random).await;
    scene
}

async fn create_groups(scene: &Scene, random: &mut Random) {
    for number in 0..2 {
        let access = *random.pick(&["full", "readOnly", "custom"]);
        let approval = *random.pick(&["cannotApprove", "canApproveOthers", "canBypassApproval", "custom"]);
        let mut group = json!({
            "name": format!("Group {number}"), "accessType": access, "approvalPermissionType": approval,
            "newEnvironmentAccessType": *random.pick(&["full", "readOnly", "none"]),
            "newEnvironmentApprovalPermissionType": *random.pick(&["cannotApprove", "canApproveOthers"]),
            "canTagSetting": random.chance(50),
        });
        if access == "custom" {
            let access = *random.pick(&["full", "readOnly", "none"]);
            group["environmentAccesses"] =
                json!([{ "environmentId": STAGING, "environmentAccessType": access }]);
        }
        if approval == "custom" {
            group["environmentApprovalPermissions"] =
                json!([{ "environmentId": TEST, "environmentApprovalPermissionType": "canApproveOthers" }]);
        }
        let line = format!("POST /v1/products/{SHOP}/permissions");
        scene.owner.call(&line, group).await.with(201);
    }
    if random.chance(50) {
        let line = format!("POST /v1/products/{SHOP}/environments");
        scene.owner.call(&line, json!({ "name": "Later", "color": "" })).await.with(201);
    }
    let user = *random.pick(&["user-ada", "user-grace"]);
    let line = format!("POST /v1/organizations/{ORGANIZATION}/members/{user}");
    let roles = json!({ "isAdmin": random.chance(30), "isBillingManager": random.chance(50) });
    scene.owner.call(&line, roles).await.with(200);
}

async fn create_hooks(scene: &Scene, random: &mut Random) {
    let header = |secure: bool, value: &str| json!({ "key": "X-A", "value": value, "isSecure": secure });
    let headers = json!([header(true, "one"), header(random.chance(50), "two"), header(true, "three")]);
    let hook = json!({
        "url": "http://localhost/", "httpMethod": *random.pick(&["get", "post"]), "webHookHeaders": headers,
        "content": *random.pick(&[json!("##URL##"), json!(""), Value::Null]),
    });
    let environment = *random.pick(&[TEST, STAGING, PRODUCTION]);
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{environment}/webhooks");
    scene.owner.call(&line, hook).await.with(201);
    let (ty, parameters) = random
        .pick(&[
            ("slack", json!({ "incoming_webhook.url": "https://hooks.slack.com/x" })),
            ("amplitude", json!({ "apiKey": "a", "secretKey": "s" })),
            ("segment", json!({ "writeKey": "w", "server": "Eu" })),
            ("dataDog", json!({ "apikey": "d", "site": "Us" })),
        ])
        .clone();
    let integration = json!({
        "name": ty, "integrationType": ty, "parameters": parameters,
        "environmentIds": *random.pick(&[json!([]), json!([TEST])]), "configIds": [STOREFRONT],
    });
    scene.owner.call(&format!("POST /v1/products/{SHOP}/integrations"), integration).await.with(201);
    let preferences = json!({
        "keyGenerationMode": *random.pick(&["camelCase", "kebabCase"]), "showVariationId": random.chance(50),
        "reasonRequired": random.chance(20),
        "approveRequiredEnvironments": [{ "environmentId": STAGING, "approveRequired": random.chance(50) }],
    });
    let line = format!("POST /v1/products/{SHOP}/preferences");
    scene.owner.call(&line, preferences).await.with(200);
}

async fn create_flags(scene: &Scene, random: &mut Random) {
    let create = async |config: &str, body: Value| {
        scene.owner.call(&format!("POST /v1/configs/{config}/settings"), body).await.with(201)
    };
    for config in [STOREFRONT, OLD_APP] {
        let ty = *random.pick(&["boolean", "string", "int", "double"]);
        let empty =
            json!({ "key": "empty", "name": "Empty", "settingType": ty, "hint": "", "tags": [2003, 2001] });
        let made = create(config, empty).await;
        let copy = json!({ "key": "copy", "name": "c", "settingType": ty, "settingIdToInitFrom": made["settingId"] });
        create(config, copy).await;
        if random.chance(30) {
            let line = format!("DELETE /v1/settings/{}", made["settingId"]);
            assert_eq!(scene.owner.status(&line).await, 204);
        }
    }
    let variations = json!([
        { "value": { "stringValue": "" }, "name": "Nothing", "hint": "" },
        { "value": { "stringValue": "x" } },
    ]);
    let body = json!({ "key": "some", "name": "s", "settingType": "string", "isJson": true, "predefinedVariations": variations });
    create(STOREFRONT, body).await;
}

/// Deletes some entities, which leaves gaps in the numbers, and completes change requests.
async fn remove_some(scene: &Scene, random: &mut Random) {
    let id = |name: &str| scene.ids[name].clone();
    let lines = [
        format!("DELETE /v1/webhooks/{}", id("webhookId")),
        format!("DELETE /v1/integrations/{}", id("integrationId")),
        "DELETE /v1/tags/2002".to_owned(),
        format!("DELETE /v1/settings/{DELIVERY}"),
        format!("DELETE /v1/products/{SHOP}/members/user-grace"),
        format!("DELETE /v1/environments/{STAGING}?cleanupAuditLogs=true"),
        format!("POST /v2/change-requests/{}/approve", id("changeRequestId")),
        format!("POST /v2/change-requests/{}/apply", id("changeRequestId")),
        format!("POST /v2/change-requests/{}/close", id("changeRequestId")),
        format!("POST /v1/proxy-profiles/{}/secret", id("proxyProfileId")),
    ];
    for line in &lines {
        if random.chance(30) {
            let status = scene.owner.call(line, Value::Null).await.status;
            assert!(status < 300 || status == 400 || status == 404, "{line}: {status}");
        }
    }
    // The last change leaves no row behind, only a counter.
    let line = format!("POST /v1/products/{SHOP}/tags");
    let tag = scene.owner.call(&line, json!({ "name": "short" })).await.with(201);
    if random.chance(50) {
        assert_eq!(scene.owner.status(&format!("DELETE /v1/tags/{}", tag["tagId"])).await, 204);
    }
}
