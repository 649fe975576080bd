//! The simulator itself, the products that it has, and the rate budgets.

use crate::backend::{Backend, lock};
use crate::rate_limit::Budget;
use crate::state::State;
use crate::state::entities::{Config, Environment, Product};
use configcat_management::models::{ConfigId, EnvironmentId, EvaluationVersion, ProductId};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::SystemTime;

/// Password that everybody knows.
const DEFAULT_PASSWORD: &str = "simulator";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownProduct<'a> {
    product_id: &'a ProductId,
    name: &'a str,
    organization: &'a str,
    environments: Vec<ShownEnvironment<'a>>,
    configs: Vec<ShownConfig<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownConfig<'a> {
    config_id: &'a ConfigId,
    name: &'a str,
    version: &'a EvaluationVersion,
    flags: usize,
}

/// An environment, with what a change in it needs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownEnvironment<'a> {
    pub environment_id: &'a EnvironmentId,
    pub name: &'a str,
    pub color: Option<&'a str>,
    pub reason_required: bool,
    pub approve_required: bool,
}

impl<'a> ShownEnvironment<'a> {
    pub fn new(state: &State, environment: &'a Environment) -> Self {
        Self {
            environment_id: &environment.id,
            name: &environment.name,
            color: environment.color.as_deref(),
            reason_required: state.reason_required(environment),
            approve_required: state.approve_required(environment),
        }
    }
}

/// Returns what the page needs when it is opened. Only a password that is the default is shown.
pub fn overview(backend: &Backend) -> Value {
    let (username, password) = &backend.owner;
    let revision = backend.feed.revision();
    let clock = backend.clock();
    let journal = lock(&backend.journal).capacity();
    let shared = lock(&backend.state);
    let organizations = shared.state.organizations.values();
    let products: Vec<ShownProduct<'_>> = organizations
        .flat_map(|organization| {
            let products = shared.state.products_of(&organization.id).into_iter();
            products.map(|product| shown(&shared.state, &organization.name, product)).collect::<Vec<_>>()
        })
        .collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "username": username,
        "password": Some(password).filter(|password| *password == DEFAULT_PASSWORD),
        "revision": revision,
        "journal": journal,
        "isKept": backend.store.is_some(),
        "clock": clock,
        "products": products,
    })
}

fn shown<'a>(state: &'a State, organization: &'a str, product: &'a Product) -> ShownProduct<'a> {
    let environments = state.environments_of(&product.id).into_iter();
    let config = |config: &'a Config| ShownConfig {
        config_id: &config.id,
        name: &config.name,
        version: &config.version,
        flags: state.settings.of(&config.id).count(),
    };
    ShownProduct {
        product_id: &product.id,
        name: &product.name,
        organization,
        environments: environments.map(|environment| ShownEnvironment::new(state, environment)).collect(),
        configs: state.configs_of(&product.id).into_iter().map(config).collect(),
    }
}

/// The rate budget of a credential; null without a rate limit.
#[derive(Serialize)]
pub struct CredentialBudget {
    username: String,
    budget: Option<Budget>,
}

/// Returns the budget of every credential.
pub fn budgets(backend: &Backend) -> Vec<CredentialBudget> {
    let credentials: Vec<_> = {
        let shared = lock(&backend.state);
        let credentials = shared.state.credentials.values();
        credentials.map(|credential| (credential.username.clone(), credential.rate_limit)).collect()
    };
    let limiter = lock(&backend.limiter);
    let now = SystemTime::now();
    let budget = |(username, own): (String, _)| {
        let budget = limiter.budget(&username, own, now);
        CredentialBudget { username, budget }
    };
    credentials.into_iter().map(budget).collect()
}
