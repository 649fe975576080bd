//! Measures the client beside bare reqwest and hyper with `serde_json`, the pacing, and the simulator's throughput.
//!
//! `cargo xtask bench` starts what is needed and runs this; it only measures.

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
    /// Where the simulator listens.
    #[arg(long, default_value = "")]
    url: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills a config with flags and prints its id.
    Fill { flags: usize },
    /// Our client beside bare reqwest and hyper, with `serde_json`.
    Clients { small: String, large: String },
    /// hyper with `serde_json` alone.
    Floor { small: String, large: String },
    /// How far the memory rises for a long list.
    Memory { config: String },
    /// What comes before the first answer.
    FirstCall,
    /// Records answers of the simulator and plays them until it is stopped.
    Play { paths: Vec<String> },
    /// One process of the pacing bench: makes so many calls, some at once, and prints how often it was turned away.
    Pace { calls: usize, at_once: usize },
    /// Work whose instructions are counted.
    Work { what: String, times: usize },
    /// Small requests over so many connections for some seconds.
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
