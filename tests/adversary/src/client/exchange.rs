//! Raw requests to a simulator.

use configcat_simulator::seed::Seed;
use configcat_simulator::{Builder, Simulator};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Credentials of the owner, and the content type of JSON.
pub const OWNER: &str =
    "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\ncontent-type: application/json\r\n";
/// Ids of the demo seed.
pub const PRODUCT: &str = "20000000-0000-4000-8000-000000000001";
pub const ENVIRONMENT: &str = "30000000-0000-4000-8000-000000000001";
pub const CONFIG: &str = "50000000-0000-4000-8000-000000000001";
/// A boolean flag.
pub const FLAG: &str = "3001";

/// Time within which a response arrives, or the connection is closed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts a simulator with the demo seed.
pub async fn start(builder: Builder) -> Result<Simulator, String> {
    let seed = Seed::demo().map_err(|e| e.to_string())?;
    builder.seed(seed).start().await.map_err(|e| e.to_string())
}

/// Sends a request with these header lines, and returns status and body.
pub async fn send(
    simulator: &Simulator,
    line: &str,
    headers: &str,
    body: &str,
) -> Result<(u16, String), String> {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let request = format!("{line} HTTP/1.1\r\nconnection: close\r\n{headers}{length}\r\n{body}");
    let response = raw(simulator.address(), request.as_bytes()).await?;
    response.ok_or_else(|| format!("{line}: the connection was closed without a response"))
}

/// Sends a request of the owner.
pub async fn call(simulator: &Simulator, line: &str, body: &str) -> Result<(u16, String), String> {
    send(simulator, line, &format!("host: localhost\r\n{OWNER}"), body).await
}

/// Sends bytes and returns status and body of the response; `None` if the connection was closed without one.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> Result<Option<(u16, String)>, String> {
    let mut stream = TcpStream::connect(address).await.map_err(|e| format!("cannot connect: {e}"))?;
    let (mut reading, mut writing) = stream.split();
    let mut response = Vec::new();
    let exchange = async {
        // Responses may arrive before a request is complete, and the connection may be reset then.
        let write = async {
            let _ = writing.write_all(bytes).await;
        };
        tokio::join!(write, async {
            let _ = reading.read_to_end(&mut response).await;
        });
    };
    let late = tokio::time::timeout(PATIENCE, exchange).await;
    late.map_err(|_| {
        format!("no response to {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(100)]))
    })?;
    let text = String::from_utf8_lossy(&response).into_owned();
    let status = text.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok(status.map(|status| (status, body)))
}

/// Checks that the simulator still responds.
pub async fn is_alive(simulator: &Simulator) -> Result<(), String> {
    let (status, _) = call(simulator, "GET /v1/me", "").await?;
    crate::ensure(status == 200, format_args!("the simulator responds with {status}"))
}
