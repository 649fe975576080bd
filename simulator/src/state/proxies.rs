//! Which SDK keys the proxies of an organization serve.

use super::State;
use super::entities::{Config, Environment, Product, ProxyProfile};
use crate::assumed;
use configcat_management::models::{ConfigId, EnvironmentId, ProxyProfileSelectionRule, SelectionRuleKind};
use std::collections::BTreeSet;

/// A config and an environment of the same product.
pub(crate) type Pair = (ConfigId, EnvironmentId);

impl State {
    // Assumed: the last selection rule that matches an SDK key decides whether a proxy serves it.
    // Assumed: while a proxy profile has selection rules, SDK keys that were selected individually are not served.
    /// Returns the pairs whose SDK keys a profile serves: those that its rules select, or if it has none, those that
    /// were selected individually. They are in the order of the lists of products, configs and environments.
    pub(crate) fn served(&self, profile: &ProxyProfile) -> Vec<Pair> {
        let selected: BTreeSet<&Pair> = profile.selected.iter().collect();
        let mut pairs = Vec::new();
        for product in self.products_of(&profile.organization) {
            let rules: Vec<_> = profile.rules.iter().filter(|rule| takes_product(rule, product)).collect();
            if rules.is_empty() && !profile.rules.is_empty() {
                continue;
            }
            let environments = self.environments_of(&product.id);
            for config in self.configs_of(&product.id) {
                let rules: Vec<_> = rules.iter().copied().filter(|rule| takes_config(rule, config)).collect();
                for environment in &environments {
                    let pair = (config.id.clone(), environment.id.clone());
                    let is_served = if profile.rules.is_empty() {
                        selected.contains(&pair)
                    } else {
                        includes(&rules, environment)
                    };
                    if is_served {
                        pairs.push(pair);
                    }
                }
            }
        }
        pairs
    }

    /// Returns whether a profile serves the SDK key of a config in an environment.
    pub(crate) fn serves(&self, profile: &ProxyProfile, config: &Config, environment: &Environment) -> bool {
        if profile.rules.is_empty() {
            return profile.selected.iter().any(|(c, e)| *c == config.id && *e == environment.id);
        }
        let Some(product) = self.products.get(&config.product) else { return false };
        let rules = profile.rules.iter();
        let rules = rules.filter(|rule| takes_product(rule, product) && takes_config(rule, config));
        includes(&rules.collect::<Vec<_>>(), environment)
    }

    /// Returns the proxy profiles with a webhook in the organization of a config. Most states have none: then this is a
    /// lookup in an empty index.
    pub(crate) fn notified_profiles(&self, config: &ConfigId) -> impl Iterator<Item = &ProxyProfile> {
        let product = self.configs.get(config).and_then(|config| self.products.get(&config.product));
        product.into_iter().flat_map(|product| self.proxy_profiles.find(&product.organization))
    }
}

fn takes_product(rule: &ProxyProfileSelectionRule, product: &Product) -> bool {
    takes(rule.product_id_filter.as_ref(), &product.id)
        && takes_name(rule.product_name_match_filter.as_deref(), &product.name)
}

fn takes_config(rule: &ProxyProfileSelectionRule, config: &Config) -> bool {
    takes(rule.config_id_filter.as_ref(), &config.id)
        && takes_name(rule.config_name_match_filter.as_deref(), &config.name)
}

/// Whether the last rule that matches an environment includes it, of rules that match its config.
fn includes(rules: &[&ProxyProfileSelectionRule], environment: &Environment) -> bool {
    let last = rules.iter().rev().find(|rule| {
        takes(rule.environment_id_filter.as_ref(), &environment.id)
            && takes_name(rule.environment_name_match_filter.as_deref(), &environment.name)
    });
    last.is_some_and(|rule| rule.kind == SelectionRuleKind::Include)
}

fn takes<T: PartialEq>(filter: Option<&T>, id: &T) -> bool {
    filter.is_none_or(|wanted| wanted == id)
}

fn takes_name(filter: Option<&str>, name: &str) -> bool {
    filter.is_none_or(|filter| filter.is_empty() || assumed::name_matches(name, filter))
}
