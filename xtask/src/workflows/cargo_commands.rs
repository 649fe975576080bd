//! Finds cargo commands in shell scripts that may use other versions than the recorded ones.

/// Subcommands that resolve no dependencies of the project, or have no option `--locked`.
const WITHOUT_LOCK: [&str; 6] = ["cyclonedx", "fmt", "info", "machete", "search", "semver-checks"];
/// Words that may precede a command.
const PREFIXES: [&str; 8] = ["!", "do", "else", "env", "exec", "if", "sudo", "then"];

/// Returns the commands of a shell script, each as its words. Quotes are not interpreted.
pub fn commands(script: &str) -> Vec<Vec<String>> {
    let script = script.replace("\\\n", " ");
    let commands = script.split(['\n', ';', '|', '&', '(', ')', '`']);
    let words = commands.map(|command| {
        let words = command.split_whitespace();
        let words = words.skip_while(|word| PREFIXES.contains(word) || word.contains('='));
        words.take_while(|word| !word.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    });
    words.filter(|words| !words.is_empty()).collect()
}

/// Returns the options that a cargo command lacks.
pub fn missing(command: &[String]) -> Option<&'static str> {
    let (program, arguments) = command.split_first()?;
    if program != "cargo" {
        return None;
    }
    let subcommand = arguments.iter().find(|word| !word.starts_with(['-', '+']))?;
    if subcommand == "install" && !exact_version(arguments) {
        return Some("`--version` with the complete version of one crate");
    }
    let locked = arguments.iter().any(|word| word == "--locked");
    (!locked && !WITHOUT_LOCK.contains(&subcommand.as_str())).then_some("`--locked`")
}

/// Whether `cargo install` names one crate and its complete version.
fn exact_version(arguments: &[String]) -> bool {
    let option = arguments.iter().position(|word| word == "--version");
    let version = option.and_then(|at| arguments.get(at + 1)).map_or("", String::as_str);
    let exact = version.split('.').count() == 3 && version.starts_with(|first: char| first.is_ascii_digit());
    let names = arguments.iter().filter(|word| !word.starts_with('-') && *word != version);
    // `install` and the name of the crate.
    exact && names.count() == 2
}
