//! The command line as clap parses it.

use crate::commands::{
    apply, call, clone, compare, completion, export, flag, flags, get, man, operations, plan, promote,
    rehearse, simulator, undo, whoami,
};
use crate::failure::Failure;
use crate::interrupt::interruptible;
use crate::session::Session;
use crate::terminal::complain;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::ffi::OsString;

/// Heading of the options that every command has.
const GLOBAL: &str = "Global options";

const EXAMPLES: &str = "\
Examples:
  configcat-management export \"Web Shop\" -o shop.yaml
  configcat-management plan shop.yaml
  configcat-management apply shop.yaml --yes --reason \"Release 12\" --report report.json
  configcat-management undo report.json
  configcat-management promote \"Web Shop\" Storefront Staging Production --flag newCheckout
  configcat-management rehearse \"Web Shop\" -- python cleanup.py
  configcat-management flags \"Web Shop/Storefront\"
  configcat-management flag on \"Web Shop\" Storefront newCheckout Test
  configcat-management get products --json

Credentials come from CONFIGCAT_API_USER and CONFIGCAT_API_PASS, or from a profile of the configuration file
$XDG_CONFIG_HOME/configcat-management/config.toml (CONFIGCAT_CONFIG names another one).

Exit status:
  0    success; for plan: nothing to do
  1    an error
  2    an invalid command line; for plan: there are changes
  3    a plan was applied, but not all of its steps succeeded
  130  interrupted by Ctrl-C
rehearse returns the status of its command if that is not 0.";

/// Keeps feature flags in files, promotes, rehearses and undoes changes, and calls the ConfigCat Public Management API.
#[derive(Debug, Parser)]
#[command(name = "configcat-management", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// Print JSON; get, call and whoami do so by default if the output is not a terminal.
    #[arg(long, global = true, help_heading = GLOBAL)]
    json: bool,
    /// Profile of the configuration file; it takes precedence over the environment.
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "NAME")]
    profile: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Export(export::Export),
    Plan(plan::PlanCommand),
    Apply(apply::Apply),
    Promote(promote::Promote),
    Compare(compare::Compare),
    Clone(clone::CloneProduct),
    Undo(undo::Undo),
    Rehearse(rehearse::Rehearse),
    Flag(flag::Flag),
    Flags(flags::Flags),
    Whoami(whoami::Whoami),
    Get(get::Get),
    Call(call::Call),
    Operations(operations::Operations),
    Simulator(simulator::SimulatorCommand),
    Completion(completion::Completion),
    Man(man::Man),
}

fn definition() -> clap::Command {
    with_help(Cli::command())
}

/// Makes commands that lack all of their arguments print their help.
fn with_help(command: clap::Command) -> clap::Command {
    let needs_some = command.get_positionals().any(clap::Arg::is_required_set);
    let command = command.mut_subcommands(with_help);
    if needs_some { command.arg_required_else_help(true) } else { command }
}

/// Parses the command line.
pub fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&definition().try_get_matches_from(arguments)?)
}

/// Whether arguments that are invalid are those of `plan`.
pub fn is_plan(arguments: &[OsString]) -> bool {
    let parsed = definition().ignore_errors(true).try_get_matches_from(arguments);
    parsed.is_ok_and(|matches| matches.subcommand_name() == Some("plan"))
}

/// Runs a command, and returns its exit status.
pub async fn dispatch(cli: Cli) -> u8 {
    let session = Session { json: cli.json, profile: cli.profile };
    let is_plan = matches!(cli.command, Command::Plan(_));
    // These handle Ctrl-C in their own ways.
    let result = match cli.command {
        Command::Rehearse(command) => command.run(&session).await,
        Command::Simulator(command) => command.run().await,
        command => interruptible(run(&session, command)).await,
    };
    match result {
        Ok(status) => status,
        Err(failure) => {
            if let Some(message) = failure.message() {
                complain(&format!("error: {message}"));
            }
            // Status 2 of `plan` means that there are changes.
            if is_plan && matches!(failure, Failure::Usage(_)) { 1 } else { failure.status() }
        }
    }
}

async fn run(session: &Session, command: Command) -> Result<u8, Failure> {
    match command {
        Command::Export(command) => command.run(session).await,
        Command::Plan(command) => command.run(session).await,
        Command::Apply(command) => command.run(session).await,
        Command::Promote(command) => command.run(session).await,
        Command::Compare(command) => command.run(session).await,
        Command::Clone(command) => command.run(session).await,
        Command::Undo(command) => command.run(session).await,
        Command::Rehearse(command) => command.run(session).await,
        Command::Flag(command) => command.run(session).await,
        Command::Flags(command) => command.run(session).await,
        Command::Whoami(command) => command.run(session).await,
        Command::Get(command) => command.run(session).await,
        Command::Call(command) => command.run(session).await,
        Command::Operations(command) => command.run(session),
        Command::Simulator(command) => command.run().await,
        Command::Completion(command) => command.run(definition()),
        Command::Man(command) => command.run(definition()),
    }
}
