//! Names of fields in errors.

/// Returns a path with its names in `snake_case`: `targeting_rules[0].segment_id` for `targetingRules[0].segmentId`.
pub(super) fn snake(path: &str) -> String {
    let mut name = String::with_capacity(path.len() + 8);
    let mut characters = path.chars().peekable();
    let mut before = None::<char>;
    while let Some(character) = characters.next() {
        if character.is_ascii_uppercase() {
            let next_is_lower = characters.peek().is_some_and(char::is_ascii_lowercase);
            // A run of capital letters is one word; the last of them begins the next one.
            let begins = before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && next_is_lower)
            });
            if begins {
                name.push('_');
            }
        }
        name.push(character.to_ascii_lowercase());
        before = Some(character);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_paths_are_separated_by_underscores() {
        for (path, expected) in [
            ("targetingRules[0].segmentId", "targeting_rules[0].segment_id"),
            ("Key", "key"),
            ("sdkV6Url", "sdk_v6_url"),
            ("evaluationFormula", "evaluation_formula"),
            ("setting_type", "setting_type"),
            ("SDKKey", "sdk_key"),
            ("", ""),
        ] {
            assert_eq!(snake(path), expected);
        }
    }

    /// Parameters have both names in the spec.
    #[test]
    fn names_are_those_of_the_models() {
        for operation in crate::operations::ALL {
            for parameter in
                operation.parameters.iter().filter(|p| p.location != crate::spec::Location::Header)
            {
                assert_eq!(snake(parameter.wire), parameter.name, "{}", operation.id);
            }
        }
    }
}
