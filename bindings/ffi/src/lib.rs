//! The C library `configcat_management`, which other languages link.
//!
//! [`c`] is the C ABI; cbindgen generates its header, `include/configcat_management/generated/c.h`. [`tree`] parses JSON into
//! values that C can traverse without a JSON library.
//!
//! The feature `mobile` adds the functions that Kotlin and Swift call; without the feature `c` the library contains only these.

#[cfg(feature = "c")]
mod c;
#[cfg(feature = "c")]
mod signals;
#[cfg(feature = "c")]
mod tree;

#[cfg(feature = "mobile")]
configcat_management_mobile::uniffi_reexport_scaffolding!();
