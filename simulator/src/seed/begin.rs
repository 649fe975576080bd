//! Creates a state from a seed.

use super::Seed;
use crate::problem::Problem;
use crate::state::State;

impl State {
    /// Returns the state that a seed describes, with the owner's credential. The owner administers every organization
    /// whose `owned` is true.
    ///
    /// # Errors
    /// The first rule that the seed violates.
    pub fn from_seed(seed: &Seed, username: &str, password: &str) -> Result<Self, Problem> {
        let mut state = Self::default();
        state.transaction(|state| state.begin(seed, username, password))?;
        Ok(state)
    }

    /// Initializes an empty state with the owner and the seed.
    pub(crate) fn begin(&mut self, seed: &Seed, username: &str, password: &str) -> Result<(), Problem> {
        self.add_owner(username, password);
        seed.plant(self)
    }
}
