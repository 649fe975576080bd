//! A journal of requests and responses, with which tests verify what was called.

pub(crate) mod summary;

use crate::glob;
use bytes::Bytes;
use configcat_management::spec::Operation;
use configcat_management::{Timestamp, operations, unknown_operation};
use http::{HeaderMap, HeaderValue, Method, Uri};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

/// Maximum size of a body that an entry keeps, in bytes; of larger ones only the length is kept.
const BODY: usize = 256 << 10;
/// Maximum memory of all entries together, in bytes; the oldest ones are evicted first.
const MEMORY: usize = 128 << 20;
/// Maximum number of kinds of calls that a message lists.
const KINDS: usize = 10;
/// Memory of an entry without its strings, and of a header without its strings, in bytes.
const ENTRY: usize = 512;
const HEADER: usize = 128;

/// A request and its response as received and sent; converted to an [`Entry`] only when it is read.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) at: Timestamp,
    pub(crate) order: Option<u64>,
    pub(crate) credential: Option<String>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) operation: Option<&'static Operation>,
    /// Without credentials.
    pub(crate) request_headers: HeaderMap,
    pub(crate) request_body: Option<Bytes>,
    pub(crate) status: u16,
    pub(crate) response_body: Bytes,
    pub(crate) fault: Option<String>,
    /// Whether the fault kept the client from a usable response.
    pub(crate) is_lost: bool,
    pub(crate) taken: Duration,
}

impl Raw {
    /// Returns its approximate memory, in bytes.
    fn memory(&self) -> usize {
        let headers = self.request_headers.iter();
        let headers: usize = headers.map(|(name, value)| HEADER + name.as_str().len() + value.len()).sum();
        let target = self.uri.path().len() + self.uri.query().map_or(0, str::len);
        let bodies = self.request_body.as_ref().map_or(0, Bytes::len) + self.response_body.len();
        ENTRY + self.method.as_str().len() + target + headers + bodies
    }

    fn entry(&self, id: u64) -> Entry {
        let headers = self.request_headers.iter();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Entry {
            id,
            at: self.at,
            order: self.order,
            credential: self.credential.clone(),
            method: self.method.to_string(),
            path: self.uri.path().to_owned(),
            query: self.uri.query().unwrap_or_default().to_owned(),
            operation: self.operation.map(|operation| operation.id.to_owned()),
            request_headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
            request_body: self.request_body.as_deref().and_then(body),
            status: self.status,
            response_body: body(&self.response_body),
            fault: self.fault.clone(),
            micros: u64::try_from(self.taken.as_micros()).unwrap_or(u64::MAX),
        }
    }
}

/// A request and its response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Number of the entry, from 1.
    pub id: u64,
    /// Time at which the request arrived.
    pub at: Timestamp,
    /// Position in the order of all transactions; `None` if the request ran no transaction.
    pub order: Option<u64>,
    /// User name of the caller, if it was known.
    pub credential: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path as received.
    pub path: String,
    /// Query as received, without the question mark.
    pub query: String,
    /// Operation, as `resource.method`, if the route has one.
    pub operation: Option<String>,
    /// Headers of the request, in lower case; without credentials.
    pub request_headers: Vec<(String, String)>,
    /// Body of the request: JSON if it is valid JSON, else a string.
    pub request_body: Option<Value>,
    /// HTTP status of the response.
    pub status: u16,
    /// Body of the response: JSON if it is valid JSON, else a string.
    pub response_body: Option<Value>,
    /// Name of the fault that was applied.
    pub fault: Option<String>,
    /// Duration, in microseconds.
    pub micros: u64,
}

/// Filter of entries. An absent field matches every entry; `*` matches any characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Query {
    /// `resource.method`, or the service's name of the operation.
    pub operation: Option<String>,
    /// HTTP method.
    pub method: Option<String>,
    /// Path.
    pub path: Option<String>,
    /// User name.
    pub credential: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Only entries after the one with this number.
    pub after: Option<u64>,
    /// Maximum number of entries; the last ones are returned.
    pub limit: Option<usize>,
}

/// Whether one of an operation's two names matches a pattern.
pub(crate) fn is_named(operation: &Operation, pattern: &str) -> bool {
    glob::matches(pattern, operation.id) || glob::matches(pattern, operation.operation_id)
}

/// Refuses a method that HTTP does not have: what it selects would never happen.
pub(crate) fn check_method(method: Option<&String>) -> Result<(), String> {
    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    match method.filter(|method| !METHODS.iter().any(|known| known.eq_ignore_ascii_case(method))) {
        Some(method) => Err(format!("method: must be one of {}, not {method:?}", METHODS.join(", "))),
        None => Ok(()),
    }
}

/// Refuses a pattern that no operation matches, for the same reason.
pub(crate) fn check_operation(pattern: Option<&String>) -> Result<(), String> {
    let Some(pattern) = pattern else { return Ok(()) };
    if operations::ALL.iter().any(|operation| is_named(operation, pattern)) {
        return Ok(());
    }
    Err(match operations::searched_by(pattern) {
        Some(list) => format!("operation: {pattern} sends the request of {}; use that name", list.id),
        None => format!("operation: {}", unknown_operation(pattern).message()),
    })
}

impl Query {
    /// Selects the calls of an operation; `*` matches any characters.
    #[must_use]
    pub fn of(operation: impl Into<String>) -> Self {
        Self { operation: Some(operation.into()), ..Self::default() }
    }

    /// Refuses filters that no request can match.
    ///
    /// # Errors
    /// Reports a method or the name of an operation that does not exist, the latter with a suggestion.
    pub fn check(&self) -> Result<(), String> {
        check_method(self.method.as_ref())?;
        check_operation(self.operation.as_ref())
    }

    fn matches(&self, id: u64, raw: &Raw) -> bool {
        let like = |pattern: Option<&String>, text: &str| pattern.is_none_or(|p| glob::matches(p, text));
        self.operation.as_ref().is_none_or(|pattern| raw.operation.is_some_and(|o| is_named(o, pattern)))
            && self.method.as_ref().is_none_or(|method| raw.method.as_str().eq_ignore_ascii_case(method))
            && like(self.path.as_ref(), raw.uri.path())
            && like(self.credential.as_ref(), raw.credential.as_deref().unwrap_or_default())
            && self.status.is_none_or(|status| raw.status == status)
            && self.after.is_none_or(|after| id > after)
    }
}

/// Expected number of calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expectation {
    /// Filter of the calls to count.
    pub calls: Query,
    /// Exact number.
    pub times: Option<usize>,
    /// Minimum number.
    pub at_least: Option<usize>,
    /// Maximum number.
    pub at_most: Option<usize>,
}

impl Expectation {
    /// Expects this number of calls of an operation; `*` matches any characters.
    ///
    /// ```
    /// use configcat_simulator::{Expectation, Query};
    ///
    /// let created_twice = Expectation::exactly(2, "settings.create");
    /// let read = Expectation { at_least: Some(1), calls: Query::of("settings.*"), ..Expectation::default() };
    /// ```
    #[must_use]
    pub fn exactly(times: usize, operation: impl Into<String>) -> Self {
        Self { calls: Query::of(operation), times: Some(times), ..Self::default() }
    }
}

/// Journal of the most recent requests and responses.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<(u64, Raw)>,
    capacity: usize,
    last: u64,
    /// Number of the last entry that was removed by [`clear`](Self::clear).
    cleared: u64,
    memory: usize,
}

impl Journal {
    /// Creates a journal that keeps the last `capacity` entries; 0 keeps none.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), capacity, last: 0, cleared: 0, memory: 0 }
    }

    /// Whether it keeps entries.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// Adds an entry and assigns its number.
    pub(crate) fn add(&mut self, mut raw: Raw) {
        self.last += 1;
        for long in [Some(&mut raw.response_body), raw.request_body.as_mut()].into_iter().flatten() {
            if long.len() > BODY {
                *long = Bytes::from(format!("\"{} bytes\"", long.len()));
            }
        }
        self.memory += raw.memory();
        self.entries.push_back((self.last, raw));
        while self.entries.len() > self.capacity || self.memory > MEMORY {
            let Some((_, oldest)) = self.entries.pop_front() else { break };
            self.memory = self.memory.saturating_sub(oldest.memory());
        }
    }

    fn matching<'a>(&'a self, query: &'a Query) -> impl Iterator<Item = &'a (u64, Raw)> {
        self.entries.iter().filter(|(id, raw)| query.matches(*id, raw))
    }

    /// Returns the entries that match, oldest first.
    #[must_use]
    pub fn find(&self, query: &Query) -> Vec<Entry> {
        self.selected(query).map(|(id, raw)| raw.entry(*id)).collect()
    }

    /// Returns the JSON of [`find`](Self::find). The values of one entry at a time are in memory: they may need many times
    /// the memory of their text.
    pub(crate) fn find_json(&self, query: &Query) -> Vec<u8> {
        let mut json = vec![b'['];
        for (id, raw) in self.selected(query) {
            if json.len() > 1 {
                json.push(b',');
            }
            // Writing to a vector does not fail, and an entry has string keys.
            let _ = serde_json::to_writer(&mut json, &raw.entry(*id));
        }
        json.push(b']');
        json
    }

    fn selected<'a>(&'a self, query: &'a Query) -> impl Iterator<Item = &'a (u64, Raw)> {
        let skip = query.limit.map_or(0, |limit| self.count(query).saturating_sub(limit));
        self.matching(query).skip(skip)
    }

    /// Returns the number of entries that match.
    #[must_use]
    pub fn count(&self, query: &Query) -> usize {
        self.matching(query).count()
    }

    /// Checks the number of entries that match, and returns it.
    ///
    /// # Errors
    /// Reports the expected and the actual number, and what was called, or the name of an operation that does not exist.
    pub fn verify(&self, expected: &Expectation) -> Result<usize, String> {
        expected.calls.check()?;
        let found = self.count(&expected.calls);
        let wrong = [
            expected.times.filter(|times| found != *times).map(|times| format!("exactly {times}")),
            expected.at_least.filter(|least| found < *least).map(|least| format!("at least {least}")),
            expected.at_most.filter(|most| found > *most).map(|most| format!("at most {most}")),
        ];
        let wrong: Vec<String> = wrong.into_iter().flatten().collect();
        if wrong.is_empty() {
            return Ok(found);
        }
        let (wrong, calls) = (wrong.join(" and "), &expected.calls);
        let noun = if wrong.ends_with(" 1") { "call" } else { "calls" };
        Err(format!("expected {wrong} {noun}{calls}, found {found}; {}", self.summary()))
    }

    /// Says what was called, with the statuses of the responses: first the most recent kinds of calls.
    fn summary(&self) -> String {
        let mut kinds: Vec<(String, Vec<u16>)> = Vec::new();
        for (_, raw) in self.entries.iter().rev() {
            let kind = raw
                .operation
                .map_or_else(|| format!("{} {}", raw.method, raw.uri.path()), |o| o.id.to_owned());
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, statuses)) => statuses.push(raw.status),
                None => kinds.push((kind, vec![raw.status])),
            }
        }
        if !self.is_on() {
            return "the journal is off".to_owned();
        }
        if kinds.is_empty() {
            return "nothing was called".to_owned();
        }
        let more = kinds.len().saturating_sub(KINDS);
        let shown = kinds.into_iter().take(KINDS).map(|(kind, mut statuses)| {
            let count = statuses.len();
            statuses.sort_unstable();
            statuses.dedup();
            let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
            format!("{kind} {count}x ({})", statuses.join(", "))
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        if more > 0 { format!("called were {shown} and {more} more") } else { format!("called were {shown}") }
    }

    /// Removes all entries; the numbering continues.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.cleared = self.last;
        self.memory = 0;
    }
}

impl fmt::Display for Query {
    /// Writes the filter after the word "calls"; nothing if it matches all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &String| format!("{text:?}");
        let filters = [
            ("operation", self.operation.as_ref().map(quoted)),
            ("method", self.method.as_ref().map(quoted)),
            ("path", self.path.as_ref().map(quoted)),
            ("credential", self.credential.as_ref().map(quoted)),
            ("status", self.status.map(|status| status.to_string())),
        ];
        let present = filters.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        let text = present.collect::<Vec<_>>().join(", ");
        if text.is_empty() { Ok(()) } else { write!(f, " with {text}") }
    }
}

/// Converts a body to JSON, or to a string if it is not valid JSON; an empty body to `None`.
fn body(bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    Some(serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into()))
}

#[cfg(test)]
mod tests;
