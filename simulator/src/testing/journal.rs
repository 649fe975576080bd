//! A journal of requests and answers, for tests that ask what was called.

use super::glob;
use configcat_management::Timestamp;
use configcat_management::describe::Operation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::VecDeque;

/// Longest body that an entry keeps, in bytes; the rest is left out.
const BODY: usize = 256 << 10;

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Number of the entry, from 1.
    pub id: u64,
    /// When the request came.
    pub at: Timestamp,
    /// Where it stands in the order in which requests met the state; none if it did not get that far.
    pub order: Option<u64>,
    /// User name of the caller, if it was known.
    pub credential: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path as it came.
    pub path: String,
    /// Query as it came, without the question mark.
    pub query: String,
    /// Operation, as `resource.method`, if the route has one.
    pub operation: Option<String>,
    /// Headers of the request, in lower case; without credentials.
    pub request_headers: Vec<(String, String)>,
    /// Body of the request: JSON where it is, else its text.
    pub request_body: Option<Value>,
    /// HTTP status of the answer.
    pub status: u16,
    /// Body of the answer: JSON where it is, else its text.
    pub response_body: Option<Value>,
    /// Name of the fault that was put in.
    pub fault: Option<String>,
    /// Time taken, in microseconds.
    pub micros: u64,
}

/// Which entries; what is left out fits everything. `*` stands for any characters.
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
    /// At most so many, the last ones.
    pub limit: Option<usize>,
}

/// Whether an operation has a name, in either of its forms.
pub(crate) fn is_named(operation: &Operation, pattern: &str) -> bool {
    glob::matches(pattern, operation.id) || glob::matches(pattern, operation.operation_id)
}

impl Query {
    fn fits(&self, entry: &Entry) -> bool {
        let like = |pattern: Option<&String>, text: &str| pattern.is_none_or(|p| glob::matches(p, text));
        self.operation.as_ref().is_none_or(|pattern| {
            entry.operation.as_deref().and_then(Operation::find).is_some_and(|o| is_named(o, pattern))
        }) && self.method.as_ref().is_none_or(|method| entry.method.eq_ignore_ascii_case(method))
            && like(self.path.as_ref(), &entry.path)
            && like(self.credential.as_ref(), entry.credential.as_deref().unwrap_or_default())
            && self.status.is_none_or(|status| entry.status == status)
            && self.after.is_none_or(|after| entry.id > after)
    }
}

/// How often something should have been called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expectation {
    /// Which calls.
    pub calls: Query,
    /// Exactly so many.
    pub times: Option<usize>,
    /// At least so many.
    pub at_least: Option<usize>,
    /// At most so many.
    pub at_most: Option<usize>,
}

/// The last requests and answers.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Entry>,
    capacity: usize,
    last: u64,
}

impl Journal {
    /// A journal that keeps the last so many entries; 0 keeps none.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), capacity, last: 0 }
    }

    /// Whether it keeps anything.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// Adds an entry; its number is given here.
    pub fn add(&mut self, mut entry: Entry) {
        self.last += 1;
        entry.id = self.last;
        if self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        if self.capacity > 0 {
            self.entries.push_back(entry);
        }
    }

    /// Entries that fit, oldest first.
    #[must_use]
    pub fn find(&self, query: &Query) -> Vec<Entry> {
        let found: Vec<&Entry> = self.entries.iter().filter(|entry| query.fits(entry)).collect();
        let skip = query.limit.map_or(0, |limit| found.len().saturating_sub(limit));
        found.into_iter().skip(skip).cloned().collect()
    }

    /// Number of entries that fit.
    #[must_use]
    pub fn count(&self, query: &Query) -> usize {
        self.entries.iter().filter(|entry| query.fits(entry)).count()
    }

    /// Checks how often something was called.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn verify(&self, expected: &Expectation) -> Result<usize, String> {
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
        Err(format!("expected {} calls, found {found}", wrong.join(" and ")))
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

/// A body as the journal keeps it.
#[must_use]
pub fn body(bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    if bytes.len() > BODY {
        return Some(Value::String(format!("{} bytes", bytes.len())));
    }
    Some(serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into()))
}
