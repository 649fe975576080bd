//! Fair-share estimator: how much of the budget competing clients spend, and which share remains for this one.
//!
//! Clients do not know of each other. Each sees only that the remaining budget falls by more than it has spent itself.
//!
//! # Model
//!
//! | symbol | unit | meaning |
//! |---|---|---|
//! | B | requests | budget of a window: the largest seen at the start of the last eight windows |
//! | L | seconds | length of the window |
//! | r | requests | remaining budget, as the last response reported it |
//! | f | requests | own requests in flight |
//! | u, v | requests | recent spending of this client and of the others, each weighted by 2^(-age / h) |
//! | h | seconds | half-life of that weight, L / 20 |
//! | q | - | share of this client in previous windows; initially 1 |
//! | M | requests | weight of q: 1 in the first window, 8 afterwards |
//! | m | requests | reserve for newcomers, B / 20 |
//!
//! **Update.** A response that reports d less than the one before adds 1 to u and the rest to v. Of that rest, f may be own
//! requests that were counted already: until others were noticed only d - 1 - f counts, after that d - 1 - f / 2, which is
//! right on average.
//!
//! **Share.** p = (u + M q) / (u + v + M). Another request may be sent while f + 1 <= p (r - m). With less than one request
//! left to this client and none in flight, it sends one with that probability, and then holds until the window ends. If all
//! clients do so, each stops before the budget is used up, and none has to learn of it from a 429.
//!
//! **Schedule.** Where demand is high, the client nearest to the service would get most. So request n of a window is not
//! sent before L / 40 * log2(n) after the window opened, which is the same for all.
//!
//! **Next window.** A client that had to hold averages its share of the observed requests with q to get the new q.
//!
//! # Example
//!
//! Three clients A, B and C share 60 requests a minute (h = 3 s, m = 3). In the first window each sends one request every
//! 2 s, so that every response to A reports 3 less than the one before: its own request, and two of the others. After a few
//! half-lives u = 1.70, v = 3.40 and p = (1.70 + 1) / (1.70 + 3.40 + 1) = 0.44. After the 19th request of A 5 are left, and
//! p (r - m) = 0.44 * 2 is below one: A sends another one with a probability of 0.88, and then holds. If it does not, it has
//! seen 57 requests, 19 of them its own, so q = 1 / 3. In the second window M = 8. The old u and v have faded, and the first
//! response gives p = (1 + 8 / 3) / (1 + 0 + 8) = 0.41 at once, whereas a client without history would start with p = 1.
//! The test `worked_example` computes these figures.
//!
//! `scale_tests` shows the result with up to a thousand processes, in `docs/pacing.md`.

mod recent;
mod share;
mod tuning;

pub(super) use share::{Estimator, Share};
