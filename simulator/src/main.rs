//! `configcat-simulator`: the simulator as a program.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    ExitCode::from(configcat_simulator::command_line::run(std::env::args()).await)
}
