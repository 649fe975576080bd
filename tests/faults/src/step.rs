//! Scripted behaviour of a server on a connection.

use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Maximum size of a request head; no test sends a larger one.
const LONGEST: usize = 64 << 10;

/// One step of a script. After the last one the connection is closed gracefully.
#[derive(Clone)]
pub enum Step {
    /// Reads an HTTP/1 request with its body.
    Read,
    /// Reads this many bytes.
    ReadBytes(usize),
    /// Reads the HTTP/2 connection preface.
    ReadPreface,
    /// Reads HTTP/2 frames until a request is complete.
    ReadStream,
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Responds with this status, and with the head of the request as the body.
    Echo(&'static str),
    /// Writes these bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Does nothing for a while.
    Wait(Duration),
    /// Sends nothing more, but keeps the connection open until the client closes it.
    Hold,
    /// Closes the sending half of the connection, and keeps reading until the client closes the other half.
    HalfClose,
    /// Resets the connection.
    Reset,
}

/// How a script ended.
pub enum End {
    /// The connection is closed gracefully.
    Close,
    /// The connection is reset.
    Reset,
}

/// Plays the steps on a connection.
pub async fn play(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    steps: Vec<Step>,
) -> std::io::Result<End> {
    let mut received = Vec::new();
    for step in steps {
        match step {
            Step::Read => received = request(stream).await?,
            Step::ReadBytes(count) => drop(stream.read_exact(&mut vec![0; count]).await?),
            Step::ReadPreface => drop(stream.read_exact(&mut [0; 24]).await?),
            Step::ReadStream => frames(stream).await?,
            Step::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Step::Echo(status) => {
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", received.len());
                stream.write_all(&[head.as_bytes(), &received].concat()).await?;
                stream.flush().await?;
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    stream.flush().await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Step::Wait(time) => tokio::time::sleep(time).await,
            Step::Hold => while stream.read(&mut [0; 1024]).await? > 0 {},
            Step::HalfClose => {
                stream.shutdown().await?;
                while stream.read(&mut [0; 1024]).await? > 0 {}
            }
            Step::Reset => return Ok(End::Reset),
        }
    }
    Ok(End::Close)
}

/// Reads a request with its body, and returns its head.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut seen = Vec::new();
    loop {
        let byte = stream.read_u8().await?;
        seen.push(byte);
        if seen.ends_with(b"\r\n\r\n") || seen.len() > LONGEST {
            break;
        }
    }
    let head = String::from_utf8_lossy(&seen).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    stream.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
    Ok(seen)
}

/// Reads frames until one that ends a stream.
async fn frames(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<()> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, ..] = head;
        stream.read_exact(&mut vec![0; usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c)]).await?;
        // DATA or HEADERS with END_STREAM.
        if kind <= 1 && flags & 1 == 1 {
            return Ok(());
        }
    }
}
