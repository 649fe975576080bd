//! Response bodies of every operation: a decoded value survives a round trip, and a decode error names its path.
#![no_main]

use configcat_management::ErrorKind;
use configcat_management_fuzz::{generated::ANSWERS, split};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((number, body)) = split(data) else { return };
    let decode = ANSWERS[number % ANSWERS.len()];
    match decode(body) {
        Ok(text) => {
            let again = decode(text.as_bytes()).expect("an encoded value can be decoded");
            assert_eq!(again, text);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(!error.to_string().is_empty());
            let _ = format!("{error:?}");
        }
    }
});
