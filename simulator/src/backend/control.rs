//! What tests do to the simulator: the admin path and [`Simulator`](crate::Simulator) share it.

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

/// A credential that a test adds; its person is made if there is none with the address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCredential {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// E-mail address of whoever calls with it; the simulator's owner when left out.
    #[serde(default)]
    pub user: Option<String>,
    /// Full name, for somebody new.
    #[serde(default)]
    pub full_name: Option<String>,
    /// A budget of its own.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// Organizations that the person is to administer.
    #[serde(default)]
    pub admin_of: Vec<OrganizationId>,
    /// Permission groups that the person is to be in.
    #[serde(default)]
    pub permission_group_ids: Vec<configcat_management::models::PermissionGroupId>,
}

/// What time it is for the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockReport {
    /// The time.
    pub now: Timestamp,
    /// Whether it stands.
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

    /// Replaces the state by a snapshot.
    pub(crate) fn restore(&self, snapshot: Snapshot) -> Transaction<()> {
        self.transact_as_owner(|state| {
            state.restore(snapshot).map_err(|message| Problem::text(400, message))?;
            // The owner stays able to call it.
            state.add_owner(&self.owner.0, &self.owner.1);
            Ok(())
        })
    }

    /// Adds a seed.
    pub(crate) fn plant(&self, seed: &Seed) -> Transaction<()> {
        self.transact_as_owner(|state| seed.plant(state))
    }

    /// The simulator's time.
    pub(crate) fn clock(&self) -> ClockReport {
        report(&lock(&self.state).state)
    }

    /// Changes the clock, and applies what is due then.
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

    /// Adds a credential, with its person if there is none with the address.
    pub(crate) fn add_credential(&self, new: NewCredential) -> Transaction<UserId> {
        self.transact_as_owner(|state| {
            if new.username.is_empty() || new.username.contains(':') {
                return Err(Problem::field("username", "A user name is not empty and has no colon."));
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
