//! The log: events of `tracing`.

use crate::faults::{Server, http, ok};
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps each span and event of the library as a line: level, name or message, fields.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Lines {
    fn keep(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(metadata.level().to_string());
        record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("configcat_management")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.keep(event.metadata(), |line| event.record(line));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn events_show_attempts_and_waits_without_credentials() {
    let me = r#"{"email":"hunter2@example.com","fullName":"A"}"#;
    let failure = http("503 Service Unavailable", "x-echo: hunter2\r\n", "hunter2");
    let server = Server::start([failure, ok(me)]).await;
    let client = server.builder().header("X-Token", "s3cr3t").build().unwrap();
    let lines = Lines::default();
    // The runtime of this test has one thread, so that no event of another test is received.
    let _receiving = tracing::subscriber::set_default(lines.clone());
    client.me().get().await.unwrap();
    let lines = lines.0.lock().unwrap().clone();
    let has = |parts: &[&str]| lines.iter().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(&["DEBUG", "operation=\"me.get\""]), "{lines:#?}");
    assert!(has(&["DEBUG", "message=attempt", "attempt=1", "status=503", "elapsed="]), "{lines:#?}");
    assert!(has(&["DEBUG", "message=wait", "reason=Retry"]), "{lines:#?}");
    assert!(has(&["DEBUG", "message=attempt", "attempt=2", "status=200"]), "{lines:#?}");
    let text = lines.join("\n");
    assert!(
        !text.contains("hunter2") && !text.contains("s3cr3t") && !text.contains("dXNlcjpodW50ZXIy"),
        "{text}"
    );
}
