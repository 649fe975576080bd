//! Error response bodies: every body becomes an error that can be displayed.
#![no_main]

use configcat_management::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((status, body)) = data.split_first_chunk::<2>() else { return };
    let status = 400 + u16::from_le_bytes(*status) % 200;
    let error = fuzzing::refusal(status, body);
    assert_eq!(error.status(), Some(status));
    let shown = format!("{error} {error:?}");
    assert!(!shown.is_empty());
    for (field, messages) in error.field_errors() {
        let _ = (field.len(), messages.len());
    }
});
