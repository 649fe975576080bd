//! OpenAPI documents: the generator accepts them, or reports what is wrong.
#![no_main]
#![allow(
    dead_code,
    unused_imports,
    reason = "only the emitters, which are not included, use the rest of the model"
)]

#[path = "../../xtask/src/model/mod.rs"]
mod model;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let Ok(document) = model::build::parse(data) else { return };
    if let Err(error) = model::build::build(&document) {
        assert!(!format!("{error:#}").is_empty());
    }
});
