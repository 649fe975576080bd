//! Names of the headers of a webhook call.

/// Header with the id of the call.
pub const ID_HEADER: &str = "X-ConfigCat-Webhook-ID";
/// Header with the time of the call, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "X-ConfigCat-Webhook-Timestamp";
/// Header with the signatures.
pub const SIGNATURE_HEADER: &str = "X-ConfigCat-Webhook-Signature-V1";
