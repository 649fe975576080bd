//! SDK keys.

use crate::call::Call;
use crate::generated::sdk_keys::SdkKeys;
use crate::problem::Problem;
use crate::state::State;
use configcat_management::construct;
use configcat_management::models::{self, ConfigId, EnvironmentId};

impl SdkKeys for State {
    // Documented: the secondary SDK key may be null.
    fn get(
        &mut self,
        _: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
    ) -> Result<models::SdkKeys, Problem> {
        self.pair(&config_id, &environment_id)?;
        let pair = self.sdk_keys.get(&(config_id, environment_id)).ok_or_else(Problem::not_found)?;
        Ok(construct::SdkKeysFields { primary: pair.primary.clone(), secondary: pair.secondary.clone() }
            .into())
    }
}
