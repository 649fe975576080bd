//! Interleaved comparison of our blocking client with reqwest's.

use crate::clients::{USER, client};
use crate::contenders::{ME, settings};
use crate::result::Result;
use crate::samples::{Samples, ready, turns};
use configcat_management::blocking::Client;
use configcat_management::models::{ConfigId, Me, Setting};
use std::hint::black_box;
use std::time::Instant;

/// A blocking client under measurement.
trait BlockingContender {
    fn name(&self) -> &'static str;
    fn small(&self) -> Result;
    fn list(&self, config: &str) -> Result;
}

impl BlockingContender for Client {
    fn name(&self) -> &'static str {
        "this"
    }

    fn small(&self) -> Result {
        black_box(self.me().get().send()?);
        Ok(())
    }

    fn list(&self, config: &str) -> Result {
        black_box(self.settings().list(ConfigId::from(config)).send()?);
        Ok(())
    }
}

/// reqwest's blocking client, as used directly by a program.
struct Reqwest {
    client: reqwest::blocking::Client,
    url: String,
}

impl Reqwest {
    fn get(&self, path: &str) -> Result<bytes::Bytes> {
        let request = self.client.get(format!("{}{path}", self.url)).basic_auth(USER, Some(USER));
        Ok(request.send()?.error_for_status()?.bytes()?)
    }
}

impl BlockingContender for Reqwest {
    fn name(&self) -> &'static str {
        "reqwest::blocking"
    }

    fn small(&self) -> Result {
        black_box(serde_json::from_slice::<Me>(&self.get(ME)?)?);
        Ok(())
    }

    fn list(&self, config: &str) -> Result {
        black_box(serde_json::from_slice::<Vec<Setting>>(&self.get(&settings(config))?)?);
        Ok(())
    }
}

/// Compares our blocking client with reqwest's.
pub fn compare(url: &str, small: &str, large: &str) -> Result {
    // Ours first: it installs the process-wide crypto provider, without which reqwest cannot build a client.
    let ours = Client::from(client(url)?);
    let builder = reqwest::blocking::Client::builder().no_proxy().tcp_nodelay(true);
    let reqwest = Reqwest { client: builder.build()?, url: url.to_owned() };
    ready()?;
    let contenders: [&dyn BlockingContender; 2] = [&ours, &reqwest];
    for (row, rounds, calls, config) in [
        ("small call", 120, 50, None),
        ("1,000 flags", 80, 1, Some(small)),
        ("10,000 flags", 40, 1, Some(large)),
    ] {
        let mut samples = Samples::new("Rust, blocking", row, contenders.map(BlockingContender::name));
        for (at, counts) in turns(rounds, contenders.len()) {
            let Some(contender) = contenders.get(at) else { continue };
            let start = Instant::now();
            for _ in 0..calls {
                match config {
                    Some(config) => contender.list(config)?,
                    None => contender.small()?,
                }
            }
            if counts {
                samples.add(at, start.elapsed() / calls);
            }
        }
        samples.print();
    }
    Ok(())
}
