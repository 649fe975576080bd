//! Id of the build, by which the bindings recognise their library.

use std::ffi::{CStr, c_char};

/// The prefix by which the generator of the bindings finds the id in the file of the library, the version, and a hash of the
/// interface.
const BUILD: &str = concat!(
    "configcat-management-build:",
    env!("CARGO_PKG_VERSION"),
    "+",
    env!("CONFIGCAT_MANAGEMENT_INTERFACE"),
    "\0"
);

/// Returns the id of the build, which is never freed. The bindings call it before any other function: the C library, or that of
/// another version, may have a name like this one's.
// A C function, because one of uniffi exists only in a library that matches.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn configcat_management_mobile_build() -> *const c_char {
    CStr::from_bytes_with_nul(BUILD.as_bytes()).unwrap_or_default().as_ptr()
}
