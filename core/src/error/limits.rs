//! Limits of what an error keeps of a response.

/// Maximum length of the response body that an error keeps, in bytes.
pub(super) const BODY_LIMIT: usize = 16 * 1024;
/// Additional bytes that are kept until credentials are masked, so that none of them is cut at the limit.
pub(super) const BODY_SLACK: usize = 4 * 1024;
/// Maximum length of a body that is parsed for messages, in bytes.
pub(super) const PARSED_LIMIT: usize = 64 * 1024;
/// Maximum length of the names and values of the headers that an error keeps, in bytes.
pub(super) const HEADERS_LIMIT: usize = 16 * 1024;
/// Maximum length of a message, in bytes.
pub(super) const MESSAGE_LIMIT: usize = 2 * 1024;
/// Maximum length of a JSON path or of the name of a field, in bytes.
pub(super) const NAME_LIMIT: usize = 512;
/// Maximum number of causes of an error.
pub(super) const CAUSES_LIMIT: usize = 8;
/// Maximum length of a body in plain text that becomes a message, in bytes.
pub(super) const PLAIN_LIMIT: usize = 2 * MESSAGE_LIMIT;
/// Maximum number of messages by field.
pub(super) const MESSAGES_LIMIT: usize = 1_000;
