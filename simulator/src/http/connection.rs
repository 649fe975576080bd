//! Connections: how long they wait for a client, and how a fault resets one.

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::Version;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;

/// Limits of the connections to a simulator. A client that is slower is disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionLimits {
    /// Maximum number of connections. Further ones wait until another is closed. Default: 1,024.
    pub connections: usize,
    /// Maximum time from the first byte of a request's headers to the last; for the first request, from the
    /// connection. Default: 10 s.
    pub headers: Duration,
    /// Maximum time for the body of a request; then the response is 408. Default: 60 s.
    pub body: Duration,
    /// Maximum time between two requests: longer than clients usually keep idle connections, so that they close them
    /// first. Default: 120 s.
    pub idle: Duration,
    /// Maximum time for which a client takes no byte of a response. Default: 30 s.
    pub write: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            headers: Duration::from_secs(10),
            body: Duration::from_secs(60),
            idle: Duration::from_secs(120),
            write: Duration::from_secs(30),
        }
    }
}

/// Handle of the connection on which a request arrived.
#[derive(Debug, Clone, Default)]
pub struct ConnectionHandle(Arc<Activity>);

/// What happens on a connection, as far as only requests know.
#[derive(Debug, Default)]
struct Activity {
    is_reset: AtomicBool,
    is_http2: AtomicBool,
    /// Number of requests so far.
    started: AtomicUsize,
    /// Number of requests that are being executed.
    executing: AtomicUsize,
}

/// A request that is being executed, until it is dropped.
#[derive(Debug)]
pub struct Execution(ConnectionHandle);

impl ConnectionHandle {
    /// Makes all further reads and writes fail; the connection is reset at the server's next write.
    pub fn reset(&self) {
        self.0.is_reset.store(true, Ordering::SeqCst);
    }

    /// Keeps the connection open while a response is made, however long that takes.
    pub fn hold(&self) -> Execution {
        self.0.executing.fetch_add(1, Ordering::SeqCst);
        Execution(self.clone())
    }

    fn execute(&self, version: Version) -> Execution {
        self.0.is_http2.store(version == Version::HTTP_2, Ordering::SeqCst);
        self.0.started.fetch_add(1, Ordering::SeqCst);
        self.hold()
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        self.0.0.executing.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Notes on the connection of a request that the request is being executed.
pub async fn execute(request: Request, next: Next) -> Response {
    let handle = request.extensions().get::<ConnectInfo<ConnectionHandle>>();
    let _execution = handle.map(|ConnectInfo(handle)| handle.execute(request.version()));
    next.run(request).await
}

/// What a connection waits for while it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Headers,
    Request,
}

/// A TCP connection with its handle and its deadlines.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
    limits: ConnectionLimits,
    /// Number of requests when bytes were last read.
    requests: usize,
    /// Whether a part of the next request has been read.
    is_partial: bool,
    reading: Option<(Wait, Pin<Box<Sleep>>)>,
    writing: Option<Pin<Box<Sleep>>>,
    /// Counts the connection until it is dropped.
    _slot: Option<OwnedSemaphorePermit>,
}

impl Connection {
    pub fn new(stream: TcpStream, limits: ConnectionLimits, slot: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            stream,
            handle: ConnectionHandle::default(),
            limits,
            requests: 0,
            is_partial: false,
            reading: None,
            writing: None,
            _slot: slot,
        }
    }

    pub const fn handle(&self) -> &ConnectionHandle {
        &self.handle
    }

    fn check_reset(&self) -> io::Result<()> {
        if self.handle.0.is_reset.load(Ordering::SeqCst) {
            // With zero linger, dropping the stream sends RST instead of FIN.
            let _ = self.stream.set_zero_linger();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }

    /// Notes that bytes were read: of a new request, unless one is being executed.
    fn has_read(&mut self) {
        self.catch_up();
        let activity = &self.handle.0;
        // HTTP/2 also has frames that belong to no request.
        self.is_partial =
            activity.executing.load(Ordering::SeqCst) == 0 && !activity.is_http2.load(Ordering::SeqCst);
    }

    /// Forgets deadlines that a request has met.
    fn catch_up(&mut self) {
        let started = self.handle.0.started.load(Ordering::SeqCst);
        if started != self.requests {
            self.requests = started;
            self.is_partial = false;
            self.reading = None;
        }
    }

    /// Whether the client has had enough time to send what the connection waits for. Else wakes the task at the deadline.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        self.catch_up();
        if self.handle.0.executing.load(Ordering::SeqCst) > 0 {
            self.reading = None;
            return false;
        }
        let wait = if self.is_partial || self.requests == 0 { Wait::Headers } else { Wait::Request };
        if self.reading.as_ref().is_none_or(|(known, _)| *known != wait) {
            let limit = if wait == Wait::Headers { self.limits.headers } else { self.limits.idle };
            self.reading = Some((wait, Box::pin(tokio::time::sleep(limit))));
        }
        self.reading.as_mut().is_some_and(|(_, deadline)| deadline.as_mut().poll(cx).is_ready())
    }

    /// Passes the result of a write on, unless the client takes no bytes for too long.
    fn check_write(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.writing = None;
            return written;
        }
        let limit = self.limits.write;
        let deadline = self.writing.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let connection = self.get_mut();
        connection.check_reset()?;
        let before = buffer.filled().len();
        let result = Pin::new(&mut connection.stream).poll_read(cx, buffer);
        if result.is_pending() && connection.is_late(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if buffer.filled().len() > before {
            connection.has_read();
        }
        result
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        connection.check_reset()?;
        let written = Pin::new(&mut connection.stream).poll_write(cx, bytes);
        connection.check_write(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        connection.check_reset()?;
        let written = Pin::new(&mut connection.stream).poll_write_vectored(cx, slices);
        connection.check_write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
