//! Starts and stops simulators.

use crate::http::auth::Credential;
use crate::http::limiter::{Limiter, RateLimit};
use crate::http::service::{Service, lock};
use crate::seed::Seed;
use crate::state::State;
use axum::extract::Request;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Bodies larger than this are refused with 413; the largest real ones are far smaller.
const MAX_BODY: usize = 32 << 20;

/// Sets up a [`Simulator`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start`"]
pub struct Builder {
    host: IpAddr,
    port: u16,
    anywhere: bool,
    credential: Credential,
    rate_limit: Option<RateLimit>,
    seed: Seed,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            anywhere: false,
            credential: Credential { username: "simulator".into(), password: "simulator".into() },
            rate_limit: None,
            seed: Seed::default(),
        }
    }
}

impl Builder {
    /// The address to listen on. Default: 127.0.0.1.
    pub const fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port to listen on; 0 for a free one. Default: 0.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Allows addresses that other machines can reach. Default: no.
    pub const fn allow_remote(mut self, yes: bool) -> Self {
        self.anywhere = yes;
        self
    }

    /// User name and password that callers need. Default: `simulator` and `simulator`.
    pub fn credentials(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.credential = Credential { username: username.into(), password: password.into() };
        self
    }

    /// Limits each credential to so many requests in a window. Default: no limit.
    pub const fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// What is there from the start. Default: one organization, nothing in it.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Starts listening.
    ///
    /// # Errors
    /// When the seed breaks a rule, the address is not on loopback and remote callers were not allowed, or the
    /// system refuses it.
    pub async fn start(self) -> io::Result<Simulator> {
        if !self.host.is_loopback() && !self.anywhere {
            let message =
                format!("{} is not a loopback address: allow remote callers to listen there", self.host);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let state = State::from_seed(&self.seed)
            .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, format!("seed: {problem}")))?;
        let credentials = vec![self.credential];
        let limiter = self.rate_limit.map(|limit| Mutex::new(Limiter::new(limit, credentials.len())));
        let service = Arc::new(Service {
            routes: crate::http::routes::Routes::new(),
            credentials,
            limiter,
            state: Mutex::new(state),
            max_body: MAX_BODY,
        });
        let listener = TcpListener::bind((self.host, self.port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let app = axum::Router::new().fallback({
            let service = Arc::clone(&service);
            move |request: Request| Arc::clone(&service).handle(request)
        });
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            // Small answers leave at once.
            let _ = stream.set_nodelay(true);
        });
        let task = tokio::spawn(async move {
            let server = axum::serve(listener, app).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            let _ = server.await;
        });
        Ok(Simulator { address, service, stop: Some(stop), task: Some(task) })
    }
}

/// A running simulator; stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts to set up a simulator.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Looks at the state, or changes it, without HTTP.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.service.state))
    }

    /// Stops listening, and waits up to a second for requests on their way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let abort = task.abort_handle();
            if tokio::time::timeout(std::time::Duration::from_secs(1), task).await.is_err() {
                // A caller that does not read its answer holds a graceful shutdown up for ever.
                abort.abort();
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The server hears of it and closes its connections; nobody waits for that here.
        drop(self.stop.take());
    }
}
