//! YAML in and out.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Maximum number of parser events that the aliases of a document may add.
const ALIAS_EVENTS: usize = 100_000;
/// Deepest nesting. Documents and seeds need fewer than 20 levels; more would only use up the stack.
const DEPTH: usize = 32;
/// Maximum number of bytes that the aliases of a document may add.
const ALIAS_BYTES: usize = 8 << 20;

/// Reads a document. Fails with a message that begins with the path of the mistake.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_saphyr::from_str_with_options(text, yaml_options(text.len())).map_err(|error| error.to_string())
}

/// Returns a message without the places that the parser has added: one for each level, which are those where the level ends.
pub(super) fn without_places(message: &str) -> &str {
    let mut plain = message;
    while let Some((rest, place)) = plain.rsplit_once(" at line ") {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match place.split_once(", column ") {
            Some((line, column)) if is_number(line) && is_number(column) => plain = rest,
            _ => break,
        }
    }
    plain
}

pub(super) fn write<T: Serialize>(document: &T) -> String {
    // All keys are strings.
    serde_saphyr::to_string(document).unwrap_or_default()
}

/// Returns the options for a YAML document of this size: what its own text contains is accepted, and aliases may add a
/// fixed amount, so that a small file cannot expand to a large one ("billion laughs"). For seeds too.
#[doc(hidden)]
#[must_use]
pub fn yaml_options(length: usize) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH,
            max_events: length.saturating_mul(4).saturating_add(ALIAS_EVENTS),
            max_nodes: length.saturating_mul(2).saturating_add(ALIAS_EVENTS),
            max_total_scalar_bytes: length.saturating_mul(2).saturating_add(ALIAS_BYTES),
            max_recorded_anchor_bytes: length.saturating_mul(2).saturating_add(ALIAS_BYTES),
            max_documents: 1,
            // The limits of replayed events and bytes are enough; the same values may be used many times.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: ALIAS_EVENTS,
        },
    }
}
