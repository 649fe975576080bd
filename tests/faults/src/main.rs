//! Starts the servers for the tests of every language, prints their URLs and the result that a client must report for each,
//! and serves until the standard input is closed.
//!
//! The first line has the settings of the client: `settings`, then in milliseconds the timeouts of a connection, an attempt
//! and a call and the maximum wait for the rate limit, then the maximum number of attempts and the maximum response size in
//! bytes. Each line that follows has a fault and a request: its name, `get` or `post`, the URL, the result of the call, the
//! number of attempts, and whether it may have been applied. Fields are separated by tabs; an empty line ends the table.
//!
//! With the argument `mutual`, it starts the server that requires a certificate of its clients instead, and prints its URL, the
//! certificate authority to trust, and a certificate with its key. Each is a line; `|` stands for a line break.

use fault_server::{Expected, all, settings, start, start_mutual};
use std::error::Error;
use std::io::Read as _;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    match std::env::args().nth(1).as_deref() {
        Some("mutual") => mutual().await?,
        _ => faults().await?,
    }
    println!();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

async fn mutual() -> Result<(), Box<dyn Error + Send + Sync>> {
    let site = start_mutual().await?;
    let line = |pem: &str| pem.replace("\r", "").replace('\n', "|");
    println!("{}\n{}\n{}{}", site.url, line(&site.authority), line(&site.certificate), line(&site.key));
    Ok(())
}

async fn faults() -> Result<(), Box<dyn Error + Send + Sync>> {
    println!(
        "settings\t{}\t{}\t{}\t{}\t{}\t{}",
        settings::CONNECT_TIMEOUT.as_millis(),
        settings::ATTEMPT_TIMEOUT.as_millis(),
        settings::TIMEOUT.as_millis(),
        settings::MAX_RATE_LIMIT_WAIT.as_millis(),
        settings::MAX_ATTEMPTS,
        settings::MAX_RESPONSE_SIZE
    );
    // Servers count their connections, so each method needs its own servers.
    for method in ["get", "post"] {
        let (sites, _) = start(all().into_iter().filter(|fault| fault.everywhere).collect()).await?;
        for site in sites {
            let expected = if method == "get" { &site.fault.get } else { &site.fault.post };
            let Expected { seen, attempts, maybe_applied, .. } = expected;
            let (name, url, seen) = (site.fault.name, site.url, seen.word());
            println!("{name}\t{method}\t{url}\t{seen}\t{attempts}\t{maybe_applied}");
        }
    }
    Ok(())
}
