//! Documents, plans, apply and undo over real HTTP.

mod convergence;
mod documents;
mod jobs;
mod mirror_contents;
mod mirror_jobs;
mod mirrors;
mod plans;
mod random;
mod reports;

use configcat_management::changes::{Document, PlanOptions};
use configcat_management::{Client, RateLimitPolicy};
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use configcat_simulator::testing::journal::Query;

/// Starts a simulator with the seed `demo`, and a client of its owner.
async fn demo() -> (Simulator, Client) {
    started(Seed::demo().unwrap()).await
}

/// Starts a simulator with one empty organization.
async fn empty() -> (Simulator, Client) {
    started(Seed::empty()).await
}

async fn started(seed: Seed) -> (Simulator, Client) {
    let simulator = Simulator::builder().seed(seed).start().await.unwrap();
    let client = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .no_proxy()
        .rate_limit_policy(RateLimitPolicy::Pace)
        .build()
        .unwrap();
    (simulator, client)
}

fn document(text: &str) -> Document {
    Document::from_yaml(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Number of requests that the simulator has received.
fn received(simulator: &Simulator) -> usize {
    simulator.journal(&Query::default()).len()
}

/// A product with every section.
const SHOP: &str = r#"
product: Web Shop 2
description: What customers see.
environments:
  - { name: Test, color: blue }
  - { name: Production, color: red, reasonRequired: true, approveRequired: true }
permissionGroups:
  - { name: Developers, accessType: custom, canTagSetting: true, environments: { Test: full, Production: readOnly } }
tags:
  - { name: checkout, color: panther }
  - { name: experiment }
segments:
  - { name: Beta users, comparisonAttribute: Email, comparator: sensitiveIsOneOf, comparisonValue: "a@example.com" }
configs:
  - name: Storefront
    description: Flags of pages.
    evaluationVersion: v2
    settings:
      - key: newSearch
        name: New search
        settingType: boolean
      - key: newCheckout
        name: New checkout
        settingType: boolean
        hint: One page in place of three.
        tags: [checkout, experiment]
        values:
          Test: true
          Production:
            default: false
            rules:
              - if: [{ user: Email, textEndsWithAnyOf: ["@shop.example"] }]
                serve: true
              - if: [{ segment: Beta users }, { flag: newSearch, equals: true }]
                serve: [{ percentage: 20, value: true }, { percentage: 80, value: false }]
              - if: [{ segment: Beta users, comparator: isNotIn }, { flag: newSearch, doesNotEqual: true }]
                serve: false
            percentageAttribute: Country
      - key: banner
        name: Banner
        settingType: string
        values: { Test: Hello, Production: "" }
      - key: limit
        name: Limit
        settingType: int
        values: { Test: 1000, Production: 50 }
      - key: factor
        name: Factor
        settingType: double
        values: { Test: 1, Production: 0.5 }
      - key: colour
        name: Colour
        settingType: string
        predefinedVariations: [{ value: red, name: Red }, { value: blue }]
        values: { Test: blue, Production: red }
  - name: Old app
    evaluationVersion: v1
    settings:
      - key: darkMode
        name: Dark mode
        settingType: boolean
        values:
          Test: true
          Production:
            default: false
            rules:
              - if: [{ user: Email, contains: "@shop.example" }]
                serve: true
              - if: [{ segment: Beta users }]
                serve: true
              - serve: [{ percentage: 10, value: true }, { percentage: 90, value: false }]
"#;

fn reasoned() -> PlanOptions {
    PlanOptions::new().reason("Launch")
}
