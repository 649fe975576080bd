//! Tells the program that embeds the simulator about requests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A request that was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServedRequest<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path, without the query.
    pub path: &'a str,
    /// HTTP status of the response.
    pub status: u16,
    /// Time from the arrival of the headers to the response.
    pub taken: Duration,
}

/// Function that is called after each request.
#[derive(Clone)]
pub struct RequestObserver(pub Arc<dyn Fn(&ServedRequest<'_>) + Send + Sync>);

impl fmt::Debug for RequestObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestObserver")
    }
}
