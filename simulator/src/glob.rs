//! Glob patterns with `*`, for paths, names of operations, and names in the rules of proxy profiles.

/// Whether a string matches a pattern in which `*` matches any characters, also none. Takes the first match of each part
/// and never goes back, so that its time is proportional to the lengths.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn many_stars_match_in_linear_time() {
        let text = "a".repeat(100_000);
        let started = std::time::Instant::now();
        assert!(!matches(&"*a".repeat(50_000), &format!("{text}b")));
        assert!(matches(&"*a".repeat(50_000), &text));
        assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}", started.elapsed());
    }

    #[test]
    fn star_matches_any_characters() {
        for (pattern, text, expected) in [
            ("/v1/products", "/v1/products", true),
            ("/v1/products", "/v1/products/x", false),
            ("/v1/*", "/v1/products/x", true),
            ("*", "", true),
            ("*/values", "/v1/a/values", true),
            ("*/values", "/v1/values/a", false),
            ("configs.*", "configs.list", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("ab*ba", "aba", false),
            ("C*", "Config", true),
            ("C*", "Scheme C", false),
            ("*2", "Config 2", true),
            ("*2", "2nd", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
