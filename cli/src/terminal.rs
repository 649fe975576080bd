//! The standard streams: what is a terminal, colours, questions, progress.

use crate::failure::Failure;
use crate::interrupt::pressed;
use configcat_management::changes::Progress;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

/// Width of a table if the output is not a terminal, in characters.
const WIDE: usize = 120;

/// Writes to the standard output. A pipe that its reader has closed, as `head` does, is not an error.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to the standard error. Nothing can be done if that fails.
pub fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether the standard output is a terminal.
pub fn is_interactive() -> bool {
    io::stdout().is_terminal()
}

/// Whether text on the standard output has colours.
pub fn has_colour() -> bool {
    wants_colour(is_interactive())
}

/// Whether text on the standard error has colours.
pub fn has_colour_on_error() -> bool {
    wants_colour(io::stderr().is_terminal())
}

/// `NO_COLOR` takes precedence over `CLICOLOR_FORCE`, which asks for colours also where there is no terminal.
fn wants_colour(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let is_forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let is_capable = is_terminal && set("TERM").is_none_or(|term| term != "dumb");
    set("NO_COLOR").is_none() && (is_forced || is_capable)
}

/// Number of characters in a line of the standard output.
pub fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.filter(|columns| *columns > 0).or_else(columns_of_terminal).unwrap_or(WIDE)
}

#[cfg(unix)]
fn columns_of_terminal() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(size.ws_col.into()).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
const fn columns_of_terminal() -> Option<usize> {
    None
}

/// Whether the user can be asked: the question is shown and the input comes from a terminal.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question. Everything but `y` and `yes` means no.
pub async fn ask(question: &str) -> Result<bool, Failure> {
    let prompt = format!("{question} [y/N] ");
    let _ = io::stderr().write_all(prompt.as_bytes()).and_then(|()| io::stderr().flush());
    let answer = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    let answer = tokio::select! {
        answer = answer => answer.map_err(|error| Failure::new(error.to_string()))?,
        () = pressed() => return Err(Failure::Interrupted),
    };
    let answer = answer.map_err(|error| Failure::new(format!("the standard input: {error}")))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Shows the progress of applying a plan on the standard error, if that is a terminal.
pub fn progress(progress: Progress) {
    if !io::stderr().is_terminal() {
        return;
    }
    let text = if progress.completed < progress.total {
        format!("\r\u{1b}[2K{} of {} steps", progress.completed, progress.total)
    } else {
        "\r\u{1b}[2K".to_owned()
    };
    let _ = io::stderr().write_all(text.as_bytes()).and_then(|()| io::stderr().flush());
}
