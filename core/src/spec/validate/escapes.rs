//! Escapes in the strings of JSON.

/// Writes a string, without its quotes, with the escapes of `serde_json`.
pub(super) fn write(json: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some((plain, [special, others @ ..])) = rest.split_at_checked(plain_length(rest)) {
        json.extend_from_slice(plain);
        escape(json, *special);
        rest = others;
    }
    json.extend_from_slice(rest);
}

/// Whether a byte must be escaped. Those of multi-byte characters are not.
const fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Returns the number of bytes before the first one that must be escaped. Eight bytes are tested at a time.
fn plain_length(bytes: &[u8]) -> usize {
    let first = |word: [u8; 8]| match special_bytes(u64::from_le_bytes(word)) {
        0 => None,
        found => Some(found.trailing_zeros() as usize / 8),
    };
    let (words, _) = bytes.as_chunks();
    for (number, word) in words.iter().enumerate() {
        if let Some(at) = first(*word) {
            return 8 * number + at;
        }
    }
    match bytes.last_chunk() {
        // Overlaps the previous word.
        Some(word) => first(*word).map_or(bytes.len(), |at| bytes.len() - 8 + at),
        None => bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len()),
    }
}

/// Returns a word whose lowest bit that is set is in the first byte that must be escaped. It is 0 if there is none.
const fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    const fn below(word: u64, limit: u8) -> u64 {
        // The subtraction sets the highest bit of a smaller byte. Its borrow changes later bytes only.
        word.wrapping_sub(ONES * limit as u64) & !word
    }
    let quote = below(word ^ (ONES * b'"' as u64), 1);
    let backslash = below(word ^ (ONES * b'\\' as u64), 1);
    (below(word, b' ') | quote | backslash) & HIGH
}

fn escape(json: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
            json.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xf)]);
            return;
        }
    };
    json.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_serde_json() {
        let mut random = fastrand::Rng::with_seed(3);
        let every: Vec<char> = ('\0'..'\u{100}').chain("€🚦\u{7ff}\u{2028}".chars()).collect();
        for length in (0..40).cycle().take(4000) {
            let plain = random.bool();
            let text: String = (0..length)
                .map(|_| if plain && random.u8(..) > 20 { 'x' } else { *random.choice(&every).unwrap() })
                .collect();
            let mut json = Vec::new();
            write(&mut json, &text);
            assert_eq!(
                format!("\"{}\"", String::from_utf8(json).unwrap()),
                serde_json::to_string(&text).unwrap()
            );
        }
        for c in every {
            let (mut json, text) = (Vec::new(), c.to_string());
            write(&mut json, &text);
            assert_eq!(
                format!("\"{}\"", String::from_utf8(json).unwrap()),
                serde_json::to_string(&text).unwrap()
            );
        }
    }
}
