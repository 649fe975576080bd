//! Identifiers that are variables of a program.

use serde_json::Value;

/// Identifiers that are variables.
#[derive(Debug, Default)]
pub(super) struct Variables(Vec<(Value, String)>);

impl Variables {
    pub(super) fn name(&self, value: &Value) -> Option<String> {
        self.0.iter().find(|(known, _)| known == value).map(|(_, name)| name.clone())
    }

    /// Returns the variable whose value is written as this text.
    pub(super) fn written(&self, text: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| plain(known) == text).map(|(_, name)| name.clone())
    }

    pub(super) fn add(&mut self, value: Value, member: &str) -> String {
        let name = snake(member);
        let taken = |name: &str| self.0.iter().any(|(_, known)| known == name);
        let name =
            (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}_{n}") }).find(|n| !taken(n));
        let name = name.unwrap_or_default();
        self.0.push((value, name.clone()));
        name
    }
}

/// Returns a value as in a URL.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Converts a camel-case name to snake case.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_the_same_member_have_different_names() {
        let mut variables = Variables::default();
        let names = [1, 2, 3].map(|id| variables.add(id.into(), "settingId"));
        assert_eq!(names, ["setting_id", "setting_id_2", "setting_id_3"]);
        assert_eq!(variables.written("2").as_deref(), Some("setting_id_2"));
    }
}
