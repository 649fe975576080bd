//! The C library `configcat_management`: what other languages link.
//!
//! [`c`] is the C ABI; its header, `include/configcat_management/generated/c.h`, is made from it by cbindgen. [`tree`] reads JSON into
//! values that C can walk through without a JSON library.

//!
//! With the feature `mobile` the library has what Kotlin and Swift call too; without the feature `c` it has only that.

#[cfg(feature = "c")]
mod c;
#[cfg(feature = "c")]
mod signals;
#[cfg(feature = "c")]
mod tree;

#[cfg(feature = "mobile")]
configcat_management_mobile::uniffi_reexport_scaffolding!();
