//! What the core calls: logs attempts and waits, and relays events and questions for credentials to the Python code of a call.

use crate::credentials::Question;
use crate::hooks::Attempting;
use crate::logging::{self, DEBUG, INFO, LogMessage};
use crate::relay::{self, Message};
use configcat_management::observer::{Attempt, Finished, Observer, Outcome, Wait, WaitReason};
use configcat_management::{CredentialFuture, CredentialProvider, Error, ExtraHeaders};
use std::pin::Pin;
use tokio::sync::oneshot;

/// Asks the thread or the event loop that waits for a call, which has the function.
pub struct Provider;

impl CredentialProvider for Provider {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(async {
            let (reply, answer) = oneshot::channel();
            let hooks = relay::hooks().ok_or_else(|| Error::configuration("the call has no credentials"))?;
            let _ = relay::send(Message::Question(Question { hooks, reply }));
            answer.await.unwrap_or_else(|_| Err(Error::configuration("the event loop is closed")))
        })
    }
}

/// Tells the observer of a call that an attempt is about to be sent, and waits for its headers.
pub fn attempt_headers(event: &Attempt<'_>) -> Option<Pin<Box<dyn Future<Output = ExtraHeaders> + Send>>> {
    let hooks = relay::hooks().filter(|hooks| hooks.is_observed())?;
    let (made, headers) = oneshot::channel();
    let _ = relay::send(Message::Attempt(Attempting { hooks, event: event.into(), made }));
    // There are none if an exception ends the program, or the event loop is closed.
    Some(Box::pin(async { headers.await.unwrap_or_default() }))
}

fn log(level: u8, text: impl FnOnce() -> String) {
    if !logging::may_log(level) {
        return;
    }
    let unsent = relay::send(Message::Log(LogMessage { level, text: text() }));
    // Perhaps it was the call of another thread, which this one continues while it runs a log handler.
    if let Some(Message::Log(message)) = unsent
        && !logging::is_quiet()
    {
        logging::enqueue(message);
    }
}

/// Logs the attempts and waits of a client, and passes its events to the observer of the call.
#[derive(Debug)]
pub struct Log;

impl Observer for Log {
    fn attempt(&self, event: &Attempt<'_>) {
        // `attempt_headers` has told the observer.
        log(DEBUG, || format!("{}: attempt {}", event.operation, event.attempt));
    }

    fn wait(&self, event: &Wait<'_>) {
        let why = match event.reason {
            WaitReason::RateLimit => "for the rate limit",
            WaitReason::Retry => "before the next attempt",
            _ => "for a reason that is newer than this module",
        };
        log(if event.is_long() { INFO } else { DEBUG }, || {
            format!("{}: waits {:.2} s {why}", event.operation, event.expected.as_secs_f64())
        });
        relay::observe(|| event.into());
    }

    fn outcome(&self, event: &Outcome<'_>) {
        log(DEBUG, || {
            let took = event.elapsed.as_secs_f64() * 1e3;
            let what = event.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
            format!("{}: attempt {}: {what} after {took:.0} ms", event.operation, event.attempt)
        });
        relay::observe(|| event.into());
    }

    fn finished(&self, event: &Finished<'_>) {
        relay::observe(|| event.into());
    }
}
