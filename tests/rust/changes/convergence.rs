//! Plans that are interrupted: applying again continues where the first run ended, and creates nothing twice.

use super::{SHOP, document, empty, reasoned, received};
use configcat_management::Client;
use configcat_management::changes::Status;
use configcat_simulator::Simulator;
use configcat_simulator::testing::faults::Fault;
use serde_json::json;

async fn undisturbed() -> (String, usize) {
    let (simulator, client) = empty().await;
    assert!(client.apply_document(&document(SHOP), &reasoned()).await.unwrap().is_complete());
    let requests = received(&simulator);
    (client.export("Web Shop 2").await.unwrap().to_yaml(), requests)
}

/// Applies again, and compares the state with that of an undisturbed run.
async fn converge(simulator: &Simulator, client: &Client, expected: &str, context: &str) {
    simulator.clear_faults();
    let report = client.apply_document(&document(SHOP), &reasoned()).await.unwrap();
    assert!(report.is_complete(), "{context}: {}", report.to_text());
    assert!(client.plan(&document(SHOP), &reasoned()).await.unwrap().is_empty(), "{context}");
    assert_eq!(client.products().list().await.unwrap().len(), 1, "{context}");
    let sorted = |yaml: &str| {
        // Permission groups are created one by one, and in the order of the document unless the run was interrupted.
        let mut lines: Vec<String> =
            yaml.lines().filter(|line| !line.contains("order:")).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let after = client.export("Web Shop 2").await.unwrap().to_yaml();
    assert_eq!(sorted(&after), sorted(expected), "{context}");
}

#[tokio::test]
async fn cancelled_run_is_continued_at_every_request() {
    let (expected, requests) = undisturbed().await;
    for sent in 1..requests {
        let (simulator, client) = empty().await;
        let applied = {
            let client = client.clone();
            tokio::spawn(async move { client.apply_document(&document(SHOP), &reasoned()).await })
        };
        while received(&simulator) < sent && !applied.is_finished() {
            tokio::task::yield_now().await;
        }
        applied.abort();
        let _ = applied.await;
        converge(&simulator, &client, &expected, &format!("after {sent} requests")).await;
    }
}

#[tokio::test]
async fn lost_response_is_made_up_for_at_every_request() {
    let (expected, requests) = undisturbed().await;
    for skipped in 0..requests {
        let (simulator, client) = empty().await;
        let fault: Fault =
            serde_json::from_value(json!({ "skip": skipped, "times": 1, "reset": "after" })).unwrap();
        simulator.add_fault(fault).unwrap();
        let report = client.apply_document(&document(SHOP), &reasoned()).await.unwrap();
        assert!(report.is_complete(), "request {skipped}: {}", report.to_text());
        converge(&simulator, &client, &expected, &format!("request {skipped}")).await;
    }
}

#[tokio::test]
async fn refused_request_stops_only_what_needs_it() {
    let (expected, _) = undisturbed().await;
    for operation in ["environments.create", "configs.create", "settings.create", "flag_values.replace_many"]
    {
        let (simulator, client) = empty().await;
        let fault: Fault =
            serde_json::from_value(json!({ "operation": operation, "times": 1, "status": 400 })).unwrap();
        simulator.add_fault(fault).unwrap();
        let report = client.apply_document(&document(SHOP), &reasoned()).await.unwrap();
        let failed = report.outcomes.iter().filter(|outcome| outcome.status == Status::Failed).count();
        assert!(failed > 0, "{operation}: {}", report.to_text());
        let done = report.outcomes.iter().filter(|outcome| outcome.status == Status::Done).count();
        assert!(done > 5, "{operation}: {}", report.to_text());
        converge(&simulator, &client, &expected, operation).await;
    }
}

/// Every kind of fault of the simulator, and whether the run that meets it once completes nevertheless.
const FAULTS: [(&str, bool); 12] = [
    (r#"{ "status": 429, "retryAfter": 0 }"#, true),
    (r#"{ "status": 500 }"#, true),
    (r#"{ "status": 503, "retryAfter": 0 }"#, true),
    (r#"{ "status": 403 }"#, false),
    (r#"{ "status": 404 }"#, false),
    (r#"{ "delayMs": 20 }"#, true),
    (r#"{ "reset": "before" }"#, true),
    (r#"{ "reset": "after" }"#, true),
    (r#"{ "cutBodyAt": 3 }"#, true),
    (r#"{ "badJson": true }"#, true),
    (r#"{ "status": 200, "body": "<html>Maintenance</html>", "contentType": "text/html" }"#, true),
    (r#"{ "headers": { "X-Rate-Limit-Remaining": "many" } }"#, true),
];

#[tokio::test]
async fn fault_of_each_kind_is_survived() {
    let (expected, _) = undisturbed().await;
    for (fault, completes) in FAULTS {
        let (simulator, client) = empty().await;
        let mut fault: serde_json::Value = serde_json::from_str(fault).unwrap();
        fault["operation"] = json!("settings.create");
        fault["times"] = json!(1);
        simulator.add_fault(serde_json::from_value(fault.clone()).unwrap()).unwrap();
        let report = client.apply_document(&document(SHOP), &reasoned()).await.unwrap();
        assert_eq!(simulator.faults()[0].happened, 1, "{fault}");
        assert_eq!(report.is_complete(), completes, "{fault}: {}", report.to_text());
        converge(&simulator, &client, &expected, &fault.to_string()).await;
    }
}
