//! Finds items by the names that people give them.

use super::request::{Async, Blocking, CallFuture, Operation, Request};
use super::response::Response;
use crate::call::NameSearch;
use crate::error::Result;
use crate::transport::response::CallResponse;
use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

/// An operation that lists items with names.
pub trait Searchable: Operation {
    /// Type of the items.
    type Item: Send + 'static;

    #[doc(hidden)]
    fn items(response: Self::Output) -> Vec<Self::Item>;

    /// Returns a field as a string; `None` if it is absent.
    #[doc(hidden)]
    fn text<'a>(item: &'a Self::Item, field: &str) -> Option<Cow<'a, str>>;
}

/// A call that finds the only item with a name: set its options, then await it (or `send()` it on a blocking client).
///
/// The name is compared exactly with one field of the items after the other, such as key and name of a setting.
///
/// # Errors
/// * [`NotFound`](crate::ErrorKind::NotFound) if no item has the name; the message suggests up to three similar ones.
/// * [`Conflict`](crate::ErrorKind::Conflict) if several items have it; the message has their ids.
/// * [`BadRequest`](crate::ErrorKind::BadRequest) if the name is empty.
/// * The errors of the call that lists the items.
///
/// ```no_run
/// # async fn run(client: configcat_management::Client) -> Result<(), configcat_management::Error> {
/// let product = client.products().find("Web Shop").await?;
/// let config = client.configs().find(&product.product_id, "Storefront").await?;
/// let flag = client.settings().find(&config.config_id, "newCheckout").await?;
/// # Ok(()) }
/// ```
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct Find<O, M = Async> {
    request: Request<O, M>,
    wanted: String,
}

impl<O, M> fmt::Debug for Find<O, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find")
            .field("request", &self.request)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}

impl<O, M> Clone for Find<O, M> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), wanted: self.wanted.clone() }
    }
}

impl<O: Searchable, M> Request<O, M> {
    /// Finds the only item of the list with a name; see [`Find`].
    pub fn find(self, name: impl Into<String>) -> Find<O, M> {
        Find { request: self, wanted: name.into() }
    }
}

impl<O: Searchable, M> Find<O, M> {
    /// Limits the whole call, including waits and retries. Default: that of the client.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { request: self.request.timeout(timeout), ..self }
    }

    /// Sets the maximum number of attempts, at least 1. Default: that of the client.
    pub fn max_attempts(self, attempts: u32) -> Self {
        Self { request: self.request.max_attempts(attempts), ..self }
    }

    /// Sends a header in addition to those of the client; see [`Request::header`].
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    /// Returns the response of the list with its status, headers and history, and the item as its value.
    pub const fn with_response(self) -> FindWithResponse<O, M> {
        FindWithResponse(self)
    }
}

impl<O: Searchable> Find<O, Blocking> {
    /// Returns the same call for an asynchronous client.
    pub(super) fn asynchronous(self) -> Find<O, Async> {
        Find { request: self.request.asynchronous(), wanted: self.wanted }
    }
}

impl<O: Searchable + 'static> Find<O, Async> {
    async fn complete(self) -> Result<(CallResponse, O::Item)> {
        let search = NameSearch::new(O::SPEC, self.wanted)?;
        let (response, output) = self.request.complete().await?;
        let item = pick::<O>(&search, &response, output)?;
        Ok((response, item))
    }
}

impl<O: Searchable + 'static> IntoFuture for Find<O, Async> {
    type Output = Result<O::Item>;
    type IntoFuture = CallFuture<O::Item>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.complete().await?.1) })
    }
}

impl<O: Searchable + 'static> Find<O, Blocking> {
    /// Sends the request, waits for its response, and returns the item.
    ///
    /// # Errors
    /// See [`Find`].
    pub fn send(self) -> Result<O::Item> {
        Ok(self.completed()?.1)
    }

    fn completed(self) -> Result<(CallResponse, O::Item)> {
        let search = NameSearch::new(O::SPEC, self.wanted)?;
        let (response, output) = self.request.completed()?;
        let item = pick::<O>(&search, &response, output)?;
        Ok((response, item))
    }
}

/// A call that finds an item, and returns it with the response of the list.
#[must_use = "a request does nothing until it is awaited or sent"]
#[derive(Debug)]
pub struct FindWithResponse<O, M = Async>(Find<O, M>);

impl<O: Searchable + 'static> IntoFuture for FindWithResponse<O, Async> {
    type Output = Result<Response<O::Item>>;
    type IntoFuture = CallFuture<Response<O::Item>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.0.complete().await.map(Response::new) })
    }
}

impl<O: Searchable + 'static> FindWithResponse<O, Blocking> {
    /// Sends the request, waits for its response, and returns the item with it.
    ///
    /// # Errors
    /// See [`Find`].
    pub fn send(self) -> Result<Response<O::Item>> {
        self.0.completed().map(Response::new)
    }
}

fn pick<O: Searchable>(search: &NameSearch, response: &CallResponse, output: O::Output) -> Result<O::Item> {
    let mut items = O::items(output);
    let text = |index: usize, field| items.get(index).and_then(|item| O::text(item, field));
    let index = search.pick(response, items.len(), text)?;
    Ok(items.swap_remove(index))
}

/// Implements [`Searchable`] for an operation whose items have these fields.
macro_rules! searchable {
    ($name:ident => $item:ty { $($field:ident),+ $(,)? }) => {
        impl crate::client::find::Searchable for $name {
            type Item = $item;

            fn items(response: Self::Output) -> Vec<Self::Item> {
                response
            }

            fn text<'a>(item: &'a Self::Item, field: &str) -> Option<std::borrow::Cow<'a, str>> {
                use crate::models::text::Text as _;
                match field {
                    $(stringify!($field) => item.$field.text(),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use searchable;
