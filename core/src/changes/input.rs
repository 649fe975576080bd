//! Options and promotions as JSON text, for bindings whose languages pass them so.

use super::plan::PlanOptions;
use super::promote::Promotion;
use crate::call::suggestion;
use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

impl PlanOptions {
    /// Parses options from a JSON object, with names in snake_case or camelCase. For bindings.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the name of the first member that is unknown or invalid.
    #[doc(hidden)]
    pub fn from_members(text: &[u8]) -> Result<Self> {
        const NAMES: &[&str] = &["prune", "allow_replace", "approval", "reason", "strict"];
        read(text, "options", NAMES, json!({}))
    }
}

impl Promotion {
    /// Parses a promotion from a JSON object, with names in snake_case or camelCase. For bindings.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the name of the first member that is missing, unknown or
    /// invalid.
    #[doc(hidden)]
    pub fn from_members(text: &[u8]) -> Result<Self> {
        const NAMES: &[&str] = &["product", "config", "from", "to", "flags", "aspects"];
        read(text, "promotion", NAMES, json!({ "product": "", "config": "", "from": "", "to": "" }))
    }
}

/// Parses an object with optional members, and with the members of `valid`, which are required. Null is absent.
fn read<T: DeserializeOwned>(text: &[u8], what: &str, names: &[&str], valid: Value) -> Result<T> {
    let refuse = |message: String| Error::bad_request(format!("{what}: {message}"));
    let found: Value = serde_json::from_slice(text).map_err(|error| refuse(format!("not JSON: {error}")))?;
    let Value::Object(found) = found else { return Err(refuse("not a JSON object".to_owned())) };
    let mut members = Map::new();
    for (name, value) in found.into_iter().filter(|(_, value)| !value.is_null()) {
        let Some(known) = names.iter().find(|known| **known == name || camel_case(known) == name) else {
            let hint = suggestion(&name, names.iter().copied())
                .map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
            return Err(refuse(format!("unknown member {name:?}{hint}")));
        };
        let wire = camel_case(known);
        let mut trial = valid.clone();
        super::json::set(&mut trial, &wire, value.clone());
        serde_json::from_value::<T>(trial).map_err(|error| refuse(format!("{name}: {error}")))?;
        if members.insert(wire, value).is_some() {
            return Err(refuse(format!("{known} is there twice")));
        }
    }
    serde_json::from_value(members.into()).map_err(|error| refuse(error.to_string()))
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let mut letters = word.chars();
        text + &letters
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(letters)
            .collect::<String>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{Approval, Aspect};

    fn refused<T: std::fmt::Debug>(read: fn(&[u8]) -> Result<T>, text: &str) -> String {
        read(text.as_bytes()).unwrap_err().message().to_owned()
    }

    #[test]
    fn options_have_names_of_both_forms() {
        let expected = PlanOptions::new().allow_replace().approval(Approval::Request).prune("tags");
        let snake = br#"{"allow_replace": true, "approval": "request", "prune": ["tags"], "reason": null}"#;
        assert_eq!(PlanOptions::from_members(snake).unwrap(), expected);
        let camel = br#"{"allowReplace": true, "approval": "request", "prune": ["tags"]}"#;
        assert_eq!(PlanOptions::from_members(camel).unwrap(), expected);
        assert_eq!(PlanOptions::from_members(b"{}").unwrap(), PlanOptions::new());
    }

    #[test]
    fn mistakes_in_options_are_named() {
        let refused = |text| refused(PlanOptions::from_members, text);
        assert_eq!(
            refused(r#"{"reasons": "x"}"#),
            r#"options: unknown member "reasons"; did you mean "reason"?"#
        );
        assert_eq!(refused(r#"{"colour": 1}"#), r#"options: unknown member "colour""#);
        assert_eq!(refused("[]"), "options: not a JSON object");
        assert!(refused("{").starts_with("options: not JSON: "));
        assert!(refused(r#"{"strict": 1}"#).starts_with("options: strict: invalid type: integer `1`"));
        assert!(
            refused(r#"{"approval": "bypassed"}"#)
                .contains("approval: unknown variant `bypassed`, expected one of")
        );
        assert_eq!(
            refused(r#"{"allowReplace": true, "allow_replace": false}"#),
            "options: allow_replace is there twice"
        );
    }

    #[test]
    fn promotion_needs_its_required_members() {
        let text = br#"{"product": "Web Shop", "config": "Storefront", "from": "Test", "to": "Staging", "aspects": ["rules"]}"#;
        let expected = Promotion::new("Web Shop", "Storefront", "Test", "Staging").aspect(Aspect::Rules);
        assert_eq!(Promotion::from_members(text).unwrap(), expected);
        let refused = |text| refused(Promotion::from_members, text);
        assert_eq!(refused(r#"{"product": "Web Shop"}"#), "promotion: missing field `config`");
        assert_eq!(
            refused(r#"{"flag": ["a"]}"#),
            r#"promotion: unknown member "flag"; did you mean "flags"?"#
        );
        assert!(refused(r#"{"flags": "a"}"#).starts_with("promotion: flags: invalid type: string"));
    }
}
