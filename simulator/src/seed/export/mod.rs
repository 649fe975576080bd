//! Writes the state as a seed that plants the same state.

mod change_request;
mod config;
mod organization;
mod people;
mod product;
mod setting;

use super::{ClockSeed, CredentialSeed, Reference, Seed, UserSeed};
use crate::state::State;
use crate::state::entities::{Place, Tag};
use crate::state::lookup::sorted;
use configcat_management::models::{EnvironmentId, PermissionGroupId, ProductId};
use serde::Serialize;
use serde_json::Value;

/// E-mail address of the user who owns the simulator, and who is never part of a seed.
const OWNER: &str = "simulator@example.com";

/// Reads a state.
struct Exporter<'a> {
    state: &'a State,
}

impl State {
    /// Returns a seed that plants this state. `owner` is the user name of the simulator's owner, whose credential is not
    /// part of a seed.
    #[must_use]
    pub fn to_seed(&self, owner: &str) -> Seed {
        let exporter = Exporter { state: self };
        let clock = ClockSeed {
            frozen_at: self.clock.frozen_at(),
            ahead_micros: if self.clock.is_frozen() { 0 } else { self.clock.ahead_micros() },
        };
        let users = self.users.values().filter(|user| user.person.email != OWNER).map(|user| UserSeed {
            user_id: Some(user.person.id.clone()),
            email: user.person.email.clone(),
            full_name: user.person.full_name.clone(),
            two_factor_enabled: user.two_factor,
        });
        let credentials = self.credentials.values().filter(|credential| credential.username != owner);
        let organizations = sorted(self.organizations.values(), |organization| organization.created);
        Seed {
            clock: (clock != ClockSeed::default()).then_some(clock),
            last_number: (self.ids.last_number() > self.highest_number()).then_some(self.ids.last_number()),
            last_audit_log_id: (self.ids.last_audit() > self.highest_audit())
                .then_some(self.ids.last_audit()),
            users: users.collect(),
            credentials: credentials
                .filter_map(|credential| {
                    Some(CredentialSeed {
                        username: credential.username.clone(),
                        password: credential.password.clone(),
                        user: self.person(&credential.user)?.email.clone(),
                        rate_limit: credential.rate_limit,
                    })
                })
                .collect(),
            jira_connections: self.jira_connections.values().map(|jira| jira.client_key.clone()).collect(),
            organizations: organizations.into_iter().map(|o| exporter.organization(o)).collect(),
        }
    }
}

impl Exporter<'_> {
    /// Returns the name of an environment, or its identifier if the name is ambiguous.
    fn environment(&self, product: &ProductId, id: &EnvironmentId) -> String {
        let all = || self.state.environments.of(product);
        let Some(found) = self.state.environments.get(id) else { return id.to_string() };
        let others = all().filter(|other| other.id != *id);
        let ambiguous = others.into_iter().any(|other| other.name == found.name);
        if ambiguous { id.to_string() } else { found.name.clone() }
    }

    /// Returns the name of a permission group, or its number if the name is ambiguous.
    fn group(&self, product: &ProductId, id: PermissionGroupId) -> Reference {
        let name = self.state.permission_groups.get(&id).map(|group| group.name.clone()).unwrap_or_default();
        match self.state.permission_groups.find(&(product.clone(), name.clone())).count() {
            1 => Reference::Name(name),
            _ => Reference::Number(id.get()),
        }
    }

    /// Returns the name of a tag, or its number if the name is ambiguous.
    fn tag(&self, tag: &Tag) -> Reference {
        match self.state.tags.find(&(tag.product.clone(), tag.name.clone())).count() {
            1 => Reference::Name(tag.name.clone()),
            _ => Reference::Number(tag.id.get()),
        }
    }
}

/// Tracks the order that an entity gets without one of its own: after those before it.
#[derive(Default)]
struct Orders {
    last: Option<i32>,
}

impl Orders {
    /// Returns the order of an entity, unless it is the default.
    fn given(&mut self, place: Place) -> Option<i32> {
        let default = self.last.map_or(0, |last| last.saturating_add(1));
        self.last = Some(self.last.map_or(place.order, |last| last.max(place.order)));
        (place.order != default).then_some(place.order)
    }
}

/// Returns the JSON of a value without members that are null, which mean the same as absent ones.
fn pruned(value: &impl Serialize) -> Value {
    let mut json = serde_json::to_value(value).unwrap_or_default();
    prune(&mut json);
    json
}

fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(prune);
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}
