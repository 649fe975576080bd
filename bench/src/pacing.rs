//! One process of the pacing benchmark: makes calls, some concurrently, all with one client.

use crate::clients::client;
use crate::result::Result;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

pub async fn pace(url: &str, calls: usize, at_once: usize) -> Result {
    let client = client(url)?;
    let left = Arc::new(AtomicUsize::new(calls));
    let ends = Arc::new(Mutex::new(Vec::with_capacity(calls)));
    let start = Instant::now();
    let workers: Vec<_> = (0..at_once)
        .map(|_| {
            let (client, left, ends) = (client.clone(), Arc::clone(&left), Arc::clone(&ends));
            tokio::spawn(async move {
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
                    client.me().get().max_attempts(20).await?;
                    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                    ends.lock().unwrap_or_else(PoisonError::into_inner).push(now.as_millis());
                }
                Ok::<_, configcat_management::Error>(())
            })
        })
        .collect();
    for worker in workers {
        worker.await??;
    }
    let usage = client.usage();
    println!("{} {} {:.3}", usage.requests, usage.rate_limited, start.elapsed().as_secs_f64());
    let ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{}", ends.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    Ok(())
}
