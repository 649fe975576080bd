//! Suggests corrections for misspelt names.

/// Lowest similarity at which a name is suggested, from 0 to 1.
const SIMILARITY: f64 = 0.6;

/// Returns the known name that is most similar to a misspelt one; `None` if all are too different.
#[must_use]
pub fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    suggestions(name, known, 1).pop()
}

/// Returns at most `count` known names that are similar to a misspelt one, the most similar first.
#[must_use]
pub fn suggestions<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let rated = known.into_iter().map(|other| (strsim::normalized_damerau_levenshtein(name, other), other));
    let mut similar: Vec<_> = rated.filter(|(similarity, _)| *similarity >= SIMILARITY).collect();
    similar.sort_by(|a, b| b.0.total_cmp(&a.0));
    similar.into_iter().map(|(_, other)| other).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested_most_similar_first() {
        let known = ["name", "names", "description", "nam"];
        assert_eq!(suggestion("naem", known), Some("name"));
        assert_eq!(suggestions("name", known, 9), ["name", "names", "nam"]);
        assert_eq!(suggestions("name", known, 1), ["name"]);
        assert_eq!(suggestion("colour", known), None);
        assert_eq!(suggestion("name", []), None);
    }
}
