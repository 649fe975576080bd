//! Load generator: small requests over keep-alive connections, each sent as soon as the last response has arrived. Minimal

use crate::result::Result;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const REQUEST: &[u8] =
    b"GET /v1/me HTTP/1.1\r\nhost: simulator\r\nauthorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n\r\n";

pub async fn run(url: &str, connections: usize, seconds: u64) -> Result {
    let address = url.trim_start_matches("http://").to_owned();
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(one(address.clone(), end))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |part: f64| latencies.get((latencies.len() as f64 * part) as usize).copied().unwrap_or_default();
    println!("{:.0} {} {}", latencies.len() as f64 / elapsed, at(0.5).as_micros(), at(0.99).as_micros());
    Ok(())
}

async fn one(address: String, end: Instant) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::new();
    let mut buffer = vec![0; 4096];
    while Instant::now() < end {
        let start = Instant::now();
        stream.write_all(REQUEST).await?;
        let mut got = 0;
        loop {
            let n = stream.read(buffer.get_mut(got..).unwrap_or_default()).await?;
            if n == 0 {
                return Err("the simulator closed the connection".into());
            }
            got += n;
            if complete(buffer.get(..got).unwrap_or_default()) {
                break;
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 200") {
            return Err("the simulator did not answer with 200".into());
        }
        latencies.push(start.elapsed());
    }
    Ok(latencies)
}

/// Whether the response is complete: its body is a JSON object, so it ends with `}`, or with the last chunk.
fn complete(bytes: &[u8]) -> bool {
    let chunked = bytes.windows(7).any(|window| window == b"chunked");
    if chunked { bytes.ends_with(b"\r\n0\r\n\r\n") } else { bytes.ends_with(b"}") }
}
