//! Random and adversarial documents: trees equal the values of serde_json, and what is read without jiter equals what jiter
//! reads.

use super::equivalence::check;
use super::{Problem, Tree, Value};
use bytes::Bytes;
use configcat_management::spec::Type;
use std::fmt::Write as _;

/// Miri is slow.
const ROUNDS: usize = if cfg!(miri) { 20 } else { 40_000 };

const TAGS: &str = r#"[{"product":{"organization":{"organizationId":"6a7e7ba5-5a60-4e1a-8a0a-b4e9e1b7a4c2","name":"Us"},"productId":"6a7e7ba5-5a60-4e1a-8a0a-b4e9e1b7a4c2","name":"Sh\u00f6p","description":null,"order":0,"reasonRequired":true,"approveRequired":false},"tagId":1,"name":"ä, \"quoted\"","color":null,"later":{"added":[1,-2.5e3,"x",[],{}]}}]"#;

/// What mutations insert.
const PIECES: [&str; 40] = [
    "\"",
    "\\",
    "\\\"",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\x",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\t",
    "\u{1}",
    "\u{7f}",
    "ä",
    "😀",
    "null",
    "true",
    "false",
    "nul",
    "0",
    "-0",
    "00",
    "1",
    "-",
    "1.5",
    "1e5",
    "1e400",
    "1.",
    "12345678901234567",
    "123456789012345678",
    "9223372036854775808",
    "\"a\":1",
    "\"tagId\":2,",
    "NaN",
    "a long text without any escapes, of many words",
];

/// Changes a document at some random places.
fn mutated(random: &mut fastrand::Rng, document: &str) -> Vec<u8> {
    let mut bytes = document.as_bytes().to_vec();
    for _ in 0..random.usize(1..4) {
        let at = random.usize(0..=bytes.len());
        let end = (at + random.usize(0..12)).min(bytes.len());
        let piece = PIECES.get(random.usize(0..PIECES.len())).map_or(&[][..], |piece| piece.as_bytes());
        match random.u8(0..8) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, random.u8(..)),
            3 => drop(bytes.splice(at..end, piece.iter().copied())),
            _ => drop(bytes.splice(at..at, piece.iter().copied())),
        }
    }
    bytes
}

/// Adds white space before and after everything that is not within a string: only jiter reads it.
fn spaced(document: &str) -> String {
    let (mut out, mut inside, mut escaped) = (String::new(), false, false);
    for c in document.chars() {
        let quote = c == '"' && !escaped;
        escaped = inside && c == '\\' && !escaped;
        if inside || !(quote || "[]{},:".contains(c)) {
            out.push(c);
            if quote {
                out.push(' ');
            }
        } else {
            let _ = write!(out, " {c}{}", if quote { "" } else { " " });
        }
        inside ^= quote;
    }
    out
}

/// Describes a tree without the positions in the document.
fn described(tree: Result<&Tree, &Problem>) -> String {
    fn visit(value: Value<'_>, out: &mut String) {
        let (name, text) = (value.key(), value.str());
        let number = value.number().map(f64::to_bits);
        let _ = write!(out, "{name:?} {:?} {:?} {number:?} {text:?} (", value.kind(), value.boolean());
        value.children().for_each(|child| visit(child, out));
        out.push(')');
    }
    match tree {
        Ok(tree) => {
            let mut out = String::new();
            visit(tree.root().unwrap(), &mut out);
            out
        }
        Err(Problem { path, message }) => {
            format!("{path}: {}", message.split_once(" at byte ").map_or(message.as_str(), |(kind, _)| kind))
        }
    }
}

#[test]
fn documents_are_read_as_serde_json_reads_them() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut accepted = 0;
    for round in 0..ROUNDS {
        let document = if round == 0 { TAGS.into() } else { mutated(&mut random, TAGS) };
        match check(&document) {
            Ok(is_json) => accepted += usize::from(is_json),
            Err(difference) => panic!("{:?}: {difference}", String::from_utf8_lossy(&document)),
        }
    }
    assert!(accepted > 0 && accepted < ROUNDS, "{accepted}");
}

#[test]
fn strings_end_at_every_position() {
    for length in 0..if cfg!(miri) { 20 } else { 70 } {
        for end in ["\"", "\\n\"", "\u{1}\"", "ä\"", "\\", "", "\"x", "\u{7f}\"", "\\u00e4\" "] {
            let document = format!("\"{}{end}", "x".repeat(length));
            check(document.as_bytes()).unwrap();
            check(format!("[{document},{document}]").as_bytes()).unwrap();
            check(format!("{{{document}:{document}}}").as_bytes()).unwrap();
        }
    }
}

#[test]
fn white_space_changes_neither_values_nor_problems() {
    let operation = *configcat_management::operations::ALL.iter().find(|o| o.id == "tags.list").unwrap();
    let ty: &Type = operation.response.as_ref().unwrap();
    let mut random = fastrand::Rng::with_seed(2);
    let mut accepted = 0;
    for round in 0..ROUNDS {
        let document = if round == 0 { TAGS.as_bytes().to_vec() } else { mutated(&mut random, TAGS) };
        let Ok(document) = String::from_utf8(document) else { continue };
        let tight = Tree::read(Bytes::copy_from_slice(document.as_bytes()), ty);
        let loose = Tree::read(spaced(&document).into(), ty);
        assert_eq!(described(tight.as_ref()), described(loose.as_ref()), "{document}");
        accepted += usize::from(tight.is_ok());
    }
    assert!(accepted > 0 && accepted < ROUNDS, "{accepted}");
}

#[test]
fn short_integers_are_read_like_long_ones() {
    for number in [
        "0",
        "7",
        "10",
        "2147483647",
        "2147483648",
        "99999999999999999",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "-1",
        "-0",
        "00",
        "01",
        "1.0",
        "1e2",
        "1E2",
        "0.5",
        "0e1",
        "1a",
        "1 ",
    ] {
        check(number.as_bytes()).unwrap();
        check(format!("[{number},{number}]").as_bytes()).unwrap();
        check(format!("{{\"a\":{number}}}").as_bytes()).unwrap();
    }
}
