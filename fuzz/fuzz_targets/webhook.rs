//! Headers and bodies of webhook calls: only signed calls are accepted.
#![no_main]

use configcat_management::webhook::{Verifier, sign};
use libfuzzer_sys::fuzz_target;
use std::time::{Duration, UNIX_EPOCH};

const KEY: &str = "configcat_whsk_fuzz";

fuzz_target!(|data: (&str, &str, &str, &[u8])| {
    let (id, timestamp, signatures, body) = data;
    let verifier = Verifier::new([KEY]).tolerance(None);
    let signature = sign(KEY, id, timestamp, body);
    let trusted = verifier.verify(id, timestamp, signatures, body).is_ok();
    assert!(!trusted || signatures.contains(&signature));
    // With a valid signature, only an invalid timestamp can cause an error.
    let ours = verifier.verify(id, timestamp, &format!("{signatures},{signature}"), body);
    let seconds = timestamp.trim().parse().ok();
    let sent = seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    assert_eq!(ours.is_ok(), sent.is_some());
});
