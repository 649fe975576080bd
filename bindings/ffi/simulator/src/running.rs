//! A simulator that runs on its own thread.

use crate::signals::Blocked;
use configcat_management::changes::PlanOptions;
use configcat_simulator::seed::Seed;
use configcat_simulator::{Builder, Mirror, RateLimit, ResetFormat, Simulator, command_line};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Maximum wait for the runtime to shut down, after the connections have been closed.
const LAST_WAIT: Duration = Duration::from_millis(200);

/// Configuration of a simulator.
pub struct Options<'a> {
    pub seed: Option<&'a str>,
    pub rate_limit: Option<&'a str>,
    pub credentials: (&'a str, &'a str),
    pub state: Option<&'a str>,
    pub port: u16,
    pub webhooks_anywhere: bool,
    pub rate_limit_reset: Option<&'a str>,
    /// 0 for the default, negative for none.
    pub journal: i64,
}

impl Options<'_> {
    fn builder(&self) -> Result<Builder, String> {
        let (username, password) = self.credentials;
        let mut builder = Simulator::builder().credentials(username, password).port(self.port);
        if let Some(seed) = self.seed {
            builder = builder.seed(if seed.trim_start().starts_with('{') {
                Seed::from_json(seed).map_err(|e| format!("seed: {e}"))?
            } else {
                command_line::seed(seed)?
            });
        }
        if let Some(limit) = self.rate_limit {
            builder = builder.rate_limit(limit.parse::<RateLimit>().map_err(|e| format!("rate_limit: {e}"))?);
        }
        if let Some(format) = self.rate_limit_reset {
            builder = builder.rate_limit_reset(
                format.parse::<ResetFormat>().map_err(|e| format!("rate_limit_reset: {e}"))?,
            );
        }
        if self.journal != 0 {
            builder = builder.journal(usize::try_from(self.journal).unwrap_or(0));
        }
        builder = builder.webhooks_anywhere(self.webhooks_anywhere);
        if let Some(folder) = self.state {
            builder = builder.state_dir(folder);
        }
        Ok(builder)
    }
}

/// What was started.
enum Started {
    Simulator(Simulator),
    Mirror(Arc<Mirror>),
}

/// A running simulator and its runtime.
pub struct Running {
    started: Started,
    runtime: Runtime,
    /// Process that runs the thread: a forked child does not have it.
    process: u32,
}

impl Running {
    /// Starts a simulator.
    pub fn start(options: &Options<'_>) -> Result<Self, String> {
        let builder = options.builder()?;
        Self::launch(async move { builder.start().await.map(Started::Simulator).map_err(|e| e.to_string()) })
    }

    /// Starts a simulator with the seed of a real product.
    pub fn mirror(seed: &[u8], options: &Options<'_>) -> Result<Self, String> {
        if options.seed.is_some() {
            return Err("seed: a mirror has the state of the product".to_owned());
        }
        let builder = options.builder()?;
        let seed = serde_json::from_slice(seed).map_err(|e| format!("seed: {e}"))?;
        let (username, password) = options.credentials;
        let (username, password) = (username.to_owned(), password.to_owned());
        Self::launch(async move {
            let mirror = Mirror::start(seed, builder, (&username, &password)).await;
            mirror.map(|mirror| Started::Mirror(Arc::new(mirror))).map_err(|e| e.to_string())
        })
    }

    /// Starts what runs on a thread of its own.
    fn launch(start: impl Future<Output = Result<Started, String>> + Send + 'static) -> Result<Self, String> {
        let blocked = Blocked::new();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("configcat-simulator")
            .enable_all()
            .build();
        drop(blocked);
        let runtime = runtime.map_err(|e| format!("cannot start a thread: {e}"))?;
        // Started on the runtime's own thread, which blocks signals like all threads that serve connections.
        let started = runtime.spawn(start);
        let started = runtime.block_on(started).map_err(|e| e.to_string())??;
        Ok(Self { started, runtime, process: std::process::id() })
    }

    fn simulator(&self) -> &Simulator {
        match &self.started {
            Started::Simulator(simulator) => simulator,
            Started::Mirror(mirror) => mirror.simulator(),
        }
    }

    /// URL of the simulator.
    pub fn url(&self) -> String {
        self.simulator().url()
    }

    /// Secrets that are placeholders in a mirror, in words.
    pub fn placeholders(&self) -> Vec<String> {
        match &self.started {
            Started::Simulator(_) => Vec::new(),
            Started::Mirror(mirror) => mirror.placeholders(),
        }
    }

    fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    /// Calls the admin API. Returns `None` in a child of the process that started the simulator.
    pub fn admin(&self, method: &str, path: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        self.is_here().then(|| self.runtime.block_on(self.simulator().admin(method, path, body)))
    }

    /// Returns what has been changed in a mirror, as the JSON of a plan. The options are JSON, too.
    pub fn changes(&self, options: &str) -> Result<String, String> {
        let Started::Mirror(mirror) = &self.started else {
            return Err("this simulator is not a mirror".to_owned());
        };
        if !self.is_here() {
            return Err("the mirror belongs to the parent of this process".to_owned());
        }
        let options = PlanOptions::from_members(options.as_bytes()).map_err(|e| e.to_string())?;
        let mirror = Arc::clone(mirror);
        // On the runtime's own thread, because it starts another simulator.
        let plan = self.runtime.spawn(async move { mirror.changes_with(options).await });
        let plan = self.runtime.block_on(plan).map_err(|e| e.to_string())?;
        Ok(plan.map_err(|e| e.to_string())?.to_json())
    }

    /// Stops the simulator.
    pub fn stop(self) {
        if !self.is_here() {
            std::mem::forget(self);
            return;
        }
        match self.started {
            Started::Simulator(simulator) => self.runtime.block_on(simulator.stop()),
            // Only a call of `changes` that has not returned refers to it as well.
            Started::Mirror(mirror) => {
                if let Some(mirror) = Arc::into_inner(mirror) {
                    self.runtime.block_on(mirror.stop());
                }
            }
        }
        self.runtime.shutdown_timeout(LAST_WAIT);
    }
}
