//! Basic authentication.

use crate::state::State;
use crate::state::entities::Credential;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq as _;

/// The credential that a request carries, if there is one like it.
pub fn authenticate<'a>(headers: &HeaderMap, state: &'a State) -> Option<&'a Credential> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let given = STANDARD.decode(encoded.trim()).ok()?;
    // A user name has no colon; a password may.
    let colon = given.iter().position(|byte| *byte == b':')?;
    let (username, password) = given.split_at_checked(colon)?;
    let credential = state.credentials.get(&std::str::from_utf8(username).ok()?.to_owned())?;
    bool::from(credential.password.as_bytes().ct_eq(password.get(1..)?)).then_some(credential)
}
