//! Starts the servers.

use crate::fault::{Fault, Server};
use crate::step::{End, Step, play};
use crate::tls::Authority;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A fault with the URL of its server.
pub struct Site {
    /// The fault.
    pub fault: Fault,
    /// The URL of its server.
    pub url: String,
}

/// More connections than any test opens concurrently.
const BACKLOG: u32 = 64;

type Play = fn(usize) -> Vec<Step>;

/// Starts a server for each fault, on loopback. Returns their URLs and the certificate authority to trust, as PEM. The
/// servers stop with the runtime.
///
/// # Errors
/// A server cannot be set up.
pub async fn start(faults: Vec<Fault>) -> Result<(Vec<Site>, String), Box<dyn Error + Send + Sync>> {
    let authority = Authority::new()?;
    let mut sites = Vec::new();
    for fault in faults {
        // Every server binds its port, so that no other process gets it; one without a listener only holds it.
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = socket.local_addr()?;
        let url = match &fault.server {
            Server::NoListener => {
                tokio::spawn(hold(socket));
                format!("http://{address}")
            }
            Server::Elsewhere(url) => (*url).to_owned(),
            Server::Plain(script) => {
                tokio::spawn(plain(socket.listen(BACKLOG)?, *script));
                format!("http://{address}")
            }
            Server::Named(script) => {
                tokio::spawn(plain(socket.listen(BACKLOG)?, *script));
                format!("http://localhost:{}", address.port())
            }
            Server::Encrypted(script) => {
                tokio::spawn(plain(socket.listen(BACKLOG)?, *script));
                format!("https://localhost:{}", address.port())
            }
            Server::Tls(identity, protocols, script) => {
                let acceptor = TlsAcceptor::from(authority.server(*identity, protocols)?);
                tokio::spawn(tls(socket.listen(BACKLOG)?, acceptor, *script));
                format!("https://localhost:{}", address.port())
            }
        };
        sites.push(Site { fault, url });
    }
    Ok((sites, authority.pem()))
}

/// A server that requires a certificate of its clients, and PEM texts for them.
pub struct MutualSite {
    /// The URL of the server.
    pub url: String,
    /// The certificate authority to trust.
    pub authority: String,
    /// A certificate that the server accepts.
    pub certificate: String,
    /// Its key.
    pub key: String,
    /// The key of another certificate.
    pub other_key: String,
}

/// Starts a server on loopback that requires a certificate. It responds to each request with 400 and the head of the request, and
/// stops with the runtime.
///
/// # Errors
/// The server cannot be set up.
pub async fn start_mutual() -> Result<MutualSite, Box<dyn Error + Send + Sync>> {
    let authority = Authority::new()?;
    let (certificate, key) = authority.issue("client")?;
    let (_, other_key) = authority.issue("other")?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("https://localhost:{}", listener.local_addr()?.port());
    let acceptor = TlsAcceptor::from(authority.mutual_server()?);
    tokio::spawn(tls(listener, acceptor, |_| vec![Step::Read, Step::Echo("400 Bad Request")]));
    Ok(MutualSite {
        url,
        authority: authority.pem(),
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        other_key: other_key.serialize_pem(),
    })
}

async fn hold(socket: TcpSocket) {
    std::future::pending::<()>().await;
    drop(socket);
}

async fn plain(listener: TcpListener, script: Play) {
    for n in 0.. {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        tokio::spawn(async move {
            let end = play(&mut stream, script(n)).await;
            leave(stream, end).await;
        });
    }
}

async fn tls(listener: TcpListener, acceptor: TlsAcceptor, script: Play) {
    for n in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let end = play(&mut stream, script(n)).await;
            let _ = stream.shutdown().await;
            leave(stream.into_inner().0, end).await;
        });
    }
}

async fn leave(mut stream: TcpStream, end: std::io::Result<End>) {
    match end {
        // With zero linger, closing sends a reset.
        Ok(End::Reset) => drop(socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))),
        _ => drop(stream.shutdown().await),
    }
}
