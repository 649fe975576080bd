//! Many concurrent calls and their outcomes.
//!
//! ```no_run
//! # async fn run(client: configcat_management::Client, ids: Vec<i32>) -> Result<(), configcat_management::Error> {
//! let calls = ids.iter().map(|id| client.settings().delete(*id));
//! let result = configcat_management::bulk(calls).progress(|done| println!("{done} done")).await?;
//! for outcome in result.failed() {
//!     println!("call {}: {:?}", outcome.index, outcome.result);
//! }
//! # Ok(()) }
//! ```

use super::find::{Find, Searchable};
use super::request::{Async, Blocking, CallFuture, Operation, Request};
use super::wait::wait;
use crate::error::{Error, Result};
use futures_util::stream::{self, Stream, StreamExt as _};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::ops::{ControlFlow, Deref};
use std::pin::{Pin, pin};

/// Default number of concurrent calls.
pub const CONCURRENCY: usize = 64;

/// Outcome of one call.
#[derive(Debug)]
pub struct Outcome<T> {
    /// Position of the call, from 0.
    pub index: usize,
    /// Its value or its error.
    pub result: Result<T>,
}

/// One outcome per call, in the order of the calls. Dereferences to a slice.
#[derive(Debug)]
pub struct BulkResult<T> {
    outcomes: Vec<Outcome<T>>,
}

impl<T> BulkResult<T> {
    /// Returns the values of the calls that succeeded.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok())
    }

    /// Returns the outcomes of the calls that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Outcome<T>> {
        self.outcomes.iter().filter(|outcome| outcome.result.is_err())
    }

    /// Returns the values of all calls.
    ///
    /// # Errors
    /// The first error, if any call failed.
    pub fn into_values(self) -> Result<Vec<T>> {
        self.outcomes.into_iter().map(|outcome| outcome.result).collect()
    }
}

impl<T> Deref for BulkResult<T> {
    type Target = [Outcome<T>];

    fn deref(&self) -> &[Outcome<T>] {
        &self.outcomes
    }
}

impl<T> IntoIterator for BulkResult<T> {
    type Item = Outcome<T>;
    type IntoIter = std::vec::IntoIter<Outcome<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.outcomes.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a BulkResult<T> {
    type Item = &'a Outcome<T>;
    type IntoIter = std::slice::Iter<'a, Outcome<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.outcomes.iter()
    }
}

/// Makes many calls concurrently, within the rate limit, and collects the outcome of each. Await the result.
///
/// A call is a request, or anything else that can be awaited and returns a [`Result`]. An error ends only its own call. The
/// calls run in the task that awaits the result; dropping the future or the stream cancels those in progress, and the
/// others are not made. An iterator is consumed as calls are made.
pub fn bulk<'a, I: IntoIterator>(calls: I) -> Bulk<'a, I> {
    Bulk::new(calls)
}

/// Makes many calls concurrently; see [`bulk`]. `send()` waits for their outcomes.
///
/// The calls need no other thread: the calling thread runs all of them.
pub fn blocking_bulk<'a, I: IntoIterator>(calls: I) -> Bulk<'a, I, Blocking> {
    Bulk::new(calls)
}

/// Many calls that have not been made: set their options, then await it (or `send()` it if it is blocking).
#[must_use = "no call is made until it is awaited or sent"]
pub struct Bulk<'a, I, M = Async> {
    calls: I,
    concurrency: usize,
    progress: Option<Box<dyn FnMut(usize) + Send + 'a>>,
    mode: PhantomData<fn() -> M>,
}

impl<I, M> fmt::Debug for Bulk<'_, I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

impl<'a, I: IntoIterator, M> Bulk<'a, I, M> {
    fn new(calls: I) -> Self {
        Self { calls, concurrency: CONCURRENCY, progress: None, mode: PhantomData }
    }

    /// Sets the maximum number of concurrent calls, at least 1. Default: [`CONCURRENCY`].
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets a function that is called after each call, with the number of calls that have completed.
    pub fn progress(mut self, progress: impl FnMut(usize) + Send + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Makes the calls, which `start` converts to futures, and collects their outcomes.
    async fn collect<T, F>(self, start: impl FnMut(I::Item) -> F) -> Result<BulkResult<T>>
    where
        F: Future<Output = Result<T>>,
    {
        let mut progress = self.progress;
        let mut outcomes = Vec::new();
        let add = |index, result| {
            outcomes.push(Outcome { index, result });
            if let Some(progress) = &mut progress {
                progress(outcomes.len());
            }
            ControlFlow::Continue(())
        };
        each(self.calls.into_iter().map(start), self.concurrency, add).await?;
        outcomes.sort_unstable_by_key(|outcome| outcome.index);
        Ok(BulkResult { outcomes })
    }
}

impl<I, C, T> Bulk<'_, I>
where
    I: IntoIterator<Item = C>,
    C: IntoFuture<Output = Result<T>>,
{
    /// Returns the outcomes as the calls complete, in any order. Does not report progress.
    ///
    /// # Errors
    /// [`BadRequest`](crate::ErrorKind::BadRequest) if the concurrency is 0.
    pub fn outcomes(self) -> Result<impl Stream<Item = Outcome<T>>> {
        let running = concurrently(self.calls.into_iter().map(IntoFuture::into_future), self.concurrency)?;
        Ok(running.map(|(index, result)| Outcome { index, result }))
    }
}

/// A future that resolves to the outcomes of many calls.
pub type BulkFuture<'a, T> = Pin<Box<dyn Future<Output = Result<BulkResult<T>>> + Send + 'a>>;

/// Fails with [`BadRequest`](crate::ErrorKind::BadRequest) if the concurrency is 0.
impl<'a, I, C, T> IntoFuture for Bulk<'a, I>
where
    I: IntoIterator<Item = C> + Send + 'a,
    I::IntoIter: Send + 'a,
    C: IntoFuture<Output = Result<T>> + Send + 'a,
    C::IntoFuture: Send + 'a,
    T: Send + 'a,
{
    type Output = Result<BulkResult<T>>;
    type IntoFuture = BulkFuture<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.collect(IntoFuture::into_future))
    }
}

/// A call of a blocking client that has not been sent. Sealed.
pub trait BlockingCall: private::Sealed + Send {
    /// Type of its value.
    type Value: Send + 'static;

    #[doc(hidden)]
    fn future(self) -> CallFuture<Self::Value>;
}

mod private {
    pub trait Sealed {}
    impl<O> Sealed for super::Request<O, super::Blocking> {}
    impl<O> Sealed for super::Find<O, super::Blocking> {}
}

impl<O: Operation + 'static> BlockingCall for Request<O, Blocking> {
    type Value = O::Output;

    fn future(self) -> CallFuture<O::Output> {
        self.asynchronous().into_future()
    }
}

impl<O: Searchable + 'static> BlockingCall for Find<O, Blocking> {
    type Value = O::Item;

    fn future(self) -> CallFuture<O::Item> {
        self.asynchronous().into_future()
    }
}

impl<I> Bulk<'_, I, Blocking>
where
    I: IntoIterator<Item: BlockingCall> + Send,
    I::IntoIter: Send,
{
    /// Makes the calls and waits for their outcomes.
    ///
    /// # Errors
    /// [`BadRequest`](crate::ErrorKind::BadRequest) if the concurrency is 0.
    pub fn send(self) -> Result<BulkResult<<I::Item as BlockingCall>::Value>> {
        wait(self.collect(BlockingCall::future))
    }
}

/// Runs futures, at most `concurrency` at the same time, and passes the position and the output of each to `then` as it
/// completes. Stops and drops the others if `then` breaks. For bindings.
///
/// # Errors
/// [`BadRequest`](crate::ErrorKind::BadRequest) if the concurrency is 0.
#[doc(hidden)]
pub async fn each<F: Future>(
    futures: impl Iterator<Item = F>,
    concurrency: usize,
    mut then: impl FnMut(usize, F::Output) -> ControlFlow<()>,
) -> Result<()> {
    let mut running = pin!(concurrently(futures, concurrency)?);
    while let Some((index, output)) = running.next().await {
        if then(index, output).is_break() {
            break;
        }
    }
    Ok(())
}

/// Refuses an invalid number of concurrent calls: with 0, nothing would ever run. For bindings.
///
/// # Errors
/// [`BadRequest`](crate::ErrorKind::BadRequest) if the concurrency is 0.
#[doc(hidden)]
pub fn check(concurrency: usize) -> Result<()> {
    match concurrency {
        0 => Err(Error::bad_request("concurrency: must be at least 1, not 0")),
        _ => Ok(()),
    }
}

/// Runs futures, at most `concurrency` at the same time. Yields the position and the output of each as it completes. The others
/// continue if one fails; dropping the stream drops them.
fn concurrently<F: Future>(
    futures: impl Iterator<Item = F>,
    concurrency: usize,
) -> Result<impl Stream<Item = (usize, F::Output)>> {
    check(concurrency)?;
    let numbered = futures.enumerate().map(|(index, future)| async move { (index, future.await) });
    Ok(stream::iter(numbered).buffer_unordered(concurrency))
}
