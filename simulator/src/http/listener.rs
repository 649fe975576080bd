//! Listener whose connections are limited, can be reset, and may be encrypted.

use super::connection::{Connection, ConnectionHandle, ConnectionLimits};
use super::tls::ServedConnection;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// Listener whose connections are limited and can be reset.
pub struct LimitedListener {
    listener: TcpListener,
    limits: ConnectionLimits,
    slots: Arc<Semaphore>,
    tls: Option<TlsAcceptor>,
}

impl LimitedListener {
    pub fn new(listener: TcpListener, limits: ConnectionLimits, tls: Option<TlsAcceptor>) -> Self {
        let slots = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
        Self { listener, limits, slots: Arc::new(Semaphore::new(slots)), tls }
    }
}

impl Listener for LimitedListener {
    type Io = ServedConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (ServedConnection, SocketAddr) {
        // Before the connection is accepted, so that further ones wait in the backlog of the operating system.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Send small responses without delay.
        let _ = stream.set_nodelay(true);
        (ServedConnection::new(Connection::new(stream, self.limits, slot), self.tls.as_ref()), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, LimitedListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, LimitedListener>) -> Self {
        stream.io().handle.clone()
    }
}
