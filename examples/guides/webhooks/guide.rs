//! Verifies the signature of a webhook request.

// docs: guide
use configcat_management::Error;
use configcat_management::webhook::{Verifier, signed_headers};

pub fn run() -> Result<(), Error> {
    let key = "configcat_whsk_ZGVtbw==";
    let verifier = Verifier::new([key]); // two keys during a rotation
    // In a test of the receiver, headers as the service sends them:
    let headers = signed_headers([key], b"{}", None, None);
    let value = |index: usize| {
        headers.get(index).map_or("", |(_, value)| value.as_str())
    };
    let (id, timestamp, signatures) = (value(0), value(1), value(2));
    for (what, body) in
        [("signed request", b"{}".as_slice()), ("changed body", b"{ }")]
    {
        // The raw bytes, before anything parses them.
        let accepted = verifier.verify(id, timestamp, signatures, body).is_ok();
        println!(
            "{what} accepted: {}",
            if accepted { "True" } else { "False" }
        );
    }
    Ok(())
}
// docs: end
