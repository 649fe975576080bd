//! `simulator`: runs the simulator.

use crate::failure::Failure;
use clap::Args;

/// Run the simulator of the API: real HTTP, real state, no account, no network.
#[derive(Debug, Args)]
#[command(
    disable_help_flag = true,
    after_help = "\
Example:
  configcat-management simulator --port 8080 --seed demo

`configcat-management simulator --help` lists its options."
)]
pub struct SimulatorCommand {
    /// Options of the simulator.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<String>,
}

impl SimulatorCommand {
    pub async fn run(self) -> Result<u8, Failure> {
        let program = "configcat-management simulator".to_owned();
        Ok(configcat_simulator::command_line::run(std::iter::once(program).chain(self.options)).await)
    }
}
