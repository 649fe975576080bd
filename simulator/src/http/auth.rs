//! Credentials of requests: Basic, and bearer tokens.

use crate::state::State;
use crate::state::entities::Credential;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq as _;

/// Returns the credential of a request if user name and password match a known one.
// Documented: requests have a Public API credential in Basic authentication; a missing or wrong one is
// refused with 401.
pub fn authenticate<'a>(headers: &HeaderMap, state: &'a State) -> Option<&'a Credential> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    // A user name cannot contain a colon; a password can.
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (username, password) = decoded.split_at_checked(colon)?;
    let credential = state.credentials.get(&std::str::from_utf8(username).ok()?.to_owned())?;
    bool::from(credential.password.as_bytes().ct_eq(password.get(1..)?)).then_some(credential)
}

/// Returns the bearer token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.as_bytes().split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}
