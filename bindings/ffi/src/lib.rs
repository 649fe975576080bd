//! The C library `configcat_management`: what other languages link.
//!
//! [`c`] is the C ABI; its header, `include/configcat_management.h`, is made from it by cbindgen. [`tree`] reads JSON into
//! values that C can walk through without a JSON library.

mod c;
mod signals;
mod tree;
