//! Responses that many faults begin with.

use crate::step::Step;

/// What the calls of the tests are answered: a product.
pub const PRODUCT: &str = r#"{"organization":{"organizationId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bed","name":"Org"},"productId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bee","name":"Shop","description":null,"order":0,"reasonRequired":false,"approveRequired":false}"#;

/// An answer of HTTP/1.1 with a length.
pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub const JSON: &str = "content-type: application/json\r\n";

pub fn product() -> Vec<u8> {
    answer("200 OK", JSON, PRODUCT)
}

/// Reads a request and says this.
pub fn say(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Send(bytes.into())]
}
