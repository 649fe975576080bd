//! Responses that a client may already have: it names the `ETag` of its copy.

use super::respond::{HttpResponse, JSON};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Returns a value as JSON with its `ETag`, or 304 if the request has the tag in `If-None-Match`.
pub fn response(value: &impl Serialize, parts: &Parts) -> HttpResponse {
    let body = Bytes::from(serde_json::to_vec(value).unwrap_or_default());
    let hash = Sha256::digest(&body).iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte));
    let tag = format!("\"{hash:032x}\"");
    let mut response =
        if is_known(&tag, parts) { HttpResponse::empty(304) } else { HttpResponse::new(200, JSON, body) };
    response.set(ETAG, &tag);
    response.set(CACHE_CONTROL, "max-age=0, must-revalidate");
    response
}

// Observed (proxy): the first request of a proxy sends an unquoted `initial` in `If-None-Match`, which no tag equals.
/// Whether a request has a tag in `If-None-Match`, also as a weak one or in a list, or `*`. Malformed tags are ignored.
fn is_known(tag: &str, parts: &Parts) -> bool {
    let values = parts.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
