//! What the simulator knows: tables of plain rows behind one lock. No HTTP here.

pub(crate) mod audit;
mod cascade;
pub mod clock;
pub(crate) mod entities;
pub(crate) mod ids;
pub(crate) mod lookup;
pub(crate) mod notices;
pub mod snapshot;
pub(crate) mod table;
pub(crate) mod tables;
mod views;
pub(crate) mod views_change_requests;
pub(crate) mod views_values;

use crate::problem::Problem;
use crate::seed::Seed;
use configcat_management::models::UserId;
use entities::{Credential, Person, User};

pub(crate) use audit::Event;
pub use snapshot::Snapshot;
pub use tables::State;

impl State {
    /// The state that a seed describes, with a credential that may do everything in it.
    ///
    /// # Errors
    /// The first rule that the seed breaks.
    pub fn from_seed(seed: &Seed, username: &str, password: &str) -> Result<Self, Problem> {
        let mut state = Self::default();
        state.transaction(|state| state.begin(seed, username, password))?;
        Ok(state)
    }

    /// What an empty state begins with: the owner, and the seed.
    pub(crate) fn begin(&mut self, seed: &Seed, username: &str, password: &str) -> Result<(), Problem> {
        self.add_owner(username, password);
        seed.plant(self)
    }

    /// Makes sure that the credential of the simulator's owner is there.
    pub(crate) fn add_owner(&mut self, username: &str, password: &str) {
        let person = Person {
            id: UserId::new("simulator-user"),
            email: "simulator@example.com".into(),
            full_name: "Simulator User".into(),
        };
        if !self.users.contains(&person.id) {
            self.users.insert(User { person: person.clone(), two_factor: false });
        }
        let user =
            self.credentials.get(&username.to_owned()).map_or_else(|| person.id.clone(), |c| c.user.clone());
        let credential =
            Credential { username: username.into(), password: password.into(), user, rate_limit: None };
        self.credentials.insert(credential);
        self.me = person;
    }
}
