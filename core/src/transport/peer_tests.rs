use super::*;
use std::io;
use zeroize::Zeroizing;

fn peer() -> Peer {
    Peer::new(&Url::parse("https://gateway.example/x").unwrap(), &ProxyChoice::None)
}

fn message(error: TlsError) -> String {
    peer().message(&SendError::NotConnected(io::Error::other(io::Error::other(error)).into()))
}

#[test]
fn errors_name_host_and_port() {
    let broken = || io::Error::from(io::ErrorKind::ConnectionReset).into();
    assert!(
        peer()
            .message(&SendError::Lost(broken()))
            .starts_with("the connection to gateway.example:443 broke: ")
    );
    let unprocessed = peer().message(&SendError::Unprocessed(broken()));
    assert!(unprocessed.starts_with("gateway.example:443 did not process"), "{unprocessed}");
}

#[test]
fn errors_name_the_proxy_without_its_credentials() {
    let proxy = ProxyChoice::Url(Zeroizing::new("http://user:secret@proxy.example:3128".to_owned()));
    let Peer(name) = Peer::new(&Url::parse("http://127.0.0.1:8080").unwrap(), &proxy);
    assert_eq!(name, "127.0.0.1:8080 through the proxy proxy.example:3128");
}

#[test]
fn errors_of_tls_say_what_to_do() {
    let unknown = message(TlsError::InvalidCertificate(CertificateError::UnknownIssuer));
    assert!(
        unknown.starts_with("cannot connect to gateway.example:443: invalid peer certificate"),
        "{unknown}"
    );
    assert!(unknown.ends_with("set root_certificate to that of the authority"), "{unknown}");
    for (error, advice) in [
        (TlsError::InvalidCertificate(CertificateError::Expired), "clock"),
        (TlsError::InvalidCertificate(CertificateError::NotValidForName), "base_url"),
        (TlsError::AlertReceived(AlertDescription::CertificateRequired), "client_certificate"),
        (TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType), "http"),
    ] {
        let message = message(error);
        assert!(message.contains(advice), "{message}");
    }
    let other = message(TlsError::EncryptError);
    assert!(!other.contains(';'), "{other}");
}
