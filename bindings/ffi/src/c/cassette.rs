//! Cassettes

use super::failure::Failure;
use super::options::{ccm_options, change};
use super::status::ccm_status;
use super::text::text;
use configcat_management::{Cassette, CassetteMode};
use std::ffi::c_char;

/// What a client does with a cassette.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_cassette_mode {
    /// Play the file back if it exists, and record to it otherwise.
    CCM_CASSETTE_AUTO = 0,
    /// Send requests, and write them and their responses to a new file.
    CCM_CASSETTE_RECORD = 1,
    /// Play the file back; nothing is sent. A request that is not in it fails with CCM_CONFIGURATION.
    CCM_CASSETTE_REPLAY = 2,
}

/// Records the requests and responses of the client to a file, or plays them back, so that tests need neither the service nor
/// a simulator.
///
/// A recording contains no credentials: where a response repeats them, they are masked. It does contain what the service sends,
/// such as SDK keys and signing keys of webhooks. When it is played back, a request gets the response of the first recorded
/// request with the same method, path, query and body that has not been used; pacing is off and credentials are optional. The
/// clients that are created with these options share the file.
///
/// @param path Path of the file. ccm_client_new() opens it, and reports if that fails.
/// @param mode One of ccm_cassette_mode.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_cassette(
    options: *mut ccm_options,
    path: *const c_char,
    mode: i32,
) -> ccm_status {
    const AUTO: i32 = ccm_cassette_mode::CCM_CASSETTE_AUTO as i32;
    const RECORD: i32 = ccm_cassette_mode::CCM_CASSETTE_RECORD as i32;
    const REPLAY: i32 = ccm_cassette_mode::CCM_CASSETTE_REPLAY as i32;
    unsafe {
        change(options, |b| {
            let mode = match mode {
                AUTO => CassetteMode::Auto,
                RECORD => CassetteMode::Record,
                REPLAY => CassetteMode::Replay,
                other => return Err(Failure::misuse(format!("unknown cassette mode {other}"))),
            };
            Ok(b.cassette(Cassette::new(text(path, "path")?, mode)))
        })
    }
}
