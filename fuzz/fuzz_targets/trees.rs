//! Documents of C: a tree has the values that serde_json reads, or both reject the document.
#![no_main]
#![allow(dead_code, unused_imports, reason = "only the C ABI, which is not included, uses all of the tree")]

#[path = "../../bindings/ffi/src/tree/equivalence.rs"]
mod equivalence;
#[path = "../../bindings/ffi/src/tree/mod.rs"]
mod tree;

use libfuzzer_sys::fuzz_target;
use tree::{NodeKind, Tree, Value};

fuzz_target!(|data: &[u8]| {
    if let Err(difference) = equivalence::check(data) {
        panic!("{difference}");
    }
});
