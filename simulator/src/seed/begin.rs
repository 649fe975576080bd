//! A new state from a seed.

use super::Seed;
use crate::problem::Problem;
use crate::state::State;

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
}
