//! TLS: a certificate that is made at start, and encrypted connections.

use super::connection::{Connection, ConnectionHandle};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

const DAY: Duration = Duration::from_secs(86_400);
/// Days for which a certificate is valid: the most that all platforms accept.
const DAYS: u32 = 397;
/// Protocols that clients may choose. Not HTTP/2: a client that reads nothing of its response only stops its flow control
/// there, which the deadlines of a connection do not see.
const PROTOCOLS: [&str; 1] = ["http/1.1"];

/// TLS configuration of a simulator. The private key of the server is in memory only; that of the certificate authority is
/// dropped as soon as it has signed the server's certificate, so that nothing else can be signed with it.
#[derive(Clone)]
pub struct TlsIdentity {
    pub acceptor: TlsAcceptor,
    /// Certificate of the authority, for clients to trust (PEM).
    pub ca_certificate: String,
}

impl TlsIdentity {
    /// Makes a certificate for this machine, the address that the simulator listens on, and further names.
    pub fn generate(address: IpAddr, names: &[String]) -> io::Result<Self> {
        let mut all = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        if !address.is_unspecified() {
            all.push(address.to_string());
        }
        for name in names {
            check_name(name)?;
            all.push(name.clone());
        }
        all.sort();
        all.dedup();
        Self::sign(all).map_err(|error| io::Error::other(format!("cannot make a certificate: {error}")))
    }

    fn sign(names: Vec<String>) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut authority = params(Vec::new(), "ConfigCat simulator CA")?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let mut server = params(names, "ConfigCat simulator")?;
        server.use_authority_key_identifier_extension = true;
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = server.signed_by(&key, &issuer)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?,
            )?;
        config.alpn_protocols = PROTOCOLS.map(|protocol| protocol.as_bytes().to_vec()).into();
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_certificate: issuer.pem() })
    }
}

fn check_name(name: &str) -> io::Result<()> {
    if ServerName::try_from(name.strip_prefix("*.").unwrap_or(name)).is_ok() {
        return Ok(());
    }
    let message = format!("invalid TLS name {name:?}: it must be a host name or an IP address");
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

fn params(names: Vec<String>, title: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, title);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // From yesterday: the clock of a client in a container or a virtual machine may be behind.
    params.not_before = date_time_ymd(1970, 1, 1) + now.saturating_sub(DAY);
    params.not_after = params.not_before + DAY * DAYS;
    Ok(params)
}

/// A connection that is encrypted if the simulator serves HTTPS. The handshake is a part of the first read, so that the
/// deadline of the first request's headers applies to it, and a slow one delays no other connection.
pub struct ServedConnection {
    pub handle: ConnectionHandle,
    layer: Layer,
}

enum Layer {
    Plain(Connection),
    Handshake(Box<Accept<Connection>>),
    Encrypted(Box<TlsStream<Connection>>),
    /// The handshake failed.
    Closed,
}

impl ServedConnection {
    pub fn new(connection: Connection, tls: Option<&TlsAcceptor>) -> Self {
        let handle = connection.handle().clone();
        let layer = match tls {
            Some(acceptor) => Layer::Handshake(Box::new(acceptor.accept(connection))),
            None => Layer::Plain(connection),
        };
        Self { handle, layer }
    }

    /// Completes the handshake, if there is one.
    fn poll_layer(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<&mut Layer>> {
        if let Layer::Handshake(accept) = &mut self.layer {
            let result = ready!(Pin::new(accept.as_mut()).poll(cx));
            self.layer = Layer::Closed;
            self.layer = Layer::Encrypted(Box::new(result?));
        }
        Poll::Ready(Ok(&mut self.layer))
    }
}

fn closed<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::NotConnected.into()))
}

impl AsyncRead for ServedConnection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match ready!(self.get_mut().poll_layer(cx))? {
            Layer::Plain(connection) => Pin::new(connection).poll_read(cx, buffer),
            Layer::Encrypted(stream) => Pin::new(stream.as_mut()).poll_read(cx, buffer),
            Layer::Handshake(_) | Layer::Closed => closed(),
        }
    }
}

impl AsyncWrite for ServedConnection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match ready!(self.get_mut().poll_layer(cx))? {
            Layer::Plain(connection) => Pin::new(connection).poll_write(cx, bytes),
            Layer::Encrypted(stream) => Pin::new(stream.as_mut()).poll_write(cx, bytes),
            Layer::Handshake(_) | Layer::Closed => closed(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match ready!(self.get_mut().poll_layer(cx))? {
            Layer::Plain(connection) => Pin::new(connection).poll_write_vectored(cx, slices),
            Layer::Encrypted(stream) => Pin::new(stream.as_mut()).poll_write_vectored(cx, slices),
            Layer::Handshake(_) | Layer::Closed => closed(),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.layer {
            Layer::Plain(connection) => connection.is_write_vectored(),
            Layer::Encrypted(stream) => stream.is_write_vectored(),
            Layer::Handshake(_) | Layer::Closed => false,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().layer {
            Layer::Plain(connection) => Pin::new(connection).poll_flush(cx),
            Layer::Encrypted(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
            // Nothing was written.
            Layer::Handshake(_) | Layer::Closed => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().layer {
            Layer::Plain(connection) => Pin::new(connection).poll_shutdown(cx),
            Layer::Encrypted(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
            Layer::Handshake(accept) => match accept.get_mut() {
                Some(connection) => Pin::new(connection).poll_shutdown(cx),
                None => Poll::Ready(Ok(())),
            },
            Layer::Closed => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn tls_names_are_host_names_or_addresses() {
        for name in ["api.configcat.com", "*.example.com", "simulator", "192.0.2.1", "::1"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "a b", "*", "a.*.b", "https://x", "host:1", "[::1]", "ü.example"] {
            let error = check_name(name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("invalid TLS name {name:?}")), "{error}");
        }
    }
}
