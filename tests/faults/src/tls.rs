//! Who a server says it is.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::error::Error;
use std::sync::Arc;

/// An identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// `localhost`, vouched for by the authority that clients are given.
    Right,
    /// The same, until February 2020.
    Expired,
    /// Somebody else, vouched for all the same.
    OtherHost,
    /// `localhost`, vouched for by itself.
    SelfSigned,
}

/// The authority that clients are given, and the servers that it vouches for.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

impl Authority {
    /// A new one, for this run only.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    /// Its certificate, for clients to trust.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// What a server needs to be somebody, and to offer protocols.
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
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?,
            )?;
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        Ok(Arc::new(config))
    }
}
