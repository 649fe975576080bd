//! TLS identities of the servers.

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::error::Error;
use std::sync::Arc;

/// Certificate of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// For `localhost`, signed by the authority that clients trust.
    Right,
    /// The same, expired in February 2020.
    Expired,
    /// For another host, signed by the authority that clients trust.
    OtherHost,
    /// For `localhost`, self-signed.
    SelfSigned,
}

/// The certificate authority that clients trust; issues the servers' certificates.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

impl Authority {
    /// Creates a new authority, for this run only.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    /// Returns its certificate, for clients to trust.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Returns the TLS configuration of a server for `localhost` that requires a certificate of this authority.
    pub fn mutual_server(&self) -> Result<Arc<ServerConfig>> {
        let mut roots = RootCertStore::empty();
        let issuer: &Certificate = self.issuer.as_ref();
        roots.add(issuer.der().clone())?;
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider()).build()?;
        let (certificate, key) = self.issue("localhost")?;
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], private(&key)?)?;
        Ok(Arc::new(config))
    }

    /// Returns a certificate with its key.
    pub fn issue(&self, name: &str) -> Result<(Certificate, KeyPair)> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec![name.to_owned()])?.signed_by(&key, &self.issuer)?;
        Ok((certificate, key))
    }

    /// Returns the TLS configuration of a server with this identity and these ALPN protocols.
    pub fn server(&self, identity: Identity, protocols: &[&str]) -> Result<Arc<ServerConfig>> {
        let name = if identity == Identity::OtherHost { "other.example" } else { "localhost" };
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        if identity == Identity::Expired {
            params.not_after = rcgen::date_time_ymd(2020, 2, 1);
        }
        let key = KeyPair::generate()?;
        let certificate = match identity {
            Identity::SelfSigned => params.self_signed(&key)?,
            _ => params.signed_by(&key, &self.issuer)?,
        };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private(&key)?)?;
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        Ok(Arc::new(config))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn private(key: &KeyPair) -> Result<PrivateKeyDer<'static>> {
    Ok(PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?)
}
