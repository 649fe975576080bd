//! Responses shared by many faults.

use crate::step::Step;

/// Body of a successful response: a product.
pub const PRODUCT: &str = r#"{"organization":{"organizationId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bed","name":"Org"},"productId":"08d5a03c-feb7-af1e-a1fa-40b3329f8bee","name":"Shop","description":null,"order":0,"reasonRequired":false,"approveRequired":false}"#;

/// Returns an HTTP/1.1 response with `Content-Length`.
pub fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub const JSON: &str = "content-type: application/json\r\n";

pub fn product() -> Vec<u8> {
    response("200 OK", JSON, PRODUCT)
}

/// Reads a request and sends these bytes.
pub fn say(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Send(bytes.into())]
}
