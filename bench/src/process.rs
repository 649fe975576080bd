//! Costs of a process: memory for a long list, and time until the first response.

use crate::clients::client;
use crate::result::Result;
use crate::samples::{figures, ready};
use configcat_management::Client;
use configcat_management::models::ConfigId;
use std::time::Instant;

/// Reads a long list once, and prints the increase of peak memory and the size of the response.
pub async fn memory(url: &str, config: &str) -> Result {
    let client = client(url)?;
    client.me().get().await?;
    let before = peak()?;
    let flags = client.settings().list(ConfigId::from(config)).await?;
    let rose = peak()? - before;
    ready()?;
    let path = format!("{url}/v1/configs/{config}/settings");
    let bare = reqwest::Client::builder().no_proxy().build()?;
    let body = bare.get(path).basic_auth("simulator", Some("simulator")).send().await?.bytes().await?;
    if flags.len() != 10_000 {
        return Err(format!("a list of {} flags", flags.len()).into());
    }
    let (row, body) = ("memory for 10,000 flags", body.len() as f64 / 1e6);
    figures("Rust, process", row, "this", "MB", &[rose]);
    figures("Rust, process", row, "the response", "MB of JSON", &[body]);
    figures("Rust, process", row, "times the response", "x", &[rose / body]);
    Ok(())
}

/// Returns the peak memory of this process, in MB.
pub fn peak() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM here")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1e3)
}

/// Prints the time to create a client, the time of its first call, and the time to create a client with TLS.
pub async fn first_call(url: &str) -> Result {
    let start = Instant::now();
    let client = client(url)?;
    let made = start.elapsed();
    client.me().get().await?;
    let called = start.elapsed() - made;
    let start = Instant::now();
    // Nothing is sent: a client for a remote `https` URL loads the platform's certificates.
    let with_tls =
        Client::builder().credentials("user", "password").base_url("https://api.example.com").build()?;
    let tls = start.elapsed();
    drop(with_tls);
    ready()?;
    for (row, took) in [("creating a client", made), ("its first call", called), ("added by TLS", tls)] {
        figures("Rust, process", row, "this", "ms", &[took.as_secs_f64() * 1e3]);
    }
    Ok(())
}
