//! The certificate with which a client identifies itself to a gateway (mutual TLS).

use crate::error::{Error, Result};

/// What a PEM file must contain: part of the first line, its name, and what to do if it is missing.
const PARTS: [(&str, &str); 2] = [
    ("-----BEGIN CERTIFICATE-----", "no certificate: put the certificate chain before the private key"),
    ("PRIVATE KEY-----", "no private key: put it after the certificate chain"),
];

/// Builds an HTTP client with a certificate of its own: PEM of the chain and the key.
pub(super) fn build(builder: reqwest::ClientBuilder, pem: &[u8]) -> Result<reqwest::Client> {
    let text = String::from_utf8_lossy(pem);
    // The parser ignores parts that it does not know.
    if text.contains("ENCRYPTED") {
        return Err(unusable("the private key is encrypted: decrypt it first"));
    }
    if let Some((_, missing)) = PARTS.iter().find(|(begin, _)| !text.contains(begin)) {
        return Err(unusable(&format!("it holds {missing}")));
    }
    let identity = reqwest::Identity::from_pem(pem)
        .map_err(|error| unusable("it is not valid PEM").with_source(error))?;
    builder.identity(identity).build().map_err(|error| {
        // Such as a key that does not belong to the certificate.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        unusable(&cause.to_string()).with_source(error)
    })
}

fn unusable(why: &str) -> Error {
    Error::configuration(format!("invalid client_certificate: {why}"))
}
