//! Estimates the memory that the values of a response take, whichever language they are decoded for.

use super::schema::{Schema, Type};
use std::collections::HashMap;

/// What the values of a response are decoded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ValueForm {
    /// The generated models, and maps for members that the spec does not have.
    #[default]
    Models,
    /// Trees of the C library: a node per value, in two lists that grow by doubling.
    Trees,
}

/// Size of a string, a list or a map without its content.
const HANDLE: usize = 24;
/// What an allocation takes in addition to its content.
const OVERHEAD: usize = 16;
/// Size of a value in C's trees, and an upper bound for any JSON value in Rust.
const NODE: usize = 48;

/// Memory of a map of JSON values with one entry: its first node has room for eleven.
const MAP: usize = 11 * (HANDLE + 32) + 6 * OVERHEAD;

/// Memory of a string's content.
pub(super) const fn heap(length: usize) -> usize {
    if length == 0 { 0 } else { length + OVERHEAD }
}

/// Memory that item number `index` of a list adds. Lists grow by doubling.
pub(super) const fn item(index: usize, size: usize) -> usize {
    match index {
        0 => 4 * size + OVERHEAD,
        1..4 => 0,
        _ if index.is_power_of_two() => index * size,
        _ => 0,
    }
}

/// Memory of a value itself, apart from that of the list or object that contains it.
pub(super) const fn value(form: ValueForm) -> usize {
    match form {
        ValueForm::Models => 0,
        ValueForm::Trees => 2 * NODE,
    }
}

/// Memory of a map that is not empty, without its entries. The members of an object in a tree are nodes.
pub(super) const fn map(form: ValueForm) -> usize {
    match form {
        ValueForm::Models => MAP,
        ValueForm::Trees => 0,
    }
}

/// Memory of the name and the place of a member that the spec does not have. Trees keep the name, and their errors repeat it;
/// models have a map of such members.
pub(super) const fn unknown(form: ValueForm, length: usize) -> usize {
    match form {
        ValueForm::Models => heap(length) + MAP,
        ValueForm::Trees => 4 * heap(length),
    }
}

/// Memory of maps with the content of structs that take `typed` bytes: a map of a short string takes the most, compared with it.
pub(super) const fn as_maps(typed: usize) -> usize {
    typed.saturating_mul(16)
}

/// Memory of an entry of a map, whose nodes are half empty in the worst case.
pub(super) const fn entry(value: usize) -> usize {
    2 * (HANDLE + value) + OVERHEAD
}

/// Sizes of types.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    schemas: HashMap<*const Schema, usize>,
}

impl Sizes {
    /// Size of a value of a type, without strings, lists and maps in it.
    pub(super) fn inline(&mut self, ty: &Type) -> usize {
        match ty {
            Type::Boolean | Type::Integer { .. } | Type::Number | Type::Timestamp => 16,
            Type::String { .. } | Type::Uuid | Type::Enum(_) => HANDLE,
            Type::List(_) | Type::Map(_) | Type::Patch(_) => HANDLE,
            Type::Any | Type::Value => NODE,
            Type::Object(schema) => self.schema(schema),
        }
    }

    /// Size of an object. Objects without lists are a part of the object that contains them.
    fn schema(&mut self, schema: &'static Schema) -> usize {
        if let Some(known) = self.schemas.get(&std::ptr::from_ref(schema)) {
            return *known;
        }
        let fields = schema.fields.iter().map(|field| self.inline(&field.ty)).sum::<usize>();
        // One more for the members that the spec does not have.
        let size = (fields + 16).max(NODE);
        self.schemas.insert(schema, size);
        size
    }

    /// The size of the largest object in a type.
    pub(super) fn largest(&mut self, ty: &Type) -> usize {
        match ty {
            Type::List(ty) | Type::Map(ty) | Type::Patch(ty) => self.largest(ty).max(self.inline(ty)),
            Type::Object(schema) => {
                let fields = schema.fields.iter().map(|field| self.largest(&field.ty)).max();
                fields.unwrap_or_default().max(self.schema(schema))
            }
            _ => NODE,
        }
    }
}

/// What is certain about the memory for the values of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Surely,
    /// If all members are in the spec.
    Known,
    /// Only reading the text can tell.
    Perhaps,
}

/// Whether the values of a JSON text fit into `budget` bytes, by the number of its brackets and commas. This is much faster than
/// reading it.
pub(crate) fn fit(text: &[u8], ty: &Type, form: ValueForm, budget: usize) -> Fit {
    match form {
        ValueForm::Models => fit_models(text, ty, budget),
        ValueForm::Trees => {
            let needed =
                |values: usize| values.saturating_mul(NODE).saturating_add(text.len()).saturating_mul(4);
            // No text has more values than bytes.
            let fits = needed(1 + text.len()) <= budget
                || needed(1 + count(text, |word| equal(word, b'{') | equal(word, b',') | equal(word, b'[')))
                    <= budget;
            if fits { Fit::Surely } else { Fit::Perhaps }
        }
    }
}

fn fit_models(text: &[u8], ty: &Type, budget: usize) -> Fit {
    // No text of this length has values that need a larger share of memory: see the test.
    const WORST: usize = 2_048;
    if text.len() < budget / WORST {
        return Fit::Surely;
    }
    let largest = Sizes::default().largest(ty).max(NODE);
    let parents = count(text, |word| equal(word, b'{') | equal(word, b'['));
    let commas = count(text, |word| equal(word, b','));
    let fits = |parent: usize, other: usize| {
        parents.saturating_mul(parent).saturating_add(commas.saturating_mul(other)).saturating_add(text.len())
            <= budget
    };
    // Lists grow by doubling, and begin with room for four. The first value follows no comma.
    let known = 2 * (HANDLE + OVERHEAD);
    // A map whose nodes are half full, with names of any length.
    let unknown = entry(NODE) + 2 * OVERHEAD;
    if fits(2 * largest + MAP + unknown, unknown) {
        Fit::Surely
    } else if !is_open(ty) && fits(2 * largest + known, known) {
        Fit::Known
    } else {
        Fit::Perhaps
    }
}

/// Whether the spec does not name all members of a type.
fn is_open(ty: &Type) -> bool {
    match ty {
        Type::Any | Type::Map(_) | Type::Patch(_) => true,
        Type::List(ty) => is_open(ty),
        Type::Object(schema) => schema.fields.iter().any(|field| is_open(&field.ty)),
        _ => false,
    }
}

/// Whether a JSON text may have a string of at least `length` bytes. Reads little of most texts: such a string fills one of the
/// parts of half its length completely, and has no quotes in it that are not escaped.
pub(crate) fn has_long_string(text: &[u8], length: usize) -> bool {
    let is_quote = |pair: &[u8]| matches!(pair, [before, b'"'] if *before != b'\\');
    let has_quote = |part: &[u8]| part.windows(2).any(is_quote);
    text.len() >= length && text.chunks_exact((length / 2).max(1)).any(|part| !has_quote(part))
}

/// A one in each byte of a word.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Counts bytes, eight at a time: `found` has a one for each byte that counts. Builds that are optimized for size do not
/// vectorize a loop over bytes, which then took a quarter of the time for a list in Python.
fn count(text: &[u8], found: impl Fn(u64) -> u64) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    // A byte can hold the sum of 255 words.
    let parts = words.chunks(255).map(|part| part.iter().map(|word| found(u64::from_le_bytes(*word))).sum());
    let sums = parts.chain([found(u64::from_le_bytes(last))]);
    sums.flat_map(u64::to_le_bytes).map(usize::from).sum()
}

/// Returns a word with a one for each byte of `word` that equals `byte`.
const fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = ONES * 0x7f;
    let differences = word ^ (ONES * byte as u64);
    // The addition carries into the highest bit of each byte unless its other bits are zero.
    !(((differences & LOW) + LOW) | differences) >> 7 & ONES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models;
    use crate::operations;
    use crate::schema;

    #[test]
    fn estimate_is_at_least_the_size_of_the_models() {
        let mut sizes = Sizes::default();
        let mut check = |schema: &'static Schema, size: usize| {
            let estimate = sizes.inline(&Type::Object(schema));
            assert!(estimate >= size, "{}: {estimate} is less than {size}", schema.name);
        };
        check(&schema::products::PRODUCT, size_of::<models::Product>());
        check(&schema::settings::SETTING, size_of::<models::Setting>());
        check(&schema::configs::CONFIG, size_of::<models::Config>());
        check(&schema::webhooks::WEBHOOK, size_of::<models::Webhook>());
    }

    #[test]
    fn bytes_of_texts_of_every_length_are_counted() {
        let text: Vec<u8> =
            (0..5_000_u32).map(|n| b"{,[}|-z\xfb\xac\0"[(n * n % 67 % 10) as usize]).collect();
        for length in (0..40).chain([2_039, 2_040, 2_041, 5_000]) {
            let text = &text[..length];
            let naive = text.iter().filter(|byte| matches!(byte, b',' | b'[')).count();
            assert_eq!(count(text, |word| equal(word, b',') | equal(word, b'[')), naive, "{length}");
        }
        assert_eq!(count(&[b'{'; 10_000], |word| equal(word, b'{')), 10_000);
    }

    #[test]
    fn known_members_need_a_third_of_the_memory_of_unknown_ones() {
        const LIST: Type = Type::List(&Type::Object(&schema::me::ME));
        let me = r#"{"email":"someone@example.com","fullName":"Some One"},"#;
        let text = format!("[{}null]", me.repeat(1_000)).into_bytes();
        let fit = |ty: &Type, times: usize| fit(&text, ty, ValueForm::Models, times * text.len());
        assert_eq!(fit(&LIST, 40), Fit::Surely);
        assert_eq!(fit(&LIST, 10), Fit::Known);
        assert_eq!(fit(&LIST, 3), Fit::Perhaps);
        assert_eq!(fit(&Type::Any, 10), Fit::Perhaps);
    }

    #[test]
    fn long_strings_are_found_wherever_they_begin() {
        let text = |before: usize, length: usize| {
            let value = "\\\"".repeat(length / 2);
            format!("[{}\"{value}\",{}]", "\"a\",".repeat(before), "\"a\",".repeat(500)).into_bytes()
        };
        for before in 0..40 {
            assert!(has_long_string(&text(before, 100), 100), "{before}");
            assert!(!has_long_string(&text(before, 20), 100), "{before}");
        }
        assert!(!has_long_string(b"\"short\"", 100));
    }

    #[test]
    fn shortest_text_of_the_largest_object_fits_the_worst_ratio() {
        let mut sizes = Sizes::default();
        for operation in operations::ALL {
            let Some(ty) = &operation.response else { continue };
            // `{},` in a list that has just grown.
            assert!(2 * sizes.largest(ty) / 3 <= 2_048, "{}: {}", operation.id, sizes.largest(ty));
        }
    }
}
