//! Serves recorded responses of the simulator from memory, so that the clients are measured and not the server.

use crate::result::Result;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream, copy, sink};
use tokio::net::{TcpListener, TcpStream};

/// Responses by path.
#[derive(Default)]
pub struct Recordings(HashMap<String, Vec<u8>>);

impl Recordings {
    pub fn add(&mut self, path: &str, body: &[u8]) {
        let mut bytes = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        self.0.insert(path.to_owned(), bytes);
    }
}

/// Records the simulator's response at each path, then serves the responses until the program is stopped.
pub async fn run(simulator: &str, paths: &[String]) -> Result {
    // Our client installs the process-wide crypto provider, without which reqwest cannot build a client.
    crate::clients::client(simulator)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut recordings = Recordings::default();
    for path in paths {
        let request = client.get(format!("{simulator}{path}")).basic_auth("simulator", Some("simulator"));
        recordings.add(path, &request.send().await?.error_for_status()?.bytes().await?);
    }
    serve(recordings).await
}

/// Serves responses on a free port, and prints the URL.
pub async fn serve(recordings: Recordings) -> Result {
    let recordings = Arc::new(recordings);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(stream, Arc::clone(&recordings)));
    }
}

/// Serves one connection: responds to GET with the recorded response, and to other methods with an empty one.
async fn connection(stream: TcpStream, recordings: Arc<Recordings>) -> Result {
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
        let recorded = || recordings.0.get(&path).map_or(MISSING, Vec::as_slice);
        stream.write_all(if reads { recorded() } else { TAKEN }).await?;
        stream.flush().await?;
    }
}
