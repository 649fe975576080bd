//! Headers and bodies of webhook calls: only what was signed is trusted.
#![no_main]

use configcat_management::webhook::{Verifier, sign};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "configcat_whsk_fuzz";

fuzz_target!(|data: (&str, &str, &str, &[u8])| {
    let (id, timestamp, signatures, body) = data;
    let verifier = Verifier::new([KEY]).tolerance(None);
    let signature = sign(KEY, id, timestamp, body);
    let trusted = verifier.verify(id, timestamp, signatures, body).is_ok();
    assert!(!trusted || signatures.contains(&signature));
    // Signed rightly, only the timestamp can be wrong.
    let ours = verifier.verify(id, timestamp, &format!("{signatures},{signature}"), body);
    assert_eq!(ours.is_ok(), timestamp.trim().parse::<u64>().is_ok() && ours.is_ok());
    let _ = ours.map_err(|error| error.to_string());
});
