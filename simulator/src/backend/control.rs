//! Control of the simulator by tests, shared by the admin path and [`Simulator`](crate::Simulator).

use super::transactions::{Backend, Transaction, lock};
use crate::problem::Problem;
use crate::rate_limit::RateLimit;
use crate::seed::Seed;
use crate::state::State;
use crate::state::entities::Credential;
use crate::state::snapshot::Snapshot;
use configcat_management::Timestamp;
use configcat_management::models::{InvitationId, OrganizationId, UserId};
use serde::{Deserialize, Serialize};

/// A credential to be added. Its user is created if none has the e-mail address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCredential {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// E-mail address of its user. Default: the simulator's owner.
    #[serde(default)]
    pub user: Option<String>,
    /// Full name, for a new user.
    #[serde(default)]
    pub full_name: Option<String>,
    /// Rate limit of this credential. Default: the simulator's.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// Organizations of which the user becomes an administrator.
    #[serde(default)]
    pub admin_of: Vec<OrganizationId>,
    /// Permission groups that the user joins.
    #[serde(default)]
    pub permission_group_ids: Vec<configcat_management::models::PermissionGroupId>,
}

/// State of the simulator's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockReport {
    /// Current time.
    pub now: Timestamp,
    /// Whether the clock is stopped.
    pub frozen: bool,
}

impl Backend {
    /// Runs a transaction as the owner of the simulator.
    pub(crate) fn transact_as_owner<T>(
        &self,
        run: impl FnOnce(&mut State) -> Result<T, Problem>,
    ) -> Transaction<T> {
        self.transact(None, |state| {
            if let Some(owner) = self.owner(state) {
                state.me = owner;
            }
            run(state)
        })
    }

    /// Replaces the state with a snapshot.
    pub(crate) fn restore(&self, snapshot: Snapshot) -> Transaction<()> {
        self.transact_as_owner(|state| {
            state.restore(snapshot).map_err(|message| Problem::text(400, message))?;
            // The owner's credential must stay valid.
            state.add_owner(&self.owner.0, &self.owner.1);
            Ok(())
        })
    }

    /// Adds a seed.
    pub(crate) fn plant(&self, seed: &Seed) -> Transaction<()> {
        self.transact_as_owner(|state| seed.plant(state))
    }

    /// Returns the state of the clock.
    pub(crate) fn clock(&self) -> ClockReport {
        report(&lock(&self.state).state)
    }

    /// Changes the clock, and applies the scheduled changes that are due then.
    pub(crate) fn set_clock(&self, set: impl FnOnce(&mut State)) -> Transaction<ClockReport> {
        self.transact_as_owner(|state| {
            set(state);
            let now = state.clock.now();
            state.apply_due(now);
            Ok(report(state))
        })
    }

    /// Accepts an invitation.
    pub(crate) fn accept_invitation(
        &self,
        id: &InvitationId,
        full_name: Option<String>,
    ) -> Transaction<UserId> {
        self.transact_as_owner(|state| state.accept_invitation(state.clock.now(), id, full_name))
    }

    /// Adds a credential, and creates its user if none has the e-mail address.
    pub(crate) fn add_credential(&self, new: NewCredential) -> Transaction<UserId> {
        self.transact_as_owner(|state| {
            if new.username.is_empty() || new.username.contains(':') {
                return Err(Problem::field("username", "A user name is not empty and has no colon."));
            }
            if let Some(limit) = &new.rate_limit {
                limit.check().map_err(|message| Problem::field("rateLimit", message))?;
            }
            let known = new.user.as_deref().map(|email| (email, state.by_email(email).map(|p| p.id.clone())));
            let user = match known {
                None => state.me.id.clone(),
                Some((_, Some(user))) => user,
                Some((email, None)) => {
                    state.create_user(None, email, new.full_name.as_deref().unwrap_or(email))
                }
            };
            let now = state.clock.now();
            for organization in &new.admin_of {
                state.organization(organization)?;
                state.set_roles(now, organization, &user, Some(true), None)?;
            }
            for group in &new.permission_group_ids {
                state.join_group(now, &user, *group)?;
            }
            state.credentials.insert(Credential {
                username: new.username,
                password: new.password,
                user: user.clone(),
                rate_limit: new.rate_limit,
            });
            Ok(user)
        })
    }
}

fn report(state: &State) -> ClockReport {
    ClockReport { now: state.clock.now(), frozen: state.clock.is_frozen() }
}
