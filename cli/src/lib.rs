//! The command line `configcat-management`, for its program and for packages that ship it.

mod arguments;
mod carry_out;
mod child;
mod commands;
mod failure;
mod files;
mod grid;
mod interrupt;
mod plan_options;
mod profile;
mod respond;
mod session;
mod spec;
mod table;
mod terminal;
mod tree;
mod uncovered;

use std::ffi::OsString;

/// Status of a run that failed.
const FAILED: u8 = 1;

/// Runs a command, and returns its exit status. The first argument is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match arguments::parse(&arguments) {
        Ok(cli) => cli,
        Err(problem) => {
            // clap reports help and version as errors too; they go to the standard output.
            let _ = problem.print();
            return match (problem.exit_code(), arguments::is_plan(&arguments)) {
                (0, _) => 0,
                // Status 2 of `plan` means that there are changes.
                (_, true) => FAILED,
                (_, false) => failure::USAGE,
            };
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::complain(&format!("error: the runtime cannot be started: {error}"));
            return FAILED;
        }
    };
    let status = runtime.block_on(arguments::dispatch(cli));
    // Without waiting for a thread that reads from the terminal.
    runtime.shutdown_background();
    status
}
