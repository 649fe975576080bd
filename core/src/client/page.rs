//! Walks through paged lists.

use super::request::{Async, Blocking, Operation, Request};
use crate::error::Result;
use crate::models::Paging;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

/// An operation that answers page by page.
pub trait Paged: Operation {
    /// What the pages are made of.
    type Item: Send + 'static;

    #[doc(hidden)]
    fn split(answer: Self::Output) -> (Option<Paging>, Vec<Self::Item>);
}

/// Number of the first page.
const FIRST: i32 = 1;

/// The page after this one, if there is one. A service that says "more" after an empty page would never end.
fn next(page: i32, paging: Option<&Paging>, empty: bool) -> Option<i32> {
    let more = paging.is_some_and(|p| p.has_next) && !empty;
    if more { page.checked_add(1) } else { None }
}

impl<O: Paged + 'static> Request<O, Async> {
    /// Every item of every page, fetched as it is needed.
    ///
    /// Starts at the first page, or at the page that the request asks for.
    pub fn items(self) -> impl Stream<Item = Result<O::Item>> + Send {
        self.pages().map_ok(|items| stream::iter(items).map(Ok)).try_flatten()
    }

    /// Every page, fetched as it is needed.
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
    /// Every item of every page, fetched as it is needed.
    ///
    /// Starts at the first page, or at the page that the request asks for.
    pub fn items(self) -> impl Iterator<Item = Result<O::Item>> {
        self.pages().flat_map(|page| match page {
            Ok(items) => items.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(error)],
        })
    }

    /// Every page, fetched as it is needed; ends after an error.
    pub fn pages(self) -> impl Iterator<Item = Result<Vec<O::Item>>> {
        let mut page = Some(self.page().unwrap_or(FIRST));
        std::iter::from_fn(move || {
            let at = page.take()?;
            Some(self.at_page(at).send().map(|answer| {
                let (paging, items) = O::split(answer);
                page = next(at, paging.as_ref(), items.is_empty());
                items
            }))
        })
    }
}
