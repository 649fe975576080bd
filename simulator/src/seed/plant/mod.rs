//! Applies a seed to a state through the same functions as requests, so that a seed obeys the same rules. What the service
//! generates, and a seed may state, is replaced afterwards.

mod change_request;
mod config;
mod organization;
mod people;
mod product;
mod setting;

use super::Seed;
use super::mistakes;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{JiraConnection, Person};
use configcat_management::Timestamp;
use configcat_management::spec::validate::{self, Enums};
use configcat_management::spec::{Schema, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// Applies a seed to a state. Entities and audit log entries without a time of their own get `now`.
struct Planter<'a> {
    state: &'a mut State,
    now: Timestamp,
}

/// Adds the position in the seed to a problem.
trait At<T> {
    fn at(self, path: impl FnOnce() -> String) -> Result<T, Problem>;
}

impl<T> At<T> for Result<T, Problem> {
    fn at(self, path: impl FnOnce() -> String) -> Self {
        self.map_err(|problem| problem.below(&path()))
    }
}

impl Seed {
    pub(crate) fn plant(&self, state: &mut State) -> Result<(), Problem> {
        if let Some(clock) = &self.clock {
            state.clock.set(clock.frozen_at, clock.ahead_micros);
        }
        let before = state.ids;
        let given = self.organizations.iter().flat_map(|organization| &organization.audit_log).flatten();
        // So that no generated entry gets the number of one that follows.
        if let Some(last) = given.filter_map(|entry| entry.audit_log_id).max() {
            state.ids.reserve_audit("auditLogId", last)?;
        }
        let now = state.clock.now();
        let owner = state.me.clone();
        let mut planter = Planter { state, now };
        for (i, user) in self.users.iter().enumerate() {
            planter.user(user).at(|| format!("users[{i}]"))?;
        }
        for (i, organization) in self.organizations.iter().enumerate() {
            planter.organization(organization, &owner).at(|| format!("organizations[{i}]"))?;
        }
        for (i, credential) in self.credentials.iter().enumerate() {
            planter.credential(credential).at(|| format!("credentials[{i}]"))?;
        }
        for client_key in &self.jira_connections {
            state.jira_connections.insert(JiraConnection { client_key: client_key.clone() });
        }
        let (number, audit) = (state.highest_number(), state.highest_audit());
        state.ids.follow(
            last("lastNumber", self.last_number, number.max(before.last_number()))?,
            last("lastAuditLogId", self.last_audit_log_id, audit.max(before.last_audit()))?,
        )
    }
}

/// Returns the last number that is in use.
fn last(field: &str, given: Option<i64>, used: i64) -> Result<i64, Problem> {
    match given {
        Some(given) if given < used => {
            Err(Problem::field(field, format!("It is at least {used}, the largest number in use.")))
        }
        given => Ok(given.unwrap_or(used)),
    }
}

impl Planter<'_> {
    fn person(&self, email: &str) -> Result<Person, Problem> {
        self.state
            .by_email(email)
            .cloned()
            .ok_or_else(|| Problem::field("email", format!("The seed has no user {email}.")))
    }

    /// Returns the named person, or the one who plants.
    fn person_or_me(&self, field: &str, email: Option<&String>) -> Result<Person, Problem> {
        email.map_or_else(|| Ok(self.state.me.clone()), |email| self.person(email).at(|| field.to_owned()))
    }
}

/// Rejects an identifier with which a request could not name the entity.
fn check_uuid(field: &str, id: Option<&impl fmt::Display>) -> Result<(), Problem> {
    match id.map(ToString::to_string) {
        Some(id) if !validate::is_uuid(&id) => {
            Err(Problem::field(field, format!("It must be a UUID, not '{id}'.")))
        }
        _ => Ok(()),
    }
}

/// Checks a part of the seed against the spec, like the body of a request, and returns its canonical form.
fn checked<T: Serialize + DeserializeOwned>(body: &T, schema: &'static Schema) -> Result<T, Problem> {
    let json = serde_json::to_value(body).map_err(|error| Problem::field("", error.to_string()))?;
    parse_body(json, schema)
}

/// Parses a part of the seed as the body of a request. Unlike in a request, unknown fields are mistakes.
fn parse_body<T: DeserializeOwned>(mut json: Value, schema: &'static Schema) -> Result<T, Problem> {
    let ty = Type::Object(schema);
    crate::canonical::body(&mut json, &ty);
    let mut found = mistakes::unknown_fields(&json, &ty, &[]);
    found.extend(validate::check(&json, &ty, Enums::Closed));
    if let Some(problem) = Problem::violations(found) {
        return Err(problem);
    }
    // The check has named the place of whatever has another type.
    serde_json::from_value(json).map_err(|error| Problem::field("", error.to_string()))
}
