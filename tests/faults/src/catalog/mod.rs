//! The faults, by where a call meets them.

mod bodies;
mod connections;
mod encodings;
mod http2;
mod pacing;
mod redirects;
mod statuses;
mod syntax;
mod tls;

use crate::fault::Fault;
use crate::step::Step;

/// Every fault.
#[must_use]
pub fn all() -> Vec<Fault> {
    [
        connections::faults(),
        tls::faults(),
        syntax::faults(),
        bodies::faults(),
        encodings::faults(),
        statuses::faults(),
        redirects::faults(),
        pacing::faults(),
        http2::faults(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the calls of the tests are answered: a product.
const PRODUCT: &str = r#"{"organization":{"organizationId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bed","name":"Org"},"productId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bee","name":"Shop","description":null,"order":0,"reasonRequired":false,"approveRequired":false}"#;

/// An answer of HTTP/1.1 with a length.
fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

const JSON: &str = "content-type: application/json\r\n";

fn product() -> Vec<u8> {
    answer("200 OK", JSON, PRODUCT)
}

/// Reads a request and says this.
fn say(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Send(bytes.into())]
}
