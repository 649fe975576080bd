//! Descriptions of an API: the generator takes them or says what is wrong with them.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the emitters, which are not here, need the rest of the model")]

#[path = "../../xtask/src/model/mod.rs"]
mod model;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let Ok(document) = model::build::parse(data) else { return };
    if let Err(error) = model::build::build(&document) {
        assert!(!format!("{error:#}").is_empty());
    }
});
