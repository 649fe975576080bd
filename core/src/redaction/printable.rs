//! Makes text safe to print: no control characters, and a bounded length.

use std::fmt::Write as _;

/// Maximum length of an excerpt, in bytes.
const EXCERPT: usize = 64;

/// Whether a character could move the cursor, change the color or the direction of text, or fake a line of a log.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escapes control characters: `\n`, `\u{1b}`.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_unsafe(c) => drop(write!(shown, "\\u{{{:x}}}", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown
}

/// Truncates a string to `limit` bytes, with an ellipsis in the place of the rest.
pub(super) fn truncated(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit.saturating_sub('…'.len_utf8())).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    text
}

/// Returns the start of a string that a caller or a server controls, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    let start: String = text.chars().take(EXCERPT).collect();
    truncated(escaped(&start), EXCERPT)
}

/// Returns a URL without its user name, password, query and fragment, whether it is valid or not.
pub(crate) fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or((None, url), |(scheme, rest)| (Some(scheme), rest));
    // A password may contain the characters that begin a query or a fragment.
    let (mask, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, host)| ("***@", host));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    match scheme {
        Some(scheme) => format!("{scheme}://{mask}{rest}"),
        None => format!("{mask}{rest}"),
    }
}
