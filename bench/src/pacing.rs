//! One process of the pacing bench.

use crate::Result;
use crate::clients::client;

pub async fn pace(url: &str, calls: usize) -> Result {
    let client = client(url)?;
    for _ in 0..calls {
        client.me().get().max_attempts(10).await?;
    }
    let usage = client.usage();
    println!("{} {} {:.3}", usage.requests, usage.rate_limited, usage.waited.as_secs_f64());
    Ok(())
}
