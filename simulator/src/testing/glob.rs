//! Glob patterns with `*`, for paths and names of operations.

/// Whether a string matches a pattern in which `*` matches any characters, also none.
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
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
