//! `completion`: prints a completion script for a shell.

use crate::failure::Failure;
use crate::spec::resources;
use crate::terminal::print;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use clap_complete::Shell;
use configcat_management::operations;

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(configcat-management completion bash)
  configcat-management completion zsh > \"${fpath[1]}/_configcat-management\"
  configcat-management completion fish > ~/.config/fish/completions/configcat-management.fish
  configcat-management completion powershell | Out-String | Invoke-Expression")]
pub struct Completion {
    /// Shell.
    #[arg(value_enum)]
    shell: ShellChoice,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShellChoice {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Completion {
    pub fn run(self, definition: clap::Command) -> Result<u8, Failure> {
        let shell = match self.shell {
            ShellChoice::Bash => Shell::Bash,
            ShellChoice::Zsh => Shell::Zsh,
            ShellChoice::Fish => Shell::Fish,
            ShellChoice::Powershell => Shell::PowerShell,
        };
        let mut definition = with_names(definition);
        let name = definition.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut definition, name, &mut script);
        let script = String::from_utf8_lossy(&script);
        // clap_complete 4.6.11 spells a name with a hyphen in two ways (clap issue 6421), so that nothing matches in bash.
        print(&script.replace("configcat__subcmd__management", "configcat__management"))?;
        if matches!(self.shell, ShellChoice::Fish) {
            print(&names_for_fish())?;
        }
        Ok(0)
    }
}

/// Adds the names of operations and resources. Parsing does not have them, because it suggests corrections.
fn with_names(definition: clap::Command) -> clap::Command {
    let values = |names: Vec<&'static str>| PossibleValuesParser::new(names);
    let operations = || values(operations::ALL.iter().map(|operation| operation.id).collect());
    let with_operation =
        |command: clap::Command| command.mut_arg("operation", |argument| argument.value_parser(operations()));
    definition
        .mut_subcommand("call", with_operation)
        .mut_subcommand("operations", with_operation)
        .mut_subcommand("get", |command| {
            command.mut_arg("resource", |argument| argument.value_parser(values(resources())))
        })
}

/// Completes the names for fish, whose generated script has options and commands only.
fn names_for_fish() -> String {
    let operations: Vec<&str> = operations::ALL.iter().map(|operation| operation.id).collect();
    let line = |commands: &str, names: &[&str]| {
        let condition = format!("__fish_seen_subcommand_from {commands}");
        format!("complete -c configcat-management -n \"{condition}\" -f -a \"{}\"\n", names.join(" "))
    };
    line("call operations", &operations) + &line("get", &resources())
}
