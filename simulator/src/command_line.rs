//! The command line of the simulator: for its program, and for packages that bring it along.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]

use crate::seed::Seed;
use crate::{RateLimit, ResetFormat, Simulator};
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// Simulates the ConfigCat Public Management API: real HTTP, real state, no account, no network.
#[derive(Parser)]
#[command(name = "configcat-simulator", version)]
struct Cli {
    /// Port to listen on; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Allow addresses that other machines can reach.
    #[arg(long)]
    allow_remote: bool,
    /// User name that callers need.
    #[arg(long, default_value = "simulator")]
    user: String,
    /// Password that callers need.
    #[arg(long, default_value = "simulator")]
    password: String,
    /// Limit each credential to N requests in a window of so many seconds, such as 100/60.
    #[arg(long, value_name = "N/SECONDS")]
    rate_limit: Option<RateLimit>,
    /// How the end of a window is written: dotnet, epoch, seconds, rfc3339 or http-date.
    #[arg(long, value_name = "FORMAT", default_value = "dotnet")]
    rate_limit_reset: ResetFormat,
    /// What is there from the start: `empty`, `demo`, or a JSON or YAML file.
    #[arg(long, value_name = "FILE", default_value = "empty")]
    seed: String,
    /// Folder that keeps the state; without one it is forgotten in the end.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Requests that the journal keeps; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    journal: usize,
    /// Leave the admin path out.
    #[arg(long)]
    no_admin: bool,
    /// Let webhooks call other machines.
    #[arg(long)]
    webhooks_anywhere: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Writes what is there, from `--seed` and `--state`, for other tools.
    Export {
        #[command(subcommand)]
        format: Format,
    },
}

#[derive(Subcommand)]
enum Format {
    /// Stub mappings and files for WireMock.
    Wiremock {
        /// Folder for `mappings` and `__files`; made if it is not there.
        dir: PathBuf,
    },
    /// A snapshot, as the admin path gives and takes it.
    Snapshot {
        /// File to write.
        file: PathBuf,
    },
}

/// Runs the program with these arguments, the first of which is its name, until a signal ends it; its exit status.
pub async fn run(arguments: impl IntoIterator<Item = String>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(problem) => {
            // Help and version are "problems" that go to the standard output.
            let _ = problem.print();
            return u8::try_from(problem.exit_code()).unwrap_or(1);
        }
    };
    match serve(cli).await {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            1
        }
    }
}

async fn serve(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let exposed = exposed(cli.host);
    let mut builder = Simulator::builder()
        .host(cli.host)
        .port(cli.port)
        .allow_remote(cli.allow_remote)
        .credentials(cli.user, cli.password)
        .rate_limit_reset(cli.rate_limit_reset)
        .journal(cli.journal)
        .admin(!cli.no_admin)
        .webhooks_anywhere(cli.webhooks_anywhere)
        .seed(seed(&cli.seed)?);
    if let Some(limit) = cli.rate_limit {
        builder = builder.rate_limit(limit);
    }
    if let Some(folder) = cli.state {
        builder = builder.state_dir(folder);
    }
    if let Some(Command::Export { format }) = cli.command {
        return export(builder.host(IpAddr::from([127, 0, 0, 1])).port(0).start().await?, format).await;
    }
    let simulator = builder.start().await?;
    // Whoever reads the address may send a signal at once.
    let stopped = stop_signal()?;
    if let Some(warning) = exposed {
        let _ = writeln!(std::io::stderr(), "{warning}");
    }
    say(simulator.url())?;
    stopped.await;
    simulator.stop().await;
    Ok(())
}

/// What to say where callers on other hosts can come.
fn exposed(host: IpAddr) -> Option<String> {
    (!host.is_loopback()).then(|| {
        format!(
            "warning: other hosts can reach this simulator, which listens on {host} without TLS; its admin path asks \
             nobody for credentials (--no-admin leaves it out)"
        )
    })
}

/// The seed that is called `empty` or `demo`, or is in a file.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn seed(name: &str) -> Result<Seed, String> {
    let named = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    match name {
        "empty" => return Ok(Seed::empty()),
        "demo" => return Seed::demo().map_err(|e| named(&e)),
        _ => {}
    }
    let text = std::fs::read_to_string(name).map_err(|e| named(&e))?;
    let json = Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if json { Seed::from_json(&text) } else { Seed::from_yaml(&text) }.map_err(|e| named(&e))
}

async fn export(simulator: Simulator, format: Format) -> Result<(), Box<dyn std::error::Error>> {
    match format {
        Format::Wiremock { dir } => {
            let count = simulator.export_wiremock(&dir).await?;
            say(format_args!("{count} stub mappings in {}", dir.display()))?;
        }
        Format::Snapshot { file } => {
            std::fs::write(&file, serde_json::to_vec_pretty(&simulator.snapshot())?)?
        }
    }
    simulator.stop().await;
    Ok(())
}

/// A line on the standard output, which may be a closed pipe or a file on a full disk: `println!` panics there.
fn say(line: impl std::fmt::Display) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|e| format!("the standard output: {e}"))
}

/// Ends with SIGINT or SIGTERM; both are caught from the call on.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with Ctrl-C, which is caught from the call on.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        let _ = interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::exposed;

    #[test]
    fn it_says_so_where_other_hosts_can_come() {
        let said = |host: &str| exposed(host.parse().unwrap());
        assert_eq!((said("127.0.0.1"), said("::1")), (None, None));
        assert!(said("0.0.0.0").is_some_and(|text| text.contains("other hosts")));
        assert!(said("192.0.2.1").is_some_and(|text| text.contains("192.0.2.1")));
    }
}
