//! What a server does on a connection, step by step.

use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Nothing that a client sends in the tests is longer.
const LONGEST: usize = 64 << 10;

/// One step; after the last one the connection is closed as it should be.
#[derive(Clone)]
pub enum Step {
    /// Reads a request of HTTP/1, with its body.
    Read,
    /// Reads this many bytes.
    ReadBytes(usize),
    /// Reads with what a connection of HTTP/2 begins.
    ReadPreface,
    /// Reads frames of HTTP/2 until a request is whole.
    ReadStream,
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Answers with this status, and with what was read of the request as the body.
    Echo(&'static str),
    /// Writes these bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Does nothing for a while.
    Wait(Duration),
    /// Says nothing any more, but keeps the connection until the client leaves.
    Hold,
    /// Breaks the connection.
    Reset,
}

/// How a script ended.
pub enum End {
    /// The client is told that nothing more comes.
    Close,
    /// The connection is broken off.
    Reset,
}

/// Plays the steps on a connection.
pub async fn play(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    steps: Vec<Step>,
) -> std::io::Result<End> {
    let mut heard = Vec::new();
    for step in steps {
        match step {
            Step::Read => heard = request(stream).await?,
            Step::ReadBytes(count) => drop(stream.read_exact(&mut vec![0; count]).await?),
            Step::ReadPreface => drop(stream.read_exact(&mut [0; 24]).await?),
            Step::ReadStream => frames(stream).await?,
            Step::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Step::Echo(status) => {
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", heard.len());
                stream.write_all(&[head.as_bytes(), &heard].concat()).await?;
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
            Step::Reset => return Ok(End::Reset),
        }
    }
    Ok(End::Close)
}

/// A request with its body; gives what came before the body.
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

/// Frames until one that ends a stream.
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
