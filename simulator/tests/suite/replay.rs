//! The last writes as code: the script makes the same changes in another simulator.

use crate::support::*;
use configcat_management::Client;
use configcat_simulator::Simulator;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

const PRODUCTS: [&str; 3] = ["Web Shop", "Back Office", "Pop-up store"];

/// Changes what the demo has, and creates a product whose parts refer to each other by generated ids.
pub async fn change(owner: &Caller) {
    let post = async |path: String, body: Value| owner.call(&format!("POST {path}"), body).await.with(201);
    let product = post(
        format!("/v1/organizations/{ORGANIZATION}/products"),
        json!({ "name": "Pop-up store", "description": "it's \"quoted\" $HOME `x` \\ ü\nsecond line" }),
    )
    .await;
    let product = product["productId"].as_str().unwrap().to_owned();
    let environment = post(format!("/v1/products/{product}/environments"), json!({ "name": "Test" })).await;
    let environment = environment["environmentId"].as_str().unwrap().to_owned();
    let tag = post(format!("/v1/products/{product}/tags"), json!({ "name": "new", "color": null })).await;
    let other_tag = post(format!("/v1/products/{product}/tags"), json!({ "name": "old" })).await;
    let segment = json!({ "name": "Staff", "comparisonAttribute": "Email", "comparator": "contains", "comparisonValue": "@x" });
    let segment = post(format!("/v1/products/{product}/segments"), segment).await;
    let config = json!({ "name": "Main", "evaluationVersion": "v2" });
    let config = post(format!("/v1/products/{product}/configs"), config).await;
    let config = config["configId"].as_str().unwrap().to_owned();
    let settings = format!("/v1/configs/{config}/settings");
    let first = json!({ "key": "first", "name": "First", "settingType": "boolean", "tags": [tag["tagId"]] });
    let first = post(settings.clone(), first).await;
    let second = json!({ "key": "second", "name": "Second", "settingType": "double" });
    let second = post(settings.clone(), second).await;
    let rules = json!({
        "defaultValue": { "doubleValue": 2 },
        "targetingRules": [{
            "conditions": [
                { "prerequisiteFlagCondition": { "prerequisiteSettingId": first["settingId"], "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true } } },
                { "segmentCondition": { "segmentId": segment["segmentId"], "comparator": "isIn" } },
            ],
            "value": { "doubleValue": 0.5 },
        }],
    });
    let second_value = format!("/v2/environments/{environment}/settings/{}/value", second["settingId"]);
    let before = owner.get(&second_value).await["lastVersionId"].as_str().unwrap().to_owned();
    let line = format!("PUT {second_value}?reason=a%20%26%20b&latestVersionId={before}");
    owner.call(&line, rules).await.with(200);
    let patch = json!([{ "op": "add", "path": "/tags/-", "value": other_tag["tagId"] }]);
    owner.call(&format!("PATCH /v1/settings/{}", first["settingId"]), patch).await.with(200);
    let doomed = json!({ "key": "doomed", "name": "Doomed", "settingType": "string" });
    let doomed = post(settings, doomed).await;
    owner.call(&format!("DELETE /v1/settings/{}", doomed["settingId"]), Value::Null).await.with(204);
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let sdk_key = "content-type: application/json\r\nx-configcat-sdkkey: configcat-sdk-1/DemoStorefrontTest00_1/DemoStorefrontTest00_2\r\n";
    let body = json!({ "defaultValue": { "stringValue": "Hello?" } }).to_string();
    owner.send("PUT /v2/settings/bannerText/value", sdk_key, &body).await.with(200);
    // These change nothing, so they are not repeated.
    owner.call(&format!("POST /v1/products/{SHOP}/tags"), json!({ "name": "" })).await.with(400);
    owner.get("/v1/me").await;
}

/// Returns every product by names, without ids.
async fn products(simulator: &Simulator) -> Vec<String> {
    let client =
        Client::builder().credentials("simulator", "simulator").base_url(simulator.url()).build().unwrap();
    let mut documents = Vec::new();
    for product in PRODUCTS {
        documents.push(client.export(product).await.unwrap().to_yaml());
    }
    documents
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curl_script_makes_the_same_changes() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("SKIPPED: curl is not installed");
        return;
    }
    let (simulator, owner) = demo().await;
    change(&owner).await;
    let script = owner.call("GET /__simulator/console/code?language=curl", Value::Null).await.body;
    assert!(!script.contains("latestVersionId") && !script.contains("password"), "{script}");
    let (other, _) = demo().await;
    assert_ne!(script, "");
    let url = other.url();
    let output = tokio::task::spawn_blocking(move || {
        Command::new("sh")
            .args(["-c", &script])
            .env("CONFIGCAT_BASE_URL", url)
            .env("CONFIGCAT_API_USER", "simulator")
            .env("CONFIGCAT_API_PASS", "simulator")
            .output()
            .unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = products(&simulator).await;
    assert!(expected[2].contains("second") && !expected[2].contains("doomed"), "{}", expected[2]);
    assert_eq!(products(&other).await, expected);
}

#[tokio::test]
async fn code_has_the_last_writes_in_each_language() {
    let (_simulator, owner) = demo().await;
    change(&owner).await;
    let code =
        async |query: &str| owner.call(&format!("GET /__simulator/console/code?{query}"), Value::Null).await;
    let python = code("language=python").await.body;
    for line in [
        "    product_id = response.product_id\n",
        "client.environments.create(product_id, name=\"Test\")",
        "\"prerequisite_setting_id\": setting_id",
        "reason=\"a & b\"",
    ] {
        assert!(python.contains(line), "{line}: {python}");
    }
    let rust = code("language=rust").await.body;
    assert!(
        rust.contains(".request(\"POST\", format!(\"/v1/products/{product_id}/environments\"))"),
        "{rust}"
    );
    let last = code("language=python&limit=1").await.body;
    assert!(last.contains("Hello?") && !last.contains("Doomed"), "{last}");
    assert_eq!(code("language=cobol").await.status, 400);
}
