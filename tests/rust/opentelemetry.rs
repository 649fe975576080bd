//! Spans, as `tracing-opentelemetry` exports them, with the example of the documentation.

#[path = "../../examples/rust/opentelemetry.rs"]
mod example;

use crate::faults::{Act, Server, http, ok};
use configcat_management::{ErrorKind, Result, models};
use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing::subscriber::set_default;

const ME: &str = r#"{"email":"a@example.com","fullName":"A"}"#;

/// Makes a call against a server, and returns its result, its spans, and the requests.
async fn call(acts: Vec<Act>) -> (Result<models::Me>, Vec<SpanData>, Vec<String>) {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let server = Server::start(acts).await;
    let client = example::traced(server.builder()).build().unwrap();
    let result = {
        let _subscriber = set_default(example::subscriber(&provider));
        client.me().get().await
    };
    let requests = server.requests.lock().unwrap().clone();
    (result, exporter.get_finished_spans().unwrap(), requests)
}

fn attribute(span: &SpanData, name: &str) -> Option<Value> {
    span.attributes.iter().find(|pair| pair.key.as_str() == name).map(|pair| pair.value.clone())
}

fn text(span: &SpanData, name: &str) -> String {
    attribute(span, name).map(|value| value.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn spans_follow_the_conventions_for_http_clients() {
    let (result, spans, _) = call(vec![http("503 X", "", ""), ok(ME)]).await;
    result.unwrap();
    let [first, second, whole] = &*spans else { panic!("{spans:?}") };
    assert_eq!(
        (&*whole.name, &whole.span_kind, &whole.status),
        ("me.get", &SpanKind::Internal, &Status::Unset)
    );
    for attempt in [first, second] {
        assert_eq!((&*attempt.name, &attempt.span_kind), ("GET /v1/me", &SpanKind::Client));
        assert_eq!(attempt.parent_span_id, whole.span_context.span_id());
        assert_eq!(text(attempt, "http.request.method"), "GET");
        assert_eq!(text(attempt, "url.template"), "/v1/me");
        assert_eq!(text(attempt, "server.address"), "127.0.0.1");
        assert!(matches!(attribute(attempt, "server.port"), Some(Value::I64(1..))));
    }
    let status = |span| (text(span, "http.response.status_code"), text(span, "error.type"));
    assert_eq!(
        (status(first), status(second)),
        (("503".into(), "503".into()), ("200".into(), String::new()))
    );
    assert!(matches!((&first.status, &second.status), (Status::Error { .. }, Status::Unset)));
    let resends = |span| attribute(span, "http.request.resend_count");
    assert_eq!((resends(first), resends(second)), (None, Some(Value::I64(1))));
}

#[tokio::test]
async fn traceparent_names_the_span_of_its_attempt() {
    let (result, spans, requests) = call(vec![Act::Hang, ok(ME)]).await;
    result.unwrap();
    assert_eq!(requests.len(), 2);
    for (span, request) in spans.iter().zip(&requests) {
        let context = &span.span_context;
        let expected = format!("traceparent: 00-{}-{}-01\r\n", context.trace_id(), context.span_id());
        assert!(request.to_lowercase().contains(&expected), "{request}");
    }
}

#[tokio::test]
async fn span_of_a_failed_call_has_the_kind_of_its_error() {
    let (result, spans, _) = call(vec![Act::Hang]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Connection);
    assert_eq!(spans.len(), 4);
    for span in &spans {
        assert_eq!(text(span, "error.type"), "connection", "{span:?}");
        assert!(matches!(span.status, Status::Error { .. }));
    }
    let (result, spans, _) = call(vec![http("404 X", "", "")]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound);
    let types: Vec<String> = spans.iter().map(|span| text(span, "error.type")).collect();
    assert_eq!(types, ["404", "404"]);
}

#[tokio::test]
async fn spans_contain_no_credentials() {
    let (result, spans, _) = call(vec![http("401 X", "", "user:hunter2 dXNlcjpodW50ZXIy")]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Authentication);
    let shown = format!("{spans:?}");
    assert!(shown.contains("me.get") && !shown.contains("hunter2") && !shown.contains("dXNlcj"), "{shown}");
}
