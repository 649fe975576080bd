//! A server on a raw socket, because a framework would not send such responses.

use configcat_management::{Builder, Client};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A valid identifier.
pub const ID: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed";

/// A part of a response.
#[derive(Clone)]
pub enum Part {
    /// Sends these bytes.
    Send(Arc<[u8]>),
    /// Sends these bytes again and again, until the client closes the connection or ten seconds have passed.
    Flood(Arc<[u8]>),
    /// Closes the connection.
    Close,
}

/// Returns the parts of the response to a request head.
type Script = dyn Fn(&str) -> Vec<Part> + Send + Sync;

/// A server with a thread of its own, so that it does not delay the client. Stops when it is dropped.
pub struct Host {
    url: String,
    requests: Arc<AtomicU32>,
    runtime: Option<Runtime>,
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Host {
    /// Starts a server.
    pub fn start(script: impl Fn(&str) -> Vec<Part> + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let requests = Arc::new(AtomicU32::new(0));
        let script: Arc<Script> = Arc::new(script);
        let count = Arc::clone(&requests);
        runtime.spawn(async move {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&count)));
            }
        });
        Ok(Self { url, requests, runtime: Some(runtime) })
    }

    /// Starts a server that sends the same parts to every request.
    pub fn fixed(parts: Vec<Part>) -> std::io::Result<Self> {
        Self::start(move |_| parts.clone())
    }

    /// Returns the builder of a client for this server.
    pub fn builder(&self, username: &str, password: &str) -> Builder {
        Client::builder().credentials(username, password).base_url(&*self.url).max_attempts(1)
    }

    /// URL of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Number of requests received.
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, count: Arc<AtomicU32>) {
    while let Some(head) = request(&mut stream).await {
        count.fetch_add(1, Ordering::SeqCst);
        for part in script(&head) {
            let sent = match part {
                Part::Send(bytes) => stream.write_all(&bytes).await.is_ok(),
                Part::Close => false,
                Part::Flood(bytes) => {
                    let flood = async { while stream.write_all(&bytes).await.is_ok() {} };
                    let _ = tokio::time::timeout(Duration::from_secs(10), flood).await;
                    false
                }
            };
            if !sent {
                return;
            }
        }
    }
}

/// Reads a request, and returns its head. The body is short and arrives with the head or soon after it.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let length = header(&head, "content-length").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

/// Returns a header of a request head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Returns a complete response.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Returns a response in one part.
pub fn whole(status: &str, headers: &str, body: &[u8]) -> Vec<Part> {
    vec![Part::Send(response(status, headers, body).into())]
}
