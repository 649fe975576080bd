//! `configcat-simulator`: the simulator as a program.
#![allow(clippy::print_stdout, reason = "a command line tool prints")]

use clap::Parser;
use configcat_simulator::seed::Seed;
use configcat_simulator::{RateLimit, Simulator};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

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
    #[arg(long, value_name = "N/SECONDS", value_parser = rate_limit)]
    rate_limit: Option<RateLimit>,
    /// JSON file with what is there from the start.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    let (limit, seconds) = text.split_once('/').ok_or("write it as N/SECONDS, such as 100/60")?;
    let limit: u64 = limit.trim().parse().map_err(|_| "N is a whole number")?;
    let seconds: f64 = seconds.trim().parse().map_err(|_| "SECONDS is a number")?;
    let window = Duration::try_from_secs_f64(seconds).map_err(|_| "SECONDS is a positive number")?;
    if limit == 0 || window.is_zero() {
        return Err("both must be above zero".into());
    }
    Ok(RateLimit { limit, window })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Simulator::builder()
        .host(cli.host)
        .port(cli.port)
        .allow_remote(cli.allow_remote)
        .credentials(cli.user, cli.password);
    if let Some(limit) = cli.rate_limit {
        builder = builder.rate_limit(limit);
    }
    if let Some(path) = cli.seed {
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        builder = builder.seed(Seed::from_json(&text).map_err(|e| format!("{}: {e}", path.display()))?);
    }
    let simulator = builder.start().await?;
    println!("{}", simulator.url());
    stop_signal().await?;
    simulator.stop().await;
    Ok(())
}

/// Waits for SIGINT or SIGTERM.
async fn stop_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
