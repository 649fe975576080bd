//! Names in six languages: the only module that handles case, collisions and reserved words.

use super::reserved::{C, CPP, KOTLIN, PYTHON, RUST, SWIFT};
use std::fmt;

/// A language that a name has to be valid in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Rust,
    Python,
    C,
    Cpp,
    Kotlin,
    Swift,
}

impl Language {
    /// All languages. A name must be valid in each.
    pub const ALL: [Self; 6] = [Self::Rust, Self::Python, Self::C, Self::Cpp, Self::Kotlin, Self::Swift];

    /// Words that cannot be used as the name of a field, a parameter or a method.
    fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Rust => RUST,
            Self::Python => PYTHON,
            Self::C => C,
            Self::Cpp => CPP,
            Self::Kotlin => KOTLIN,
            Self::Swift => SWIFT,
        }
    }

    fn camel(self) -> bool {
        matches!(self, Self::Kotlin | Self::Swift)
    }
}

/// Name as spelled on the wire, and its words.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    wire: String,
    words: Vec<String>,
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire)
    }
}

impl Name {
    /// Splits a name into words: `canDisable2FA` has the words `can`, `disable`, `2fa`.
    pub fn new(wire: &str) -> Self {
        Self::renamed(wire, wire)
    }

    /// Name whose spelling in the languages differs from the wire.
    pub fn renamed(wire: &str, words: &str) -> Self {
        Self { wire: wire.to_owned(), words: split(words) }
    }

    pub fn wire(&self) -> &str {
        &self.wire
    }

    pub fn snake(&self) -> String {
        self.words.join("_")
    }

    pub fn screaming(&self) -> String {
        self.snake().to_uppercase()
    }

    pub fn pascal(&self) -> String {
        self.words.iter().map(|w| capitalize(w)).collect()
    }

    pub fn camel(&self) -> String {
        let pascal = self.pascal();
        let mut chars = pascal.chars();
        chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
    }

    /// Returns the identifier for a field, a parameter or a method. Reserved words are escaped: as a raw identifier in
    /// Rust, between backticks in Kotlin and Swift, with a trailing underscore elsewhere.
    pub fn identifier(&self, language: Language) -> String {
        let plain = if language.camel() { self.camel() } else { self.snake() };
        escape(&plain, language)
    }

    /// Returns the identifier for an enum variant. It never clashes with the catch-all variant `Unknown`.
    pub fn variant(&self) -> String {
        let name = self.pascal();
        let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name };
        // `Self` is the only Pascal-case word that is reserved in Rust and Swift; `Unknown` is the catch-all variant.
        if name == "Unknown" || name == "Self" { format!("{name}Value") } else { name }
    }

    /// Returns the identifier for a Python enum member.
    pub fn member(&self) -> String {
        let name = self.screaming();
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
    }
}

fn escape(plain: &str, language: Language) -> String {
    let legal: String = plain.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let legal = if legal.starts_with(|c: char| c.is_ascii_digit()) { format!("_{legal}") } else { legal };
    if !language.reserved().contains(&legal.as_str()) {
        return legal;
    }
    // Rust escapes a reserved word as a raw identifier, which serde and pyo3 treat as the plain word.
    if language == Language::Rust && !matches!(legal.as_str(), "self" | "super" | "crate") {
        return format!("r#{legal}");
    }
    if language.camel() {
        return format!("`{legal}`");
    }
    format!("{legal}_")
}

fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Splits at underscores, dashes and changes of case. A run of capitals, or of digits followed by capitals, is one word.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = i.checked_sub(1).and_then(|j| chars.get(j)).copied();
        let after = chars.get(i + 1).copied();
        let starts = match before {
            Some(b) if c.is_uppercase() => {
                b.is_lowercase() || (b.is_uppercase() && after.is_some_and(char::is_lowercase))
            }
            // A number belongs to the word before it (`key1`, `V2`) unless capitals follow (`2FA`).
            Some(b) if c.is_ascii_digit() => b.is_lowercase() && after.is_some_and(char::is_uppercase),
            _ => false,
        };
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_changes_of_case() {
        for (wire, snake, pascal) in [
            ("productId", "product_id", "ProductId"),
            ("canDisable2FA", "can_disable_2fa", "CanDisable2fa"),
            ("key1", "key1", "Key1"),
            ("semVerIsOneOf", "sem_ver_is_one_of", "SemVerIsOneOf"),
            ("webHookHeaders", "web_hook_headers", "WebHookHeaders"),
            ("isJson", "is_json", "IsJson"),
            ("get_signing_keys", "get_signing_keys", "GetSigningKeys"),
            ("sdkKeyV2", "sdk_key_v2", "SdkKeyV2"),
        ] {
            assert_eq!(Name::new(wire).snake(), snake);
            assert_eq!(Name::new(wire).pascal(), pascal);
        }
    }

    #[test]
    fn reserved_words_are_escaped_only_where_they_are_reserved() {
        let from = Name::new("from");
        assert_eq!(from.identifier(Language::Python), "from_");
        assert_eq!(from.identifier(Language::Rust), "from");
        let r#where = Name::new("where");
        assert_eq!(r#where.identifier(Language::Rust), "r#where");
        assert_eq!(Name::new("self").identifier(Language::Rust), "self_");
        assert_eq!(r#where.identifier(Language::Swift), "`where`");
        assert_eq!(r#where.identifier(Language::Python), "where");
        let delete = Name::new("delete");
        assert_eq!(delete.identifier(Language::Cpp), "delete_");
        assert_eq!(delete.identifier(Language::C), "delete");
    }

    #[test]
    fn identifiers_are_legal_in_every_language() {
        for wire in ["2FA", "a-b", "class", "default", "in", "when", "switch", "x.y"] {
            for language in Language::ALL {
                let id = Name::new(wire).identifier(language);
                // Rust, Kotlin and Swift have a syntax to escape reserved words.
                let written = match language {
                    Language::Rust => id.strip_prefix("r#"),
                    Language::Kotlin | Language::Swift => {
                        id.strip_prefix('`').and_then(|word| word.strip_suffix('`'))
                    }
                    _ => None,
                };
                let id = written.map_or(id.clone(), |word| format!("{word}_"));
                assert!(id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'), "{id}");
                assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{id}");
                assert!(!language.reserved().contains(&id.as_str()), "{id} in {language:?}");
            }
        }
    }

    #[test]
    fn variant_named_unknown_does_not_clash_with_the_catch_all() {
        assert_eq!(Name::new("unknown").variant(), "UnknownValue");
        assert_eq!(Name::new("self").variant(), "SelfValue");
        assert_eq!(Name::new("2fa").variant(), "V2fa");
        assert_eq!(Name::new("isOneOf").variant(), "IsOneOf");
    }
}
