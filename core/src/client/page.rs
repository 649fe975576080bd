//! Iterates over paged lists.

use super::request::{Async, Blocking, Operation, Request};
use crate::error::Result;
use crate::models::Paging;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

/// An operation with a paged response.
pub trait Paged: Operation {
    /// Type of the items of a page.
    type Item: Send + 'static;

    #[doc(hidden)]
    fn split(response: Self::Output) -> (Option<Paging>, Vec<Self::Item>);
}

/// Number of the first page.
const FIRST: i32 = 1;

/// Returns the number of the next page, if there is one. Stops after an empty page, even if the service reports more: the
/// iteration might never end.
fn next(page: i32, paging: Option<&Paging>, empty: bool) -> Option<i32> {
    let more = paging.is_some_and(|p| p.has_next) && !empty;
    if more { page.checked_add(1) } else { None }
}

impl<O: Paged + 'static> Request<O, Async> {
    /// Returns every item of every page. Pages are fetched as they are needed.
    ///
    /// Starts at the first page, or at the page that the request specifies.
    pub fn items(self) -> impl Stream<Item = Result<O::Item>> + Send {
        self.pages().map_ok(|items| stream::iter(items).map(Ok)).try_flatten()
    }

    /// Returns every page. Pages are fetched as they are needed.
    pub fn pages(self) -> impl Stream<Item = Result<Vec<O::Item>>> + Send {
        let first = self.page().unwrap_or(FIRST);
        stream::try_unfold((self, Some(first)), |(request, page)| async move {
            let Some(page) = page else { return Ok(None) };
            let (paging, items) = O::split(request.at_page(page).await?);
            let next = next(page, paging.as_ref(), items.is_empty());
            Ok(Some((items, (request, next))))
        })
    }
}

impl<O: Paged + 'static> Request<O, Blocking> {
    /// Returns every item of every page. Pages are fetched as they are needed.
    ///
    /// Starts at the first page, or at the page that the request specifies.
    pub fn items(self) -> impl Iterator<Item = Result<O::Item>> {
        self.pages().flat_map(|page| match page {
            Ok(items) => items.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(error)],
        })
    }

    /// Returns every page. Pages are fetched as they are needed; ends after an error.
    pub fn pages(self) -> impl Iterator<Item = Result<Vec<O::Item>>> {
        let mut page = Some(self.page().unwrap_or(FIRST));
        std::iter::from_fn(move || {
            let at = page.take()?;
            Some(self.at_page(at).send().map(|response| {
                let (paging, items) = O::split(response);
                page = next(at, paging.as_ref(), items.is_empty());
                items
            }))
        })
    }
}
