//! The user whose credentials are in use.

use crate::call::Call;
use crate::generated::me::Me;
use crate::problem::Problem;
use crate::state::State;
use configcat_management::construct;
use configcat_management::models;

impl Me for State {
    // Documented: the user whose credentials are used is returned.
    fn get(&mut self, _: &Call<'_>) -> Result<models::Me, Problem> {
        Ok(construct::MeFields { email: self.me.email.clone(), full_name: self.me.full_name.clone() }.into())
    }
}
