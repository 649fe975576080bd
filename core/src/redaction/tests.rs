//! Credentials in every encoding, in every position.

use super::{Redactor, escaped, shown};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::fmt::Write as _;

const USER: &str = "Aladdin";
const PASSWORD: &str = "open\"sesame\\é1";

fn redactor() -> Redactor {
    Redactor::new([(USER, PASSWORD)])
}

fn redacted(text: &str) -> String {
    shown(&[&redactor()], text, 1 << 16)
}

/// Escapes every character as UTF-16, as some JSON encoders do.
fn utf16(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut shown, unit| {
        let _ = write!(shown, "\\u{unit:04x}");
        shown
    })
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut shown, byte| {
        let _ = write!(shown, "%{byte:02X}");
        shown
    })
}

fn entities(text: &str) -> String {
    text.chars().fold(String::new(), |mut shown, c| {
        let _ = write!(shown, "&#{};", u32::from(c));
        shown
    })
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
}

/// A way in which a server may write a text, with its name.
type Encoding = (&'static str, fn(&str) -> String);

const ENCODINGS: [Encoding; 15] = [
    ("plain", str::to_owned),
    ("JSON", |text| serde_json::Value::from(text).to_string()),
    ("JSON with escaped slashes", |text| json(text).replace('/', "\\/")),
    ("UTF-16 escapes", utf16),
    ("JSON in JSON", |text| json(&json(text))),
    ("Debug of a string", |text| format!("{text:?}")),
    ("Debug of bytes", |text| text.as_bytes().escape_ascii().to_string()),
    ("percent", percent),
    ("percent in JSON", |text| json(&percent(text))),
    ("percent twice", |text| percent(&percent(text))),
    ("entities", entities),
    ("entities in JSON", |text| json(&entities(text))),
    ("upper case", |text| {
        if text == PASSWORD || text == USER { text.to_ascii_uppercase() } else { text.to_owned() }
    }),
    ("lines", |text| {
        text.chars()
            .collect::<Vec<_>>()
            .chunks(20)
            .map(|line| line.iter().collect::<String>() + "\r\n")
            .collect()
    }),
    ("UTF-16", |text| {
        if text.is_ascii() { text.chars().flat_map(|c| [c, '\0']).collect() } else { text.to_owned() }
    }),
];

#[test]
fn every_form_is_masked_in_every_encoding() {
    let pair = format!("{USER}:{PASSWORD}");
    let token = STANDARD.encode(&pair);
    let forms = [
        PASSWORD.to_owned(),
        USER.to_owned(),
        pair.clone(),
        format!("Basic {token}"),
        URL_SAFE.encode(&pair),
        STANDARD.encode(PASSWORD),
        STANDARD.encode(format!("x{PASSWORD}")),
        STANDARD.encode(format!("xx{PASSWORD}zz")),
        PASSWORD.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}")),
    ];
    for form in &forms {
        for (name, encode) in ENCODINGS {
            let shown = redacted(&format!("before <{}> after", encode(form)));
            assert!(shown.starts_with("before <") && shown.ends_with("> after"), "{name}: {shown}");
            assert!(shown.contains("***"), "{name}: {form} gives {shown}");
            // The scheme, the padding, and the parts of Base64 that depend on other text, remain.
            let left = shown.len() - "before <***> after".len();
            assert!(left <= escaped(&encode("eHhv...Nnp6==")).len(), "{name}: {form} gives {shown}");
            for secret in ["sesame", "Aladdin", "QWxhZGRpbj"] {
                assert!(!shown.contains(secret), "{name}: {form} gives {shown}");
            }
        }
    }
}

#[test]
fn wrong_character_encoding_is_masked() {
    let redactor = Redactor::new([("someone", "pässword")]);
    let latin = b"caf\xe9 p\xe4ssword!";
    assert_eq!(shown(&[&redactor], &String::from_utf8_lossy(latin), 99), "caf\u{fffd} ***!");
    assert_eq!(shown(&[&redactor], "pÃ¤ssword", 99), "***");
    assert_eq!(shown(&[&redactor], "p?ssword", 99), "***");
    assert_eq!(shown(&[&redactor], "repr: p\\xe4ssword", 99), "repr: ***");
}

#[test]
fn secret_that_was_written_without_escapes_is_masked() {
    let redactor = Redactor::new([("someone", r"pass\\word%41&amp;")]);
    for text in [r"pass\word%41&amp;", r"pass\\wordA&amp;", r"pass\\word%41&"] {
        assert_eq!(shown(&[&redactor], text, 99), "***", "{text}");
    }
}

#[test]
fn short_secrets_are_masked_where_they_stand_alone() {
    let redactor = Redactor::new([("me", "a")]);
    assert_eq!(shown(&[&redactor], "a name: \"a\", me:a, bWU6YQ==", 99), "*** name: \"***\", ***:***, ***==");
    assert_eq!(shown(&[&redactor], "some animal", 99), "some animal");
}

#[test]
fn secret_cut_off_by_the_end_is_masked() {
    assert_eq!(redacted("you sent open\"sesa"), "you sent ***");
    assert_eq!(redacted("QWxhZGRpbjpvcGVuInNl"), "***");
    assert_eq!(redacted("Alad"), "Alad");
}

#[test]
fn other_text_is_unchanged() {
    for text in ["", "fine", "100% of \\ and + and & and %zz \\u12 &nothing; \\", "é\u{10ffff}"] {
        assert_eq!(redacted(text), text);
        assert!(matches!(redactor().bytes(text.as_bytes()), std::borrow::Cow::Borrowed(_)));
    }
}

#[test]
fn text_is_truncated_after_masking() {
    let text = format!("{}{PASSWORD}", "x".repeat(20));
    assert_eq!(shown(&[&redactor()], &text, 24), format!("{}***", "x".repeat(20)));
    assert_eq!(shown(&[&redactor()], &text, 20), format!("{}…", "x".repeat(17)));
}

#[test]
fn time_is_linear_in_the_text() {
    for text in ["\\\\", "%25", "Aladdi", "&amp;", "\\u005c"] {
        let text = text.repeat((64 << 10) / text.len());
        let started = std::time::Instant::now();
        redacted(&text);
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:.6} {:?}", text, started.elapsed());
    }
}

#[test]
fn debug_output_has_no_credentials() {
    assert_eq!(format!("{:?}", redactor()), "Redactor(***)");
}
