//! `configcat-management`: the command line as a program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(configcat_management_cli::run(std::env::args_os()))
}
