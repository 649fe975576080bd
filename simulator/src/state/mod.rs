//! State of the simulator: tables of plain rows behind one lock, independent of HTTP.

pub(crate) mod audit;
mod cascade;
mod check;
pub mod clock;
pub(crate) mod entities;
pub(crate) mod ids;
pub(crate) mod lookup;
pub(crate) mod notices;
mod notify;
pub(crate) mod proxies;
mod sdk_keys;
pub mod snapshot;
pub(crate) mod strict;
pub(crate) mod table;
pub(crate) mod tables;
pub(crate) mod touched;
mod views;
pub(crate) mod views_change_requests;
pub(crate) mod views_values;

use configcat_management::models::UserId;
use entities::{Credential, Person, User};

pub(crate) use audit::Event;
pub use snapshot::Snapshot;
pub use tables::State;

impl State {
    /// Adds the credential of the simulator's owner, and the owner's user if it does not exist.
    pub(crate) fn add_owner(&mut self, username: &str, password: &str) {
        let person = Person {
            id: UserId::new("simulator-user"),
            email: "simulator@example.com".into(),
            full_name: "Simulator User".into(),
        };
        // A snapshot may have another user with this e-mail address.
        let person = self.by_email(&person.email).cloned().unwrap_or(person);
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
