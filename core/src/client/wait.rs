//! Blocks a thread until a call completes.

use super::runtime::driver;
use crate::error::{Error, Result};
use std::future::Future;
use std::panic::resume_unwind;
use std::task::{Context, Poll, Waker};
use std::thread;
use tokio::runtime::Handle;
use tokio::task::coop::poll_proceed;

/// More than the budget of a task, in operations.
const BUDGET: usize = 1024;

/// Blocks this thread until a call completes.
pub fn wait<T: Send>(call: impl Future<Output = Result<T>> + Send) -> Result<T> {
    if Handle::try_current().is_err() {
        return driver(|| ())?.call(call);
    }
    if is_polled() {
        return Err(Error::configuration(
            "a blocking client was called on a thread of an async runtime, which would stall it: use Client",
        ));
    }
    // Inside `spawn_blocking` or `block_in_place`. A future that is polled without a budget looks the same, and a runtime
    // must not be entered inside another one: a thread of its own makes the call in any case.
    thread::scope(|scope| {
        let start = thread::Builder::new().name("configcat-management".into());
        let work = start.spawn_scoped(scope, || driver(|| ())?.call(call));
        let work =
            work.map_err(|e| Error::configuration("cannot start a thread for a call").with_source(e))?;
        work.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// Whether an async runtime is polling a future on this thread. Only such a future has a budget that ends.
fn is_polled() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    let mut spent = Vec::new();
    let mut ended = false;
    while !ended && spent.len() < BUDGET {
        match poll_proceed(&mut context) {
            Poll::Ready(one) => spent.push(one),
            Poll::Pending => ended = true,
        }
    }
    // Each restores the budget from before: in reverse order.
    while spent.pop().is_some() {}
    ended
}
