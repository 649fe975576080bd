//! The writes of a program, and the identifiers that they pass on.

use super::literal::Literal;
use super::variables::{Variables, plain};
use crate::http::query::query;
use crate::testing::journal::summary::RecordedWrite;
use configcat_management::spec::Operation;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Parameter with a version that was read before: another simulator has other versions.
const VERSION: &str = "latestVersionId";

/// A write.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) operation: Option<&'static Operation>,
    pub(super) method: String,
    /// Segments of the path, percent-encoded.
    pub(super) path: Vec<Piece>,
    pub(super) query: Vec<(String, Piece)>,
    pub(super) sdk_key: Option<String>,
    pub(super) body: Option<Literal>,
    pub(super) captures: Vec<Capture>,
}

/// A part of a URL: text or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(String),
}

/// An identifier that a later write needs.
#[derive(Debug, Clone)]
pub(super) struct Capture {
    pub(super) variable: String,
    /// Position in the response.
    pub(super) at: Vec<Token>,
    pub(super) is_text: bool,
    /// Number of members with this name and type in the text of the response up to this one.
    pub(super) occurrence: usize,
    value: Value,
}

/// Member of an object or item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Member(String),
    Item(usize),
}

impl Capture {
    /// Returns the name of the member.
    pub(super) fn member(&self) -> &str {
        match self.at.last() {
            Some(Token::Member(name)) => name,
            _ => "",
        }
    }
}

/// Returns the writes with the identifiers that they pass on.
pub(super) fn steps(writes: Vec<RecordedWrite>) -> Vec<Step> {
    let texts: Vec<String> = writes.iter().map(requested).collect();
    let mut variables = Variables::default();
    let mut steps = Vec::new();
    for (at, write) in writes.iter().enumerate() {
        let mut step = step(write, &variables);
        let (before, later) = texts.split_at((at + 1).min(texts.len()));
        for mut capture in identifiers(write) {
            let text = written(&capture.value);
            let is_used = later.iter().any(|later| later.contains(&text));
            let is_known = before.iter().any(|before| before.contains(&text));
            if is_used && !is_known && variables.name(&capture.value).is_none() {
                capture.variable = variables.add(capture.value.clone(), capture.member());
                step.captures.push(capture);
            }
        }
        steps.push(step);
    }
    steps
}

/// Returns everything in a request that may be an identifier, each between line breaks.
fn requested(write: &RecordedWrite) -> String {
    fn collect(value: &Value, out: &mut String) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
            Value::Object(members) => members.values().for_each(|member| collect(member, out)),
            value => out.push_str(&written(value)),
        }
    }
    let mut out = String::new();
    for segment in write.path.split('/') {
        collect(&Value::from(decoded(segment)), &mut out);
    }
    query(&write.query).into_iter().for_each(|(_, value)| collect(&value.into(), &mut out));
    write.body.iter().for_each(|body| collect(body, &mut out));
    out
}

fn written(value: &Value) -> String {
    format!(
        "
{}
",
        plain(value)
    )
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn step(write: &RecordedWrite, variables: &Variables) -> Step {
    let piece = |text: &str, own: &str| {
        variables.written(own).map_or_else(|| Piece::Text(text.to_owned()), Piece::Variable)
    };
    let query = query(&write.query).into_iter().filter(|(name, _)| name != VERSION);
    Step {
        operation: write.operation,
        method: write.method.clone(),
        path: write.path.split('/').map(|segment| piece(segment, &decoded(segment))).collect(),
        query: query.map(|(name, value)| (name, piece(&value, &value))).collect(),
        sdk_key: write.sdk_key.clone(),
        body: write.body.as_ref().map(|body| Literal::new(body, variables, false)),
        captures: Vec::new(),
    }
}

/// Returns the identifiers in a response.
fn identifiers(write: &RecordedWrite) -> Vec<Capture> {
    let mut found = Vec::new();
    if let Ok(response) = serde_json::from_slice(&write.response) {
        collect_identifiers(&response, &mut Vec::new(), &mut found);
    }
    let text = String::from_utf8_lossy(&write.response);
    for capture in &mut found {
        capture.occurrence = occurrence(&text, capture.member(), &capture.value);
    }
    found.retain(|capture| capture.occurrence > 0);
    found
}

fn collect_identifiers(value: &Value, at: &mut Vec<Token>, found: &mut Vec<Capture>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Token::Item(index));
                collect_identifiers(item, at, found);
                at.pop();
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                at.push(Token::Member(name.clone()));
                if name.ends_with("Id") && (member.is_string() || member.is_u64()) {
                    let (value, at) = (member.clone(), at.clone());
                    let is_text = value.is_string();
                    found.push(Capture { variable: String::new(), at, is_text, occurrence: 0, value });
                }
                collect_identifiers(member, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Returns which of the members with this name has the value, in the order of the text; 0 if none has.
fn occurrence(text: &str, member: &str, value: &Value) -> usize {
    let start = if value.is_string() { format!("\"{member}\":\"") } else { format!("\"{member}\":") };
    let is_value = |rest: &str| {
        let written = value.to_string();
        let written = written.trim_start_matches('"');
        rest.strip_prefix(written).is_some_and(|end| !end.starts_with(|c: char| c.is_ascii_digit()))
    };
    // A member of this name with a value of another type is no match for the pattern.
    let is_match = |rest: &&str| value.is_string() || rest.starts_with(|c: char| c.is_ascii_digit());
    let matches = text.split(start.as_str()).skip(1).filter(is_match);
    matches.into_iter().position(is_value).map_or(0, |position| position + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn occurrence_counts_members_of_the_same_type() {
        let text = r#"{"aId":null,"b":{"aId":"x"},"aId":12,"c":[{"aId":1}]}"#;
        assert_eq!(occurrence(text, "aId", &json!("x")), 1);
        assert_eq!((occurrence(text, "aId", &json!(12)), occurrence(text, "aId", &json!(1))), (1, 2));
        assert_eq!((occurrence(text, "aId", &json!(2)), occurrence(text, "aId", &json!("y"))), (0, 0));
    }
}
