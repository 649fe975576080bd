//! Writes as a Rust program that makes requests by method and path.

use super::literal::Literal;
use super::python::subscripts;
use super::steps::{Piece, Step};
use std::fmt::Write as _;

const START: &str = "\
// Credentials: CONFIGCAT_API_USER and CONFIGCAT_API_PASS. Server: CONFIGCAT_BASE_URL.
use configcat_management::{Client, Result};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::from_env()?;
";

pub(super) fn program(steps: &[Step]) -> String {
    let mut out = START.to_owned();
    for step in steps {
        let assigned = if step.captures.is_empty() { "" } else { "let response = " };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "    {assigned}{};", request(step));
        for capture in &step.captures {
            let conversion = if capture.is_text {
                "as_str().unwrap_or_default().to_owned()"
            } else {
                "as_i64().unwrap_or_default()"
            };
            let at = subscripts(&capture.at);
            let _ = writeln!(out, "    let {} = response.value{at}.{conversion};", capture.variable);
        }
    }
    out.push_str("    Ok(())\n}\n");
    out
}

fn request(step: &Step) -> String {
    let mut out = format!("client\n        .request({}, {})", quoted(&step.method), path(&step.path));
    for (name, value) in &step.query {
        let value = match value {
            Piece::Text(text) => quoted(text),
            Piece::Variable(name) => format!("&{name}"),
        };
        let _ = write!(out, "\n        .query({}, {value})", quoted(name));
    }
    if let Some(key) = &step.sdk_key {
        let _ = write!(out, "\n        .header(\"X-CONFIGCAT-SDKKEY\", {})", quoted(key));
    }
    if let Some(body) = &step.body {
        let mut text = String::new();
        body.write(&mut text, 2, &|value| match value {
            Literal::Text(text) => Some(quoted(text)),
            _ => None,
        });
        let _ = write!(out, "\n        .body(json!({text}))");
    }
    out.push_str("\n        .await?");
    out
}

fn path(pieces: &[Piece]) -> String {
    let has_variables = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) if has_variables => text.replace('{', "{{").replace('}', "}}"),
        Piece::Text(text) => text.clone(),
        Piece::Variable(name) => format!("{{{name}}}"),
    };
    let text = quoted(&pieces.iter().map(piece).collect::<Vec<_>>().join("/"));
    if has_variables { format!("format!({text})") } else { text }
}

/// Returns a string literal.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}
