//! Measures the client against plain reqwest and hyper with `serde_json`, the pacing, and the simulator's throughput.
//!
//! `cargo xtask bench` starts the servers and runs this program, which only measures.

mod clients;
mod compare;
mod contenders;
mod instructions;
mod load;
mod pacing;
mod playback;
mod process;
mod result;
mod stats;

use clap::{Parser, Subcommand};
use result::Result;

#[derive(Parser)]
struct Cli {
    /// URL of the simulator.
    #[arg(long, default_value = "")]
    url: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Creates a config with flags and prints its id.
    Fill { flags: usize },
    /// Compares our client with plain reqwest and hyper, all with `serde_json`.
    Clients { small: String, large: String },
    /// Measures only hyper with `serde_json`.
    Floor { small: String, large: String },
    /// Measures the increase of memory for a long list.
    Memory { config: String },
    /// Measures the time until the first response.
    FirstCall,
    /// Records responses of the simulator and serves them until it is stopped.
    Play { paths: Vec<String> },
    /// One process of the pacing benchmark: makes calls, some concurrently, and prints how many were rejected with 429.
    Pace { calls: usize, at_once: usize },
    /// Does work for counting instructions.
    Work { what: String, times: usize },
    /// Generates load with small requests over concurrent connections.
    Load { connections: usize, seconds: u64 },
}

#[tokio::main]
async fn main() -> Result {
    let cli = Cli::parse();
    match cli.command {
        Command::Fill { flags } => clients::fill(&cli.url, flags).await,
        Command::Clients { small, large } => compare::compare(&cli.url, &small, &large).await,
        Command::Floor { small, large } => compare::floor(&cli.url, &small, &large).await,
        Command::Memory { config } => process::memory(&cli.url, &config).await,
        Command::FirstCall => process::first_call(&cli.url).await,
        Command::Play { paths } => playback::run(&cli.url, &paths).await,
        Command::Pace { calls, at_once } => pacing::pace(&cli.url, calls, at_once).await,
        Command::Work { what, times } => instructions::work(&what, times),
        Command::Load { connections, seconds } => load::run(&cli.url, connections, seconds).await,
    }
}
