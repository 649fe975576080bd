//! The stream of events: requests as they are recorded, and changes of flags.

use crate::backend::{Backend, lock};
use crate::http::connection::{ConnectionHandle, Execution};
use crate::http::query::query;
use crate::state::touched::Touched;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use serde::Serialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::watch;

/// Interval of the comments that keep a silent stream open through proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Differs between runs, so that readers notice that the simulator was restarted.
static RUN: LazyLock<u64> = LazyLock::new(|| fastrand::u64(..1 << 53));

/// Position of a reader. It is all that a reader needs: what it has not read yet is in the journal and the state only.
struct Reader {
    backend: Arc<Backend>,
    wake: watch::Receiver<bool>,
    /// Number of the last request that was sent; `None` before the first page.
    entry: Option<u64>,
    cleared: u64,
    revision: u64,
    is_greeted: bool,
    _connection: Option<Execution>,
}

/// Responds with server-sent events. The query has the position of a reader that continues: `after` and `revision`.
pub fn stream(backend: &Arc<Backend>, parts: &Parts) -> Response {
    let parameters = query(parts.uri.query().unwrap_or_default());
    let number = |name: &str| {
        parameters.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let (entry, cleared) = (number("after"), lock(&backend.journal).cleared());
    let handle = parts.extensions.get::<ConnectInfo<ConnectionHandle>>();
    let reader = Reader {
        backend: Arc::clone(backend),
        wake: backend.feed.subscribe(),
        entry,
        cleared: entry.map_or(cleared, |entry| entry.min(cleared)),
        revision: number("revision").unwrap_or_else(|| backend.feed.revision()),
        is_greeted: false,
        _connection: handle.map(|ConnectInfo(handle)| handle.hold()),
    };
    let events = futures_util::stream::unfold(reader, async |mut reader| {
        let text = reader.next().await?;
        Some((Ok::<Bytes, Infallible>(text.into()), reader))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Reader {
    /// Waits for events, and returns them as text; `None` when the simulator stops.
    async fn next(&mut self) -> Option<String> {
        loop {
            if *self.wake.borrow_and_update() {
                return None;
            }
            let text = self.read();
            if !text.is_empty() {
                return Some(text);
            }
            match tokio::time::timeout(KEEP_ALIVE, self.wake.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return Some(":\n\n".into()),
            }
        }
    }

    /// Returns the events since the last call. What a slow reader has not read and the journal no longer has is `missed`.
    fn read(&mut self) -> String {
        let mut text = String::new();
        if !self.is_greeted {
            self.is_greeted = true;
            write(&mut text, "hello", &json!({ "run": *RUN, "revision": self.revision }));
        }
        if let Some((revision, touched)) = self.backend.feed.since(self.revision) {
            self.revision = revision;
            let flags = match touched {
                Touched::Flags(flags) => json!(flags),
                Touched::All => Value::Null,
            };
            write(&mut text, "changed", &json!({ "revision": revision, "flags": flags }));
        }
        let journal = lock(&self.backend.journal);
        if journal.cleared() != self.cleared {
            self.cleared = journal.cleared();
            write(&mut text, "cleared", &json!({}));
        }
        let page = journal.summaries(self.entry.unwrap_or_default());
        if page.missed > 0 && self.entry.is_some() {
            write(&mut text, "missed", &json!({ "count": page.missed }));
        }
        for entry in &page.entries {
            write(&mut text, "request", entry);
        }
        self.entry = Some(page.last);
        text
    }
}

/// Writes an event. JSON has no line breaks.
fn write(text: &mut String, event: &str, data: &impl Serialize) {
    let data = serde_json::to_string(data).unwrap_or_default();
    text.push_str(&format!("event: {event}\ndata: {data}\n\n"));
}
