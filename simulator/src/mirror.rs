//! A simulator with a copy of a real product, to try out what a program would change.

use crate::seed::{Seed, SeedError};
use crate::server::{Builder, Simulator};
use configcat_management::changes::{Jobs, Plan, PlanOptions, ProductSeed};
use configcat_management::{Client, Error};
use serde_json::Value;
use std::fmt;
use std::io;

/// User name and password of mirrors that are only read.
const OWNER: &str = "simulator";

/// A simulator with a copy of a real product: with the same ids, names, values, versions and SDK keys.
///
/// Any program may run against it. [`changes`](Self::changes) then returns what it has changed as a plan, which can be applied to
/// the real product unless the same things have been changed there.
///
/// ```no_run
/// # async fn run(client: configcat_management::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use configcat_simulator::{Mirror, Simulator};
///
/// let mirror = Simulator::mirror(&client, "Web Shop").await?;
/// println!("{}", mirror.simulator().url());
/// // Run the program against this URL, then:
/// let plan = mirror.changes().await?;
/// println!("{}", plan.to_text(false));
/// client.apply(&plan).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Mirror {
    simulator: Simulator,
    seed: Seed,
    product: String,
    placeholders: Vec<String>,
    credentials: (String, String),
}

/// Reason why a product cannot be mirrored.
#[derive(Debug)]
#[non_exhaustive]
pub enum MirrorError {
    /// A call failed: to the real service, or to the mirror.
    Call(Error),
    /// The simulator does not accept the state of the product.
    Seed(SeedError),
    /// The simulator cannot be started.
    Start(io::Error),
}

impl fmt::Display for MirrorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Seed(error) => write!(f, "the simulator does not accept the product: {error}"),
            Self::Start(error) => write!(f, "the simulator cannot be started: {error}"),
        }
    }
}

impl std::error::Error for MirrorError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            Self::Seed(error) => Some(error),
            Self::Start(error) => Some(error),
        }
    }
}

impl From<Error> for MirrorError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<SeedError> for MirrorError {
    fn from(error: SeedError) -> Self {
        Self::Seed(error)
    }
}

impl From<io::Error> for MirrorError {
    fn from(error: io::Error) -> Self {
        Self::Start(error)
    }
}

impl Simulator {
    /// Starts a simulator with a copy of a product, which is only read.
    ///
    /// # Errors
    /// If there is no such product, a call fails, or the simulator cannot be started.
    pub async fn mirror(client: &Client, product: &str) -> Result<Mirror, MirrorError> {
        Self::mirror_with(client, product, Self::builder(), (OWNER, OWNER)).await
    }

    /// Starts a simulator with options and credentials of its owner, and with a copy of a product.
    ///
    /// # Errors
    /// See [`mirror`](Self::mirror).
    pub async fn mirror_with(
        client: &Client,
        product: &str,
        builder: Builder,
        (username, password): (&str, &str),
    ) -> Result<Mirror, MirrorError> {
        Mirror::start(client.export_seed(product).await?, builder, (username, password)).await
    }
}

impl Mirror {
    /// Starts a simulator with what `Client::export_seed` has returned. For bindings, whose clients and simulators have runtimes of
    /// their own.
    ///
    /// # Errors
    /// If the simulator does not accept the seed, or cannot be started.
    #[doc(hidden)]
    pub async fn start(
        seed: Value,
        builder: Builder,
        (username, password): (&str, &str),
    ) -> Result<Self, MirrorError> {
        let read = ProductSeed(&seed);
        let (product, placeholders) = (read.name().to_owned(), read.placeholders());
        let seed = Seed::from_value(seed)?;
        let simulator = builder.credentials(username, password).seed(seed.clone()).start().await?;
        let credentials = (username.to_owned(), password.to_owned());
        Ok(Self { simulator, seed, product, placeholders, credentials })
    }

    /// Stops the simulator. Requests in flight have up to a second to complete.
    pub async fn stop(self) {
        self.simulator.stop().await;
    }

    /// The simulator with the copy.
    #[must_use]
    pub const fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Returns the secrets that cannot be read from the service, and are placeholders in the copy: secure headers and signing keys
    /// of webhooks, in words.
    #[must_use]
    pub fn placeholders(&self) -> Vec<String> {
        self.placeholders.clone()
    }

    /// Returns what has been changed since the product was copied, as a plan from the state of the copy. Applied to the real
    /// product, steps for what others have changed meanwhile are conflicts.
    ///
    /// # Errors
    /// If a call to the mirror fails.
    pub async fn changes(&self) -> Result<Plan, MirrorError> {
        self.changes_with(PlanOptions::new()).await
    }

    /// Returns what has been changed as [`changes`](Self::changes) does, with the reason and the approval of these options.
    ///
    /// # Errors
    /// See [`changes`](Self::changes).
    pub async fn changes_with(&self, options: PlanOptions) -> Result<Plan, MirrorError> {
        let (username, password) = &self.credentials;
        let changed = client(&self.simulator, username, password)?;
        let untouched = Simulator::builder().seed(self.seed.clone()).start().await?;
        let untouched = client(&untouched, OWNER, OWNER)?;
        Ok(Jobs(&changed).changes_since(Jobs(&untouched), &self.product, options).await?)
    }
}

fn client(simulator: &Simulator, username: &str, password: &str) -> Result<Client, Error> {
    Client::builder().credentials(username, password).base_url(simulator.url()).no_proxy().build()
}
