//! Requests that read.

use super::entities::item_of;
use super::registry::Registry;
use crate::call::CallInput;
use crate::changes::calls::Calls;
use crate::changes::document::Item;
use crate::changes::section::Section;
use crate::error::{Error, ErrorKind, Result};
use crate::spec::Operation;
use crate::transport::response::CallResponse;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Maximum number of requests in flight.
pub(crate) const CONCURRENCY: usize = 10;

/// Awaits futures, several at the same time, and returns their values in order. The first error ends all.
pub(crate) async fn in_order<'a, T: Send>(
    futures: impl Iterator<Item = BoxFuture<'a, Result<T>>>,
) -> Result<Vec<T>> {
    // Collected, because a stream that makes them would not be `Send` for every lifetime.
    let futures: Vec<_> = futures.collect();
    stream::iter(futures).buffered(CONCURRENCY).try_collect().await
}

/// Sends requests, and counts them.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    calls: &'a dyn Calls,
    sent: AtomicU32,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(calls: &'a dyn Calls) -> Self {
        Self { calls, sent: AtomicU32::new(0) }
    }

    /// Number of requests, without retries.
    pub(crate) fn requests(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Makes a call.
    pub(crate) async fn call(&self, input: CallInput) -> Result<CallResponse> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.calls.call(input).await
    }

    /// Makes a call without a body, and returns the response as JSON.
    pub(crate) async fn get(&self, operation: &'static Operation, path: &[(&str, &str)]) -> Result<Value> {
        self.read(operation, path).await
    }

    /// Makes a call without a body, and decodes the response, a large one on a thread of its own.
    pub(super) async fn read<T: DeserializeOwned + Send + 'static>(
        &self,
        operation: &'static Operation,
        path: &[(&str, &str)],
    ) -> Result<T> {
        let mut input = CallInput::new(operation);
        for (name, value) in path {
            input.set_parameter(name, Value::from(*value))?;
        }
        let (_, value) = self.call(input).await?.decoded(CallResponse::decode).await?;
        Ok(value)
    }

    async fn get_one(
        &self,
        operation: &'static Operation,
        parameter: &'static str,
        id: &str,
    ) -> Result<Value> {
        self.get(operation, &[(parameter, id)]).await
    }

    /// Lists the entities of a parent as JSON.
    pub(crate) async fn list(&self, section: &Section, parent: &str) -> Result<Vec<Value>> {
        let path: Vec<_> = section.list.path_parameters().map(|parameter| (parameter.wire, parent)).collect();
        // A response without a list is an error: with an empty list, everything would be created again.
        let Some(member) = section.items else { return self.read(section.list, &path).await };
        let mut listed: BTreeMap<String, Value> = self.read(section.list, &path).await?;
        match listed.remove(member) {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(Error::new(ErrorKind::Decode, format!("{}: {member} must be a list", section.list.id))),
        }
    }

    /// Lists the entities of a parent in the form of documents.
    pub(crate) async fn entities(
        &self,
        section: &'static Section,
        parent: &str,
        registry: &Registry,
        details: bool,
    ) -> Result<(&'static Section, Vec<Item>)> {
        let mut listed = self.list(section, parent).await?;
        if let Some(get) = section.get.filter(|_| details) {
            let ids: Vec<_> =
                listed.iter().filter_map(|item| super::entities::id(&item[section.id])).collect();
            let details = ids.iter().map(|id| self.get_one(get, section.id, id).boxed());
            listed = in_order(details).await?;
        }
        let items = listed.iter().map(|value| item_of(section, value, registry)).collect();
        Ok((section, items))
    }
}
