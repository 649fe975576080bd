//! Version

use super::status::ccm_status;
use std::ffi::{CStr, c_char};

/// Version of this header as a number: 10000 * major + 100 * minor + patch.
pub const CCM_VERSION_NUMBER: u32 = 100;
/// Version of the library, NUL-terminated.
const TEXT: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(text) => text,
    Err(_) => c"",
};

/// Returns the version of the loaded library, such as "0.1.0".
///
/// @return A static string.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_version() -> *const c_char {
    TEXT.as_ptr()
}

/// Checks that the loaded library is compatible with the header that the program was compiled with: the same major version
/// (before 1.0, the same minor version), and not older.
///
/// Call ccm_check_version(CCM_VERSION_NUMBER) once at the start of the program.
///
/// @return CCM_OK; CCM_MISUSE if they are incompatible.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_check_version(header: u32) -> ccm_status {
    let ours = CCM_VERSION_NUMBER;
    let line = |version: u32| if version < 10_000 { version / 100 } else { version / 10_000 * 100 };
    if line(header) == line(ours) && header <= ours { ccm_status::CCM_OK } else { ccm_status::CCM_MISUSE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_number_matches_package_version() {
        let parts: Vec<u32> = env!("CARGO_PKG_VERSION").split('.').map(|p| p.parse().unwrap()).collect();
        assert_eq!(parts[0] * 10_000 + parts[1] * 100 + parts[2], CCM_VERSION_NUMBER);
    }

    #[test]
    fn check_version_accepts_only_compatible_headers() {
        assert_eq!(ccm_check_version(CCM_VERSION_NUMBER), ccm_status::CCM_OK);
        for other in [CCM_VERSION_NUMBER + 1, CCM_VERSION_NUMBER + 100, 10_000, 0] {
            assert_eq!(ccm_check_version(other), ccm_status::CCM_MISUSE, "{other}");
        }
    }
}
