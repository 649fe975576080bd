//! YAML in and out.

use super::{Document, invalid, place};
use crate::error::Result;

/// Maximum number of parser events that the aliases of a document may add.
const ALIAS_EVENTS: usize = 100_000;
/// Maximum number of bytes that the aliases of a document may add.
const ALIAS_BYTES: usize = 8 << 20;

pub(super) fn read(text: &str) -> Result<Document> {
    serde_saphyr::from_str_with_options(text, options(text.len())).map_err(|error| {
        let message = error.to_string();
        let plain = without_places(&message);
        invalid(&match place::find(text, plain) {
            Some(place) => format!("{plain} ({place})"),
            None => message,
        })
    })
}

/// Returns a message without the places that the parser has added: one for each level, which are those where the level ends.
fn without_places(message: &str) -> &str {
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

pub(super) fn write(document: &Document) -> String {
    // All keys are strings.
    serde_saphyr::to_string(document).unwrap_or_default()
}

/// Returns the options for a YAML document of this size: what its own text contains is accepted, and aliases may add a
/// fixed amount, so that a small file cannot expand to a large one ("billion laughs").
pub(crate) fn options(length: usize) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
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
