//! The server of a client, as the errors of connections name it, and what to do about their causes.

use super::http_options::ProxyChoice;
use super::message::SendError;
use super::monitor::Server;
use rustls::{AlertDescription, CertificateError, Error as TlsError};
use std::error::Error as StdError;
use std::fmt;
use url::Url;

/// Where requests are sent to: the server, and the proxy if the client has its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peer(String);

impl Peer {
    pub(crate) fn new(base_url: &Url, proxy: &ProxyChoice) -> Self {
        let mut name = Server::new(base_url).to_string();
        if let ProxyChoice::Url(proxy) = proxy
            && let Ok(proxy) = Url::parse(proxy)
        {
            name = format!("{name} through the proxy {}", Server::new(&proxy));
        }
        Self(name)
    }

    /// Returns the message for a request that has no response.
    pub(super) fn message(&self, error: &SendError) -> String {
        let Self(peer) = self;
        match error {
            SendError::NotConnected(cause) => {
                format!("cannot connect to {peer}: {}", Innermost(cause.as_ref()))
            }
            SendError::Unprocessed(cause) => {
                format!("{peer} did not process the request: {}", Innermost(cause.as_ref()))
            }
            SendError::Lost(cause) => {
                format!("the connection to {peer} broke: {}", Innermost(cause.as_ref()))
            }
            SendError::Unusable(error) => error.message().to_owned(),
            SendError::TooLarge { limit, .. } => {
                format!("the response is larger than {limit} bytes (max_response_size)")
            }
        }
    }
}

/// Displays the innermost cause only, because the outer ones of the HTTP stack say "error sending request", and what to do about it.
struct Innermost<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Innermost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0;
        let mut tls = None;
        loop {
            tls = tls.or_else(|| tls_error(cause));
            let Some(next) = cause.source() else { break };
            cause = next;
        }
        fmt::Display::fmt(cause, f)?;
        tls.and_then(advice).map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

/// Returns the error of TLS that an error is, or that an error of I/O has inside, perhaps in another one.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a TlsError> {
    let inside = || tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?);
    error.downcast_ref().or_else(inside)
}

/// Returns what a user can do about an error of TLS.
fn advice(error: &TlsError) -> Option<&'static str> {
    use CertificateError as Bad;
    Some(match error {
        TlsError::InvalidCertificate(
            Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. },
        ) => "renew the certificate of the server, or correct the clock of this machine",
        TlsError::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            "the host of base_url must be a name in the certificate of the server"
        }
        TlsError::InvalidCertificate(Bad::Revoked) => "the server needs another certificate",
        TlsError::InvalidCertificate(_) => {
            "if the certificate of the server is from an authority of your own, set root_certificate to that of the authority"
        }
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::HandshakeFailure,
        ) => "if the server requires a certificate of the client, set client_certificate",
        TlsError::InvalidMessage(_) => "this port may be one for http: check base_url",
        _ => return None,
    })
}

#[cfg(test)]
#[path = "peer_tests.rs"]
mod tests;
