//! Reports: progress, failures, and their HTML.

use super::{demo, document};
use configcat_management::ErrorKind;
use configcat_management::changes::{Document, PlanOptions, Report, Status};
use configcat_simulator::testing::faults::Fault;
use std::sync::Mutex;

const TAGS: &str =
    r#"{ "product": "Web Shop", "tags": [{ "name": "checkout", "color": "red" }, { "name": "<b>&\"'" }] }"#;

#[tokio::test]
async fn failures_are_an_error_of_the_kind_of_the_call() {
    let (simulator, client) = demo().await;
    let fault: Fault =
        serde_json::from_value(serde_json::json!({ "operation": "tags.create", "status": 403 })).unwrap();
    simulator.add_fault(fault).unwrap();
    let tags = Document::from_value(serde_json::from_str(TAGS).unwrap()).unwrap();
    let seen = Mutex::new(Vec::new());
    let report = client
        .apply_document_with(&tags, &PlanOptions::new(), |progress| {
            seen.lock().unwrap().push((progress.completed, progress.total));
        })
        .await
        .unwrap();
    assert_eq!(seen.into_inner().unwrap(), [(1, 2), (2, 2)]);
    let failed = report.failures().next().unwrap();
    assert_eq!((failed.status, failed.kind.as_deref()), (Status::Failed, Some("permission")));
    let error = Report::from_json(&report.to_json()).unwrap().error_for_failures().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.message().starts_with("1 of 2 steps were not applied: failed: tags <b>&\"': "), "{error}");
}

#[tokio::test]
async fn html_of_plans_and_reports_is_escaped() {
    let (_simulator, client) = demo().await;
    let plan = client.plan(&document(TAGS), &PlanOptions::new()).await.unwrap();
    let report = client.apply(&plan).await.unwrap();
    for html in [plan.to_html(), report.to_html()] {
        assert!(html.contains("&lt;b&gt;&amp;&quot;&#39;") && !html.contains("<b>&"), "{html}");
        assert!(html.contains(">&quot;panther&quot;</del>"), "{html}");
    }
    assert!(report.to_html().contains("<b>done</b>"));
    report.error_for_failures().unwrap();
}

#[tokio::test]
async fn report_about_a_step_that_is_missing_is_refused() {
    let (_simulator, client) = demo().await;
    let report = client.apply_document(&document(TAGS), &PlanOptions::new()).await.unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    json["outcomes"][0]["step"] = 9.into();
    let error = Report::from_json(&json.to_string()).unwrap_err();
    assert_eq!(error.message(), "invalid report: it has an outcome of step 9, and its plan has 2 steps");
}

#[test]
fn mistake_in_a_value_has_its_path() {
    let value = serde_json::json!({ "product": "A", "tags": [{ "nam": "x" }] });
    let error = Document::from_value(value).unwrap_err();
    let expected = "invalid document: tags[0].nam: unknown field of a tag, did you mean name?";
    assert_eq!(error.message(), expected);
}
