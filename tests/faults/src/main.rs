//! Starts the servers that the tests of every language meet, says where they are and what a client has to see there, and
//! serves until its standard input ends.
//!
//! The first line has the settings of the client: `settings`, then in milliseconds the bounds of a connection, an attempt, a call
//! and a wait for the rate limit, then the number of attempts and the largest answer in bytes. Each line that follows has a
//! fault and a request: its name, `get` or `post`, the address, how the call ends, how often it is sent, and whether it may
//! have been carried out. Fields are separated by tabs; an empty line ends the table.

use fault_server::{Expected, all, settings, start};
use std::error::Error;
use std::io::Read as _;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    println!(
        "settings\t{}\t{}\t{}\t{}\t{}\t{}",
        settings::CONNECT_TIMEOUT.as_millis(),
        settings::ATTEMPT_TIMEOUT.as_millis(),
        settings::TIMEOUT.as_millis(),
        settings::MAX_RATE_LIMIT_WAIT.as_millis(),
        settings::MAX_ATTEMPTS,
        settings::MAX_RESPONSE_SIZE
    );
    // Servers count their connections, so each kind of request has servers of its own.
    for method in ["get", "post"] {
        let (sites, _) = start(all().into_iter().filter(|fault| fault.everywhere).collect()).await?;
        for site in sites {
            let expected = if method == "get" { &site.fault.get } else { &site.fault.post };
            let Expected { seen, attempts, maybe_applied, .. } = expected;
            let (name, url, seen) = (site.fault.name, site.url, seen.word());
            println!("{name}\t{method}\t{url}\t{seen}\t{attempts}\t{maybe_applied}");
        }
    }
    println!();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
