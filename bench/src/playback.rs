//! Plays recorded answers of the simulator from memory, so that the clients are measured and not the server.

use crate::result::Result;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream, copy, sink};
use tokio::net::{TcpListener, TcpStream};

type Answers = Arc<HashMap<String, Vec<u8>>>;

/// Records what the simulator answers at each path, then serves that until it is stopped.
pub async fn run(simulator: &str, paths: &[String]) -> Result {
    // A client of ours chooses the cryptography of the process; without a choice reqwest builds no client at all.
    crate::clients::client(simulator)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut answers = HashMap::new();
    for path in paths {
        let request = client.get(format!("{simulator}{path}")).basic_auth("simulator", Some("simulator"));
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let mut bytes = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(&body);
        answers.insert(path.clone(), bytes);
    }
    let answers: Answers = Arc::new(answers);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, Arc::clone(&answers)));
    }
}

/// Serves one connection: what was recorded to whoever asks for it, and nothing to whoever sends something.
async fn serve(stream: TcpStream, answers: Answers) -> Result {
    const MISSING: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
    const TAKEN: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let mut stream = BufStream::with_capacity(16 << 10, 16 << 10, stream);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut words = line.split(' ');
        let reads = words.next() == Some("GET");
        let path = words.next().unwrap_or_default().to_owned();
        let mut body = 0;
        while line.trim() != "" {
            line.clear();
            stream.read_line(&mut line).await?;
            if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                body = length.trim().parse()?;
            }
        }
        copy(&mut (&mut stream).take(body), &mut sink()).await?;
        let recorded = || answers.get(&path).map_or(MISSING, Vec::as_slice);
        stream.write_all(if reads { recorded() } else { TAKEN }).await?;
        stream.flush().await?;
    }
}
