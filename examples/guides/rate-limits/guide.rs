//! Makes more calls than the rate limit allows at once.

// docs: guide
use configcat_management::{Builder, Client, Error, ErrorKind};
use std::time::Duration;

pub async fn run() -> Result<(), Error> {
    let client = Client::from_env()?; // waits for the rate limit
    let calls: Vec<_> = (0..25).map(|_| client.me().get()).collect();
    let count = calls.len();
    let result = configcat_management::bulk(calls).await?;
    let succeeded = count - result.failed().count();
    println!("{succeeded} of {count} calls succeeded");

    let shortest = Duration::from_millis(1); // does not wait so long
    let client = Builder::from_env().max_rate_limit_wait(shortest).build()?;
    let mut refused = 0;
    for _ in 0..25 {
        match client.me().get().await {
            Err(error) if error.kind() == ErrorKind::RateLimited => {
                refused += 1
            }
            other => drop(other?),
        }
    }
    let some = if refused > 0 { "True" } else { "False" };
    println!("calls that would have waited too long: {some}");
    Ok(())
}
// docs: end
