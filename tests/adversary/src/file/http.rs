//! Requests of the simulator's owner.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// `simulator` and `simulator`.
const BASIC: &str = "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==";

/// Sends a request, such as `GET /v1/me`. Returns status and body of the response.
pub async fn call(address: SocketAddr, line: &str, body: &str) -> Result<(u16, String), String> {
    let request = format!(
        "{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{BASIC}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        Ok::<String, std::io::Error>(text)
    };
    let text = exchange.await.map_err(|error| format!("{line}: {error}"))?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| format!("{line}: no response"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(|| format!("{line}: no status"))?, body.to_owned()))
}
