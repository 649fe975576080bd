//! Command line of the simulator, for its program and for packages that embed it.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]

use crate::seed::Seed;
use crate::{RateLimit, ResetFormat, Simulator};
use clap::{Parser, Subcommand};
use std::io::{IsTerminal as _, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

mod startup;

/// Simulates the ConfigCat Public Management API: real HTTP, real state, no account, no network.
#[derive(Parser)]
#[command(name = "configcat-simulator", version)]
struct Cli {
    /// Port to listen on; 0 selects a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// IP address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Allow listening on addresses that other machines can reach.
    #[arg(long)]
    allow_remote: bool,
    /// User name of the simulator's owner.
    #[arg(long, default_value = "simulator")]
    user: String,
    /// Password of the simulator's owner.
    #[arg(long, default_value = "simulator")]
    password: String,
    /// Limit each credential to N requests in a window of SECONDS seconds, such as 100/60.
    #[arg(long, value_name = "N/SECONDS")]
    rate_limit: Option<RateLimit>,
    /// Format of the X-Rate-Limit-Reset header: dotnet, epoch, seconds, rfc3339 or http-date.
    #[arg(long, value_name = "FORMAT", default_value = "dotnet")]
    rate_limit_reset: ResetFormat,
    /// Initial data: `empty`, `demo`, or a JSON or YAML file.
    #[arg(long, value_name = "FILE", default_value = "empty")]
    seed: String,
    /// Folder in which the state is persisted; by default it is kept in memory only.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Number of requests that the journal keeps; 0 disables it.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    journal: usize,
    /// Print a line per request to the standard error: method, path, status, milliseconds.
    #[arg(long)]
    log: bool,
    /// Disable the admin path and the console.
    #[arg(long)]
    no_admin: bool,
    /// Token that requests to the admin path must have; by default a random one if --host is not a loopback address.
    #[arg(long, value_name = "TOKEN", conflicts_with = "no_admin")]
    admin_token: Option<String>,
    /// Allow webhooks to call other machines.
    #[arg(long)]
    webhooks_anywhere: bool,
    /// Serve HTTPS, with a certificate that is made at start.
    #[arg(long)]
    tls: bool,
    /// Serve HTTPS, and write the certificate that clients must trust (PEM) to a file.
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// Serve HTTPS with a certificate that is also for this host name, such as that of the service. Can be repeated.
    #[arg(long, value_name = "NAME")]
    tls_name: Vec<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Export the state from `--seed` and `--state` for other tools.
    Export {
        #[command(subcommand)]
        format: Format,
    },
}

#[derive(Subcommand)]
enum Format {
    /// Stub mappings and files for WireMock.
    Wiremock {
        /// Folder for `mappings` and `__files`; created if it does not exist.
        dir: PathBuf,
    },
    /// A seed that plants the same state, as JSON or YAML by the extension of the file.
    Seed {
        /// File to write.
        file: PathBuf,
    },
    /// A snapshot, in the format of the admin path.
    Snapshot {
        /// File to write.
        file: PathBuf,
    },
}

/// Runs the program until it receives a signal, and returns its exit status. The first argument is the program's name.
pub async fn run(arguments: impl IntoIterator<Item = String>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(problem) => {
            // clap reports help and version as errors too; they go to the standard output.
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
    let startup = startup::Startup::new(&cli.user, &cli.password, &cli.seed, !cli.no_admin);
    let (host, own_token) = (cli.host, cli.admin_token.is_some());
    let tls = cli.tls || cli.tls_ca.is_some() || !cli.tls_name.is_empty();
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
    for name in cli.tls_name {
        builder = builder.tls_name(name);
    }
    if let Some(token) = cli.admin_token {
        builder = builder.admin_token(token);
    }
    if let Some(limit) = cli.rate_limit {
        builder = builder.rate_limit(limit);
    }
    if let Some(folder) = cli.state {
        builder = builder.state_dir(folder);
    }
    if cli.log {
        let has_colours = startup::has_colours(std::io::stderr().is_terminal());
        builder = builder.on_request(move |request| {
            // Nothing can be done if the log cannot be written.
            let _ = writeln!(std::io::stderr(), "{}", startup::request_line(request, has_colours));
        });
    }
    if let Some(Command::Export { format }) = cli.command {
        return export(builder.host(IpAddr::from([127, 0, 0, 1])).port(0).start().await?, format).await;
    }
    let simulator = builder.tls(tls).start().await?;
    // Before the URL is printed, so that a process that reads it finds the certificate.
    if let (Some(file), Some(certificate)) = (&cli.tls_ca, simulator.ca_certificate()) {
        std::fs::write(file, certificate).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    // Before the URL is printed: a process that reads it may send a signal immediately.
    let stopped = stop_signal()?;
    let token = simulator.admin_token().filter(|_| !own_token);
    if let Some(warning) = exposure_warning(host, tls, token) {
        let _ = writeln!(std::io::stderr(), "{warning}");
    }
    let url = simulator.url();
    print_line(&url)?;
    // Programs may close the pipe after the URL.
    let _ = print_line(startup.text(&url));
    stopped.await;
    simulator.stop().await;
    Ok(())
}

/// Returns the warning to print if other hosts can reach the simulator, with the generated token of the admin path.
fn exposure_warning(host: IpAddr, tls: bool, token: Option<&str>) -> Option<String> {
    let token = token.map_or_else(String::new, |token| {
        format!("; its admin path requires this token (--admin-token sets another, --no-admin disables the path)\nadmin token: {token}")
    });
    let without = if tls { "" } else { " without TLS" };
    (!host.is_loopback()).then(|| {
        format!("warning: other hosts can reach this simulator, which listens on {host}{without}{token}")
    })
}

/// Loads a seed: `empty`, `demo`, or a file.
///
/// # Errors
/// Reports what is wrong with the file, and where.
pub fn seed(name: &str) -> Result<Seed, String> {
    let named = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    match name {
        "empty" => return Ok(Seed::empty()),
        "demo" => return Seed::demo().map_err(|e| named(&e)),
        _ => {}
    }
    let text = std::fs::read_to_string(name).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("{name:?} is neither a seed (empty, demo) nor a file"),
        _ => named(&error),
    })?;
    if is_json(Path::new(name)) { Seed::from_json(&text) } else { Seed::from_yaml(&text) }
        .map_err(|e| named(&e))
}

/// Writes a file that its owner only can read, because it contains passwords and keys.
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(bytes)
}

fn is_json(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

async fn export(simulator: Simulator, format: Format) -> Result<(), Box<dyn std::error::Error>> {
    match format {
        Format::Wiremock { dir } => {
            let count = simulator.export_wiremock(&dir).await?;
            print_line(format_args!("{count} stub mappings in {}", dir.display()))?;
        }
        Format::Seed { file } => {
            let seed = simulator.export_seed();
            let text = if is_json(&file) { seed.to_json()? } else { seed.to_yaml()? };
            write_private(&file, text.as_bytes())?;
        }
        Format::Snapshot { file } => {
            write_private(&file, &serde_json::to_vec_pretty(&simulator.snapshot())?)?;
        }
    }
    simulator.stop().await;
    Ok(())
}

/// Prints a line. Unlike `println!`, does not panic if the standard output is a closed pipe or on a full disk.
fn print_line(line: impl std::fmt::Display) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|e| format!("the standard output: {e}"))
}

/// Returns a future that completes on SIGINT or SIGTERM; the handlers are installed by the call itself.
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

/// Returns a future that completes on Ctrl-C; the handler is installed by the call itself.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        let _ = interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::{exposure_warning, seed};

    #[test]
    fn seed_that_does_not_exist_is_refused() {
        assert_eq!(seed("dmo").unwrap_err(), "\"dmo\" is neither a seed (empty, demo) nor a file");
    }

    #[test]
    fn warning_is_given_only_if_other_hosts_can_connect() {
        let warning = |host: &str| exposure_warning(host.parse().unwrap(), false, Some("secret"));
        assert_eq!((warning("127.0.0.1"), warning("::1")), (None, None));
        assert!(warning("0.0.0.0").is_some_and(|text| text.contains("other hosts")));
        assert!(warning("192.0.2.1").is_some_and(|text| text.contains("192.0.2.1")));
        assert!(warning("0.0.0.0").is_some_and(|text| text.ends_with("\nadmin token: secret")));
    }
}
