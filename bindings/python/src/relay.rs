//! Carries what needs Python code, from a call to the thread or the event loop that waits for it.
//!
//! Python code must not run inside the runtime: it may make calls, and a runtime cannot be entered twice on one thread.

use crate::credentials::Question;
use crate::events::Event;
use crate::hooks::{Attempting, Beginning, CallHooks};
use crate::logging::{self, LogMessage};
use crate::progress::JobProgress;
use pyo3::prelude::*;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// What a call passes to Python code.
pub enum Message {
    Log(LogMessage),
    Event(Arc<CallHooks>, Event),
    Question(Question),
    /// A call of a job begins.
    Begin(Beginning),
    /// An attempt is about to be sent.
    Attempt(Attempting),
    Progress(JobProgress),
}

impl Message {
    /// Runs the Python code on this thread, which waits for the call.
    pub fn deliver(self) -> PyResult<()> {
        match self {
            Self::Log(message) => logging::call_logger(message),
            Self::Event(hooks, event) => hooks.notify(event),
            Self::Question(question) => question.answer(),
            Self::Begin(beginning) => beginning.answer(),
            Self::Attempt(attempting) => attempting.answer(),
            Self::Progress(progress) => progress.report(),
        }
    }

    /// Whether it is of interest after the call was cancelled.
    pub const fn outlives_call(&self) -> bool {
        !matches!(self, Self::Progress(_))
    }
}

/// Passes messages to where the call is waited for.
type Sender = Arc<dyn Fn(Message) + Send + Sync>;

/// Receives the messages of a call.
struct Sink {
    hooks: Option<Arc<CallHooks>>,
    send: Sender,
}

thread_local! {
    /// Receives the messages of the call that is being polled or dropped on this thread.
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

/// A call whose messages are received where it is waited for.
pub struct Relayed<F> {
    /// `None` only while it is dropped.
    call: Option<Pin<Box<F>>>,
    sink: Option<Sink>,
}

impl<F: Future> Relayed<F> {
    pub fn new(
        call: Pin<Box<F>>,
        hooks: Option<Arc<CallHooks>>,
        send: impl Fn(Message) + Send + Sync + 'static,
    ) -> Self {
        Self { call: Some(call), sink: Some(Sink { hooks, send: Arc::new(send) }) }
    }

    /// A call of the job that is being polled, with its own hooks.
    pub fn nested(call: Pin<Box<F>>, hooks: Arc<CallHooks>) -> Self {
        let send = SINK.with_borrow(|sink| sink.as_ref().map(|sink| Arc::clone(&sink.send)));
        Self { call: Some(call), sink: send.map(|send| Sink { hooks: Some(hooks), send }) }
    }
}

impl<F: Future> Future for Relayed<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let outer = SINK.replace(self.sink.take());
        let poll = self.call.as_mut().map_or(Poll::Pending, |call| call.as_mut().poll(context));
        self.sink = SINK.replace(outer);
        poll
    }
}

impl<F> Drop for Relayed<F> {
    /// A call that is dropped before it completes reports that it was cancelled.
    fn drop(&mut self) {
        let outer = SINK.replace(self.sink.take());
        drop(self.call.take());
        SINK.set(outer);
    }
}

/// Sends a message of the call that is being polled. Returns the message if nothing receives it.
pub fn send(message: Message) -> Option<Message> {
    SINK.with_borrow(|sink| match sink {
        Some(sink) => {
            (sink.send)(message);
            None
        }
        None => Some(message),
    })
}

/// Sends an event of the call that is being polled, if it is observed.
pub fn observe(event: impl FnOnce() -> Event) {
    SINK.with_borrow(|sink| {
        if let Some(Sink { hooks: Some(hooks), send }) = sink
            && hooks.is_observed()
        {
            send(Message::Event(Arc::clone(hooks), event()));
        }
    });
}

/// Returns the hooks of the call that is being polled.
pub fn hooks() -> Option<Arc<CallHooks>> {
    SINK.with_borrow(|sink| sink.as_ref()?.hooks.clone())
}
