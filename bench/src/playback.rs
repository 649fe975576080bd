//! Plays recorded answers of the simulator from memory, so that the clients are measured and not the server.

use crate::Result;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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

/// Serves one connection; the clients that are measured send nothing but GET.
async fn serve(mut stream: TcpStream, answers: Answers) -> Result {
    let mut buffer = vec![0; 16 * 1024];
    let mut got = 0;
    loop {
        let n = stream.read(buffer.get_mut(got..).unwrap_or_default()).await?;
        if n == 0 {
            return Ok(());
        }
        got += n;
        let head = buffer.get(..got).unwrap_or_default();
        if head.ends_with(b"\r\n\r\n") {
            let text = String::from_utf8_lossy(head);
            let path = text.split(' ').nth(1).unwrap_or_default();
            let missing: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
            let answer = answers.get(path).map_or(missing, Vec::as_slice);
            stream.write_all(answer).await?;
            got = 0;
        }
    }
}
