//! Connections, by the async runtime that they belong to.
//!
//! A connection makes progress only while its runtime runs. A call that used the connection of another runtime would wait for
//! it, perhaps forever: the runtime of blocking calls runs during blocking calls only.

use super::connect::connect;
use super::http_options::HttpOptions;
use crate::error::Result;
use std::sync::{PoisonError, RwLock};
use tokio::runtime::{Handle, Id};

/// Maximum number of runtimes whose connections are kept. A program has one or two; tests create one each.
const MOST: usize = 8;

/// HTTP clients, each with the connections of one runtime; the newest is last.
#[derive(Debug, Default)]
pub(super) struct Pools(RwLock<Vec<Pool>>);

#[derive(Debug)]
struct Pool {
    /// `None` until the first request.
    runtime: Option<Id>,
    client: reqwest::Client,
}

impl Pools {
    /// Creates the first HTTP client, so that invalid options are reported.
    pub(super) fn new(options: &HttpOptions) -> Result<Self> {
        Ok(Self(RwLock::new(vec![Pool { runtime: None, client: connect(options)? }])))
    }

    /// Returns the HTTP client of the current runtime, or creates it.
    pub(super) fn client(&self, options: &HttpOptions) -> Result<reqwest::Client> {
        let runtime = Some(Handle::current().id());
        let known = |pools: &[Pool]| pools.iter().find(|p| p.runtime == runtime).map(|p| p.client.clone());
        if let Some(client) = known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(client);
        }
        let mut pools = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = known(&pools) {
            return Ok(client);
        }
        if let Some(unused) = pools.iter_mut().find(|pool| pool.runtime.is_none()) {
            unused.runtime = runtime;
            return Ok(unused.client.clone());
        }
        let client = connect(options)?;
        if pools.len() == MOST {
            pools.remove(0);
        }
        pools.push(Pool { runtime, client: client.clone() });
        Ok(client)
    }

    /// Closes all connections. The next request creates an HTTP client: closing must not block, and creating one reads the
    /// certificates of the system.
    pub(super) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
