//! Measures the client against plain reqwest and hyper with `serde_json`, the pacing, and the simulator's throughput.
//!
//! `cargo xtask bench` starts the servers and runs this program, which only measures.

mod blocking;
mod clients;
mod compare;
mod contenders;
mod instructions;
mod jobs;
mod large;
mod load;
mod pacing;
mod playback;
mod process;
mod result;
mod samples;

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
    /// Compares our blocking client with reqwest's.
    Blocking { small: String, large: String },
    /// Measures only hyper with `serde_json`.
    Floor { small: String, large: String },
    /// Measures the increase of memory for a long list.
    Memory { config: String },
    /// Measures the time until the first response.
    FirstCall,
    /// Records responses of the simulator and serves them until it is stopped.
    Play { paths: Vec<String> },
    /// Serves fixed responses for counting instructions until it is stopped.
    Serve,
    /// One process of the pacing benchmark: makes calls, some concurrently, and prints how many were rejected with 429.
    Pace { calls: usize, at_once: usize },
    /// Does work for counting instructions; calls go to the URL.
    Work { what: String, times: usize },
    /// Measures whole jobs of the change layer; `compare` also measures single calls.
    Jobs { what: String },
    /// Measures a plan for the largest product.
    Large,
    /// Generates load with small requests over concurrent connections.
    Load { connections: usize, seconds: u64 },
}

fn main() -> Result {
    let cli = Cli::parse();
    let url = cli.url.as_str();
    match cli.command {
        // Blocking calls are refused on threads of an asynchronous runtime.
        Command::Blocking { small, large } => blocking::compare(url, &small, &large),
        Command::Work { what, times } => instructions::work(url, &what, times),
        Command::Fill { flags } => run(clients::fill(url, flags)),
        Command::Clients { small, large } => run(compare::compare(url, &small, &large)),
        Command::Floor { small, large } => run(compare::floor(url, &small, &large)),
        Command::Memory { config } => run(process::memory(url, &config)),
        Command::FirstCall => run(process::first_call(url)),
        Command::Play { paths } => run(playback::run(url, &paths)),
        Command::Serve => run(instructions::serve()),
        Command::Pace { calls, at_once } => run(pacing::pace(url, calls, at_once)),
        Command::Jobs { what } => run(jobs::run(url, &what)),
        Command::Large => run(large::run(url)),
        Command::Load { connections, seconds } => run(load::run(url, connections, seconds)),
    }
}

fn run(command: impl Future<Output = Result>) -> Result {
    tokio::runtime::Runtime::new()?.block_on(command)
}
