//! Configures and starts simulators.

mod running;

use crate::admin::Guard;
use crate::backend::{Backend, Feed, Settler, SharedState, lock};
use crate::delivery::WebhookDispatcher;
use crate::http::body::BodyReader;
use crate::http::connection::{self, ConnectionHandle, ConnectionLimits};
use crate::http::listener::LimitedListener;
use crate::http::observer::{RequestObserver, ServedRequest};
use crate::http::origin::ServerNames;
use crate::http::pages;
use crate::http::router::Router;
use crate::http::routes::Routes;
use crate::http::tls::TlsIdentity;
use crate::rate_limit::{Limiter, RateLimit, ResetFormat};
use crate::seed::Seed;
use crate::state::State;
use crate::store::{DiskFaults, StateFile, Store};
use crate::testing::faults::Faults;
use crate::testing::journal::Journal;
use axum::extract::Request;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

pub use running::Simulator;

/// Default number of journal entries.
const JOURNAL: usize = 1_000;
/// Number of connections that wait to be accepted. When there are more, Linux may leave a client with a connection that
/// the simulator never sees, so that it waits forever. `TcpListener::bind` would let 128 wait.
const BACKLOG: u32 = 4_096;
/// Interval of the check for scheduled change requests that are due.
const TICK: Duration = Duration::from_millis(500);

/// Builder of a [`Simulator`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start`"]
pub struct Builder {
    host: IpAddr,
    port: u16,
    anywhere: bool,
    username: String,
    password: Secret,
    rate_limit: Option<RateLimit>,
    reset_format: ResetFormat,
    seed: Seed,
    admin: bool,
    admin_token: Option<Secret>,
    journal: usize,
    webhooks_anywhere: bool,
    tls: bool,
    tls_names: Vec<String>,
    state_dir: Option<PathBuf>,
    limits: ConnectionLimits,
    observer: Option<RequestObserver>,
    disk_faults: Option<Arc<DiskFaults>>,
}

/// A string that `Debug` output redacts.
#[derive(Clone)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            anywhere: false,
            username: "simulator".into(),
            password: Secret("simulator".into()),
            rate_limit: None,
            reset_format: ResetFormat::default(),
            seed: Seed::default(),
            admin: true,
            admin_token: None,
            journal: JOURNAL,
            webhooks_anywhere: false,
            tls: false,
            tls_names: Vec::new(),
            state_dir: None,
            limits: ConnectionLimits::default(),
            observer: None,
            disk_faults: None,
        }
    }
}

impl Simulator {
    /// Returns a builder with the default options.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Sets the IP address to listen on. Default: 127.0.0.1.
    pub const fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Sets the port to listen on; 0 selects a free one. Default: 0.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Allows listening on addresses that other machines can reach. Default: no.
    pub const fn allow_remote(mut self, yes: bool) -> Self {
        self.anywhere = yes;
        self
    }

    /// Sets user name and password of the simulator's owner. Default: `simulator` and `simulator`.
    pub fn credentials(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.username = username.into();
        self.password = Secret(password.into());
        self
    }

    /// Limits the requests of each credential in a window. Default: no limit.
    pub const fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sets the format of `X-Rate-Limit-Reset`. Default: the service's own format.
    pub const fn rate_limit_reset(mut self, format: ResetFormat) -> Self {
        self.reset_format = format;
        self
    }

    /// Sets the initial data. Default: one empty organization.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Enables the admin path. Default: yes.
    pub const fn admin(mut self, yes: bool) -> Self {
        self.admin = yes;
        self
    }

    /// Sets the token that requests to the admin path must have, in the header `Authorization: Bearer TOKEN` or
    /// `X-Simulator-Token: TOKEN`. Default: none; if other machines can connect, a random one, which
    /// [`Simulator::admin_token`] returns.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.admin_token = Some(Secret(token.into()));
        self
    }

    /// Sets the number of requests that the journal keeps; 0 disables it. Default: 1,000.
    pub const fn journal(mut self, entries: usize) -> Self {
        self.journal = entries;
        self
    }

    /// Allows webhooks to call other machines. Default: no.
    pub const fn webhooks_anywhere(mut self, yes: bool) -> Self {
        self.webhooks_anywhere = yes;
        self
    }

    /// Serves HTTPS instead of HTTP, with a certificate that is made at start. It is for `localhost`, the loopback
    /// addresses and the address to listen on; clients trust [`Simulator::ca_certificate`]. Default: no.
    pub const fn tls(mut self, yes: bool) -> Self {
        self.tls = yes;
        self
    }

    /// Adds a host name or an IP address to the certificate: the host that a tool expects, such as `api.configcat.com`.
    pub fn tls_name(mut self, name: impl Into<String>) -> Self {
        self.tls_names.push(name.into());
        self
    }

    /// Persists the state in a folder: an acknowledged change survives the end of the process, even a crash. The seed
    /// is applied only if the folder is new. Default: the state is kept in memory only.
    pub fn state_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.state_dir = Some(folder.into());
        self
    }

    /// Sets how many connections there may be, and how long they wait for a client.
    pub const fn connection_limits(mut self, limits: ConnectionLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Calls a function after each request, except for those to the admin path and for pages, such as to log it.
    pub fn on_request(mut self, call: impl Fn(&ServedRequest<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(RequestObserver(Arc::new(call)));
        self
    }

    /// Makes the disk of the state fail on demand, for the project's own tests.
    #[doc(hidden)]
    pub fn disk_faults(mut self, faults: Arc<DiskFaults>) -> Self {
        self.disk_faults = Some(faults);
        self
    }

    /// Starts listening.
    ///
    /// # Errors
    /// When the seed breaks a rule, the address is not a loopback address and remote callers are not allowed, the
    /// token of the admin path is not one word, a TLS name is not a host name, the folder of the state cannot be used, or the address cannot be bound.
    pub async fn start(self) -> io::Result<Simulator> {
        if !self.host.is_loopback() && !self.anywhere {
            let message =
                format!("{} is not a loopback address: allow remote callers to listen there", self.host);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let token = self.token()?;
        let names = ServerNames { address: self.host.to_canonical(), remote: self.anywhere, tls: self.tls };
        let tls = self.tls.then(|| TlsIdentity::generate(self.host, &self.tls_names)).transpose()?;
        let (state, file) = self.state()?;
        let state = Arc::new(Mutex::new(SharedState { state, ..SharedState::default() }));
        let dispatcher = Arc::new(WebhookDispatcher::new(self.webhooks_anywhere));
        let feed = Arc::new(Feed::default());
        let settler = Settler {
            state: Arc::clone(&state),
            dispatcher: Arc::clone(&dispatcher),
            feed: Arc::clone(&feed),
            runtime: Handle::current(),
        };
        let store = file.map(|file| Store::start(file, settler)).transpose()?;
        let backend = Arc::new(Backend {
            limiter: Mutex::new(Limiter::new(self.rate_limit, self.reset_format)),
            state,
            journal: Mutex::new(Journal::new(self.journal)),
            faults: Mutex::new(Faults::default()),
            store,
            dispatcher,
            feed,
            seed: self.seed,
            owner: (self.username, self.password.0),
        });
        let router = Arc::new(Router {
            backend: Arc::clone(&backend),
            routes: Routes::new(),
            admin: self.admin.then_some(Guard { names, token }),
            names,
            bodies: BodyReader::new(self.limits.body),
            observer: self.observer,
        });
        // Changes by the seed or the options are on disk before the first request.
        backend.transact(None, |_| Ok(())).settled().await.map_err(io::Error::other)?;
        let listener = listen(SocketAddr::new(self.host, self.port))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let acceptor = tls.as_ref().map(|tls| tls.acceptor.clone());
        let listener = LimitedListener::new(listener, self.limits, acceptor);
        let server = serve(listener, Arc::clone(&router), stopped);
        let schedule = tokio::spawn(watch_schedule(backend));
        let task = tokio::spawn(async move {
            server.await;
            schedule.abort();
        });
        let ca_certificate = tls.map(|tls| tls.ca_certificate);
        Ok(Simulator { address, router, ca_certificate, stop: Some(stop), task: Some(task) })
    }

    /// Returns the token of the admin path, if it requires one.
    fn token(&self) -> io::Result<Option<String>> {
        if let Some(Secret(token)) = &self.admin_token {
            if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                let message = "invalid admin token: it consists of visible ASCII characters";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
            return Ok(Some(token.clone()));
        }
        if self.host.is_loopback() || !self.admin {
            return Ok(None);
        }
        // The provider's source is the operating system's.
        let mut bytes = [0_u8; 16];
        rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| {
            io::Error::other("the operating system provides no random numbers for an admin token")
        })?;
        Ok(Some(format!("{:032x}", u128::from_ne_bytes(bytes))))
    }

    /// Returns the initial state, and the file that it is kept in, if there is one.
    fn state(&self) -> io::Result<(State, Option<StateFile>)> {
        let planted = || {
            State::from_seed(&self.seed, &self.username, &self.password.0)
                .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, format!("seed: {problem}")))
        };
        let Some(folder) = &self.state_dir else {
            let mut state = planted()?;
            state.forget_changes();
            return Ok((state, None));
        };
        let (file, kept) = StateFile::open(folder, self.disk_faults.clone()).map_err(io::Error::other)?;
        let state = match kept {
            Some(mut state) => {
                state.add_owner(&self.username, &self.password.0);
                state
            }
            None => planted()?,
        };
        Ok((state, Some(file)))
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a port can be used again immediately. Windows would share it with other programs.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves requests until the sender of `stopped` is dropped.
async fn serve(listener: LimitedListener, router: Arc<Router>, stopped: oneshot::Receiver<()>) {
    let feed = Arc::clone(&router.backend.feed);
    let app = pages::routes(move |request: Request| Arc::clone(&router).handle(request))
        .layer(axum::middleware::from_fn(connection::execute));
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<ConnectionHandle>());
    let _ = server
        .with_graceful_shutdown(async move {
            let _ = stopped.await;
            // Streams of events have no end of their own.
            feed.close();
        })
        .await;
}

/// Applies scheduled change requests when they are due, also while no requests arrive.
async fn watch_schedule(backend: Arc<Backend>) {
    loop {
        tokio::time::sleep(TICK).await;
        let due = {
            let shared = lock(&backend.state);
            shared.state.has_due(shared.state.clock.now())
        };
        if due {
            let _ = backend.transact(None, |_| Ok(())).settled().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admin_token_is_random_if_other_hosts_can_connect() {
        let builder = || Simulator::builder().host(Ipv4Addr::UNSPECIFIED.into()).allow_remote(true);
        let token = |builder: Builder| builder.token().unwrap();
        let (first, second) = (token(builder()).unwrap(), token(builder()).unwrap());
        assert!(first.len() == 32 && first != second, "{first}");
        assert_eq!(token(builder().admin_token("own")).as_deref(), Some("own"));
        assert_eq!(token(builder().admin(false)), None);
        assert_eq!(token(Simulator::builder()), None);
    }
}
