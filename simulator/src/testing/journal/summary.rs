//! What a list of requests shows: entries without headers and bodies.

use super::{Entry, Journal, Raw};
use bytes::Bytes;
use configcat_management::Timestamp;
use configcat_management::spec::Operation;
use http::Method;
use serde::Serialize;
use serde_json::Value;

/// Number of earlier requests among which the previous attempt of a request is looked for.
const RECENT: usize = 64;
/// Maximum number of summaries in a page.
const PAGE: usize = 500;

/// Maximum length of a path or a query in a summary, so that a page is of limited size.
const LONGEST: usize = 1_000;

/// An entry without headers and bodies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary<'a> {
    pub(crate) id: u64,
    at: Timestamp,
    credential: Option<&'a str>,
    method: &'a str,
    path: &'a str,
    query: &'a str,
    operation: Option<&'static str>,
    status: u16,
    fault: Option<&'a str>,
    /// 1, or more if the request repeats one that failed.
    attempt: u32,
    micros: u64,
    request_bytes: usize,
    response_bytes: usize,
}

/// A request that has changed the state, with what is needed to repeat it.
#[derive(Debug)]
pub(crate) struct RecordedWrite {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) sdk_key: Option<String>,
    pub(crate) body: Option<Value>,
    pub(crate) response: Bytes,
}

/// Summaries after a position.
#[derive(Debug)]
pub(crate) struct SummaryPage<'a> {
    pub(crate) entries: Vec<Summary<'a>>,
    /// Number of entries after the position that are not on the page: evicted, or too many.
    pub(crate) missed: u64,
    /// Position after the page.
    pub(crate) last: u64,
}

impl Raw {
    /// Whether clients repeat a request with this result.
    fn is_retryable(&self) -> bool {
        self.is_lost || matches!(self.status, 408 | 429 | 500..)
    }

    /// Whether another request asks for the same.
    fn is_like(&self, later: &Self) -> bool {
        let body = |raw: &Self| raw.request_body.as_ref().map(Bytes::len).unwrap_or_default();
        self.method == later.method
            && self.uri == later.uri
            && self.credential == later.credential
            // Bodies that could not be read because of a fault are absent.
            && (body(self) == 0 || self.request_body == later.request_body)
    }

    fn write(&self) -> RecordedWrite {
        let sdk_key = self.request_headers.get("x-configcat-sdkkey").and_then(|key| key.to_str().ok());
        RecordedWrite {
            operation: self.operation,
            method: self.method.to_string(),
            path: self.uri.path().to_owned(),
            query: self.uri.query().unwrap_or_default().to_owned(),
            sdk_key: sdk_key.map(str::to_owned),
            body: self.request_body.as_deref().and_then(super::body),
            response: self.response_body.clone(),
        }
    }

    fn summary(&self, id: u64, attempt: u32) -> Summary<'_> {
        Summary {
            id,
            at: self.at,
            credential: self.credential.as_deref(),
            method: self.method.as_str(),
            path: shortened(self.uri.path()),
            query: shortened(self.uri.query().unwrap_or_default()),
            operation: self.operation.map(|operation| operation.id),
            status: self.status,
            fault: self.fault.as_deref(),
            attempt,
            micros: u64::try_from(self.taken.as_micros()).unwrap_or(u64::MAX),
            request_bytes: self.request_body.as_ref().map_or(0, Bytes::len),
            response_bytes: self.response_body.len(),
        }
    }
}

/// Shortens a part of a URL, which consists of ASCII characters.
fn shortened(text: &str) -> &str {
    text.get(..LONGEST).unwrap_or(text)
}

impl Journal {
    /// Returns the number of the last entry that [`clear`](Self::clear) removed.
    pub(crate) const fn cleared(&self) -> u64 {
        self.cleared
    }

    /// Returns how many entries are kept at most.
    pub(crate) const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Returns the last requests that have changed the state, oldest first.
    pub(crate) fn last_writes(&self, count: usize) -> Vec<RecordedWrite> {
        let is_write =
            |raw: &Raw| raw.order.is_some() && (200..300).contains(&raw.status) && raw.method != Method::GET;
        let entries = self.entries.iter().rev().map(|(_, raw)| raw).filter(|raw| is_write(raw));
        let mut writes: Vec<RecordedWrite> = entries.take(count).map(Raw::write).collect();
        writes.reverse();
        writes
    }

    /// Returns an entry with headers and bodies.
    pub(crate) fn entry(&self, id: u64) -> Option<Entry> {
        let at = self.entries.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.entries.get(at).map(|(id, raw)| raw.entry(*id))
    }

    /// Returns the newest entries after a position, oldest first.
    pub(crate) fn summaries(&self, after: u64) -> SummaryPage<'_> {
        // A reader of another simulator may know a later position.
        let after = if after > self.last { 0 } else { after.max(self.cleared) };
        let first = self.entries.partition_point(|(id, _)| *id <= after);
        let first = first.max(self.entries.len().saturating_sub(PAGE));
        let entries: Vec<Summary<'_>> = (first..self.entries.len())
            .filter_map(|at| self.entries.get(at).map(|(id, raw)| raw.summary(*id, self.attempt(at))))
            .collect();
        let total = self.last.saturating_sub(after);
        let missed = total.saturating_sub(u64::try_from(entries.len()).unwrap_or(u64::MAX));
        SummaryPage { entries, missed, last: self.last }
    }

    /// Returns which attempt of a request an entry is.
    fn attempt(&self, at: usize) -> u32 {
        let Some((_, mut later)) = self.entries.get(at).map(|(id, raw)| (id, raw)) else { return 1 };
        let mut attempt = 1;
        for (_, earlier) in self.entries.range(at.saturating_sub(RECENT)..at).rev() {
            if !earlier.is_like(later) {
                continue;
            }
            if !earlier.is_retryable() {
                break;
            }
            (attempt, later) = (attempt + 1, earlier);
        }
        attempt
    }
}
