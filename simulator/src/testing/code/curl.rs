//! Writes as a shell script that calls curl.

use super::literal::Literal;
use super::steps::{Capture, Piece, Step};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

const START: &str = r#"#!/bin/sh
# Credentials: CONFIGCAT_API_USER and CONFIGCAT_API_PASS. Server: CONFIGCAT_BASE_URL.
set -eu
call() {
    method=$1 path=$2
    shift 2
    curl --silent --show-error --fail --user "$CONFIGCAT_API_USER:$CONFIGCAT_API_PASS" \
        --request "$method" --header "Content-Type: application/json" "$@" "$CONFIGCAT_BASE_URL$path"
}

"#;

pub(super) fn program(steps: &[Step]) -> String {
    let mut out = START.to_owned();
    for step in steps {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", call(step));
    }
    out
}

fn call(step: &Step) -> String {
    let mut line = format!("call {} {}", step.method, target(step));
    if let Some(key) = &step.sdk_key {
        let _ = write!(line, " --header {}", quoted(&format!("X-CONFIGCAT-SDKKEY: {key}")));
    }
    if let Some(body) = &step.body {
        let mut text = String::new();
        json(body, &mut text);
        let _ = write!(line, " \\\n    --data-raw {}", join(&text));
    }
    if step.captures.is_empty() {
        return format!("{line} > /dev/null\n");
    }
    let captures: String = step.captures.iter().map(capture).collect();
    format!("response=$({line})\n{captures}")
}

/// Reads an identifier without a program that parses JSON.
fn capture(capture: &Capture) -> String {
    let Capture { variable, occurrence, .. } = capture;
    let member = capture.member();
    let (pattern, cut) = if capture.is_text {
        (format!("\"{member}\":\"[^\"]*\""), "cut -d '\"' -f 4")
    } else {
        (format!("\"{member}\":[0-9][0-9]*"), "cut -d : -f 2")
    };
    format!("{variable}=$(printf '%s' \"$response\" | grep -o '{pattern}' | sed -n {occurrence}p | {cut})\n")
}

/// Encloses a variable in a string that is not in quotes yet. Neither JSON nor a URL contains it.
const MARK: char = '\u{1}';

fn target(step: &Step) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Variable(name) => format!("{MARK}{name}{MARK}"),
    };
    let mut text = step.path.iter().map(piece).collect::<Vec<_>>().join("/");
    for (at, (name, value)) in step.query.iter().enumerate() {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let value = match value {
            Piece::Text(text) => encoded(text),
            variable @ Piece::Variable(_) => piece(variable),
        };
        let _ = write!(text, "{}{}={value}", if at == 0 { '?' } else { '&' }, encoded(name));
    }
    join(&text)
}

/// Writes JSON on one line.
fn json(value: &Literal, out: &mut String) {
    let text = |text: &str| super::literal::quoted(text);
    match value {
        Literal::Variable { name, is_text } => {
            let quote = if *is_text { "\"" } else { "" };
            let _ = write!(out, "{quote}{MARK}{name}{MARK}{quote}");
        }
        Literal::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                json(item, out);
            }
            out.push(']');
        }
        Literal::Object(members) => {
            out.push('{');
            for (at, (name, member)) in members.iter().enumerate() {
                let _ = write!(out, "{}{}:", if at == 0 { "" } else { "," }, text(name));
                json(member, out);
            }
            out.push('}');
        }
        plain => plain.write(out, 0, &|_| None),
    }
}

/// Puts a text in quotes of the shell, with its variables between them.
fn join(text: &str) -> String {
    let parts = text.split(MARK).enumerate();
    let quote = |(at, part): (usize, &str)| match (at % 2, part) {
        (1, name) => format!("\"${name}\""),
        (_, "") => String::new(),
        (_, text) => quoted(text),
    };
    parts.map(quote).collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_for_the_shell() {
        assert_eq!(join("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(join("/a/\u{1}id\u{1}/b"), r#"'/a/'"$id"'/b'"#);
        assert_eq!(join("\u{1}id\u{1}"), r#""$id""#);
    }
}
