//! A simulator that runs on its own thread.

use crate::signals::Blocked;
use configcat_simulator::seed::Seed;
use configcat_simulator::{RateLimit, ResetFormat, Simulator, command_line};
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

/// A running simulator and its runtime.
pub struct Running {
    url: String,
    simulator: Simulator,
    runtime: Runtime,
    /// Process that runs the thread: a forked child does not have it.
    process: u32,
}

impl Running {
    /// Starts a simulator.
    pub fn start(options: &Options<'_>) -> Result<Self, String> {
        let (username, password) = options.credentials;
        let mut builder = Simulator::builder().credentials(username, password).port(options.port);
        if let Some(seed) = options.seed {
            builder = builder.seed(if seed.trim_start().starts_with('{') {
                Seed::from_json(seed).map_err(|e| format!("seed: {e}"))?
            } else {
                command_line::seed(seed)?
            });
        }
        if let Some(limit) = options.rate_limit {
            builder = builder.rate_limit(limit.parse::<RateLimit>().map_err(|e| format!("rate_limit: {e}"))?);
        }
        if let Some(format) = options.rate_limit_reset {
            builder = builder.rate_limit_reset(
                format.parse::<ResetFormat>().map_err(|e| format!("rate_limit_reset: {e}"))?,
            );
        }
        if options.journal != 0 {
            builder = builder.journal(usize::try_from(options.journal).unwrap_or(0));
        }
        builder = builder.webhooks_anywhere(options.webhooks_anywhere);
        if let Some(folder) = options.state {
            builder = builder.state_dir(folder);
        }
        let blocked = Blocked::new();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("configcat-simulator")
            .enable_all()
            .build();
        drop(blocked);
        let runtime = runtime.map_err(|e| format!("cannot start a thread: {e}"))?;
        // Started on the runtime's own thread, which blocks signals like all threads that serve connections.
        let started = runtime.spawn(builder.start());
        let simulator = runtime.block_on(started).map_err(|e| e.to_string())?;
        let simulator = simulator.map_err(|e| e.to_string())?;
        Ok(Self { url: simulator.url(), simulator, runtime, process: std::process::id() })
    }

    /// URL of the simulator.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls the admin API. Returns `None` in a child of the process that started the simulator.
    pub fn admin(&self, method: &str, path: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let here = self.process == std::process::id();
        here.then(|| self.runtime.block_on(self.simulator.admin(method, path, body)))
    }

    /// Stops the simulator.
    pub fn stop(self) {
        if self.process == std::process::id() {
            self.runtime.block_on(self.simulator.stop());
            self.runtime.shutdown_timeout(LAST_WAIT);
        } else {
            std::mem::forget(self);
        }
    }
}
