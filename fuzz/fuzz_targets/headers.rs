//! Rate limit headers, `Retry-After` and `Date`: malformed headers are ignored.
#![no_main]

use configcat_management::fuzzing;
use configcat_management_fuzz::split;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((status, rest)) = split(data) else { return };
    // Four values, one per line.
    let mut values = rest.split(|byte| *byte == b'\n');
    let mut next = || values.next().unwrap_or_default();
    let headers = [
        ("x-rate-limit-remaining", next()),
        ("x-rate-limit-reset", next()),
        ("retry-after", next()),
        ("date", next()),
    ];
    fuzzing::rate_limit(if status < 128 { 200 } else { 429 }, &headers);
});
