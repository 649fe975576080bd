//! Client-side rate limiter: never more requests in flight than the remaining budget, first come, first served.
//!
//! The remaining budget is learned from responses. At zero, or after a 429, the limiter closes until the window ends, lets
//! one request learn the new window, and then the rest. Other clients may spend the same budget: the share that this one may
//! take is estimated by [`super::estimator`].

mod announcer;
mod budget;
mod queue;
mod state;
mod watch;

pub use queue::RateLimit;
pub(crate) use queue::{Permit, RateLimiter};
pub use state::RateLimitPolicy;
pub(crate) use state::{Settled, Ticket, WaitTooLong};
pub(crate) use watch::rate_limits;
